import { record, recordConsequence } from "./cloudtrail/record.ts";
import type { Cloud } from "./state/cloud.ts";
import { awsError, isAwsError, type AwsError } from "./errors.ts";
import type { Faults } from "./faults.ts";
import type { Caller } from "./state/sts.ts";
import type { Call, Operation } from "./operation.ts";
import type { Service } from "./services.ts";
import { flag, type Params } from "./wire/params.ts";
import type { Tree } from "./wire/tree.ts";

/** One request that arrived, whatever its wire format. */
export interface Request {
  readonly service: Service;
  readonly action: string;
  readonly params: Params;
  readonly caller: Caller;
  readonly userAgent: string;
}

/** A line of the log of calls. */
export interface CallRecord {
  readonly at: Date;
  readonly service: string;
  readonly action: string;
  /** The caller's name, like "alice" or "elb-only-enforce". */
  readonly caller: string;
  readonly params: Params;
  readonly ok: boolean;
  /** AWS's error code. */
  readonly error?: string;
  /** It was carried out, and its answer did not arrive. */
  readonly isLost?: true;
  readonly milliseconds: number;
}

export interface Ground {
  readonly cloud: Cloud;
  readonly faults: Faults;
  readonly calls: CallRecord[];
}

export type Performed = {
  readonly requestId: string;
  readonly isLost: boolean;
  readonly isGarbled: boolean;
} & ({ readonly answer: Tree } | { readonly error: AwsError });

/** Carries out one call: faults first, then the operation; then CloudTrail, the log, the answer. */
export async function perform(ground: Ground, request: Request): Promise<Performed> {
  const { cloud } = ground;
  const requestId = cloud.ids.uuid();
  const started = performance.now();
  const operation = request.service.operations[request.action];
  // The stop of the trail is the last that it tells.
  const wasLogging = cloud.trail.logging;
  const result = await run(ground, request, operation, requestId);
  if (operation?.trail !== undefined)
    tell(ground, request, operation, requestId, result, wasLogging);
  ground.calls.push({
    at: cloud.now(),
    service: request.service.name,
    action: request.action,
    caller: request.caller.name,
    params: request.params,
    ...("error" in result ? { ok: false, error: result.error.code } : { ok: true }),
    ...(result.isLost ? { isLost: true } : {}),
    milliseconds: performance.now() - started,
  });
  return { requestId, ...result };
}

type Result = { readonly isLost: boolean; readonly isGarbled: boolean } & (
  | { readonly answer: Tree; readonly call: Call }
  | { readonly error: AwsError }
);

async function run(
  { cloud, faults }: Ground,
  request: Request,
  operation: Operation | undefined,
  requestId: string,
): Promise<Result> {
  const { service, action, params, caller } = request;
  let damage = { isLost: false, isGarbled: false };
  try {
    if (operation === undefined) throw unknownAction(service, action);
    const struck = await faults.strike({ service: service.name, action, caller, params });
    damage = { isLost: struck.isLost, isGarbled: struck.isGarbled };
    if (struck.isReset) throw awsError("ConnectionReset", "The connection broke.", 500);
    if (service.protocol === "ec2" && flag(params, "DryRun")) {
      throw awsError(
        "DryRunOperation",
        "Request would have succeeded, but DryRun flag is set.",
        412,
      );
    }
    const call: Call = {
      action,
      caller,
      requestId,
      at: cloud.now(),
      failingEntries: struck.failingEntries,
      consequences: [],
    };
    const answer = await operation.run({ ...cloud, ...struck.seen }, params, call);
    await struck.afterwards();
    return { ...damage, answer, call };
  } catch (error) {
    return {
      ...damage,
      error: isAwsError(error)
        ? error
        : awsError("InternalFailure", `The sandbox failed: ${String(error)}`, 500),
    };
  }
}

function unknownAction({ protocol }: Service, action: string): AwsError {
  return protocol === "json"
    ? awsError("UnknownOperationException", `The operation ${action} is not valid.`)
    : awsError("InvalidAction", `The action ${action} is not valid for this web service.`);
}

function tell(
  { cloud }: Ground,
  request: Request,
  operation: Operation,
  requestId: string,
  result: Result,
  wasLogging: boolean,
): void {
  const { service, action, params, caller, userAgent } = request;
  if (service.trail === undefined || operation.trail === undefined) return;
  const at = cloud.now();
  const fault =
    service.name === "ec2"
      ? "error" in result && (result.error.status < 500 ? "Client." : "Server.")
      : "";
  const call = {
    ...service.trail,
    action,
    caller,
    userAgent,
    requestId,
    at,
    request: operation.trail(params, cloud),
    result:
      "error" in result
        ? { errorCode: `${fault || ""}${result.error.code}`, errorMessage: result.error.message }
        : { answer: result.answer },
  };
  record(cloud, call, wasLogging || cloud.trail.logging);
  if ("call" in result)
    for (const consequence of result.call.consequences) recordConsequence(cloud, consequence, at);
}
