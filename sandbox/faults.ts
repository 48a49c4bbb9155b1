import { awsError, type AwsError } from "./errors.ts";
import type { ServiceName } from "./operation.ts";
import type { Cloud } from "./state/cloud.ts";

/** Something to go wrong, for calls that fit. */
export type Fault = Fit &
  (
    | { readonly kind: "throttle" | "deny" | "fail" }
    | { readonly kind: "slow"; readonly milliseconds: number }
    /** The first `entries` of a batch fail (SendMessageBatch, PutEvents). */
    | { readonly kind: "entries"; readonly entries: number }
    /** Something happens just before the call, or just after it: somebody else's edit, say, or the end of a function. */
    | { readonly kind: "first" | "last"; readonly run: () => void | Promise<void> }
    /** The call is carried out, and then the connection breaks before the answer. */
    | { readonly kind: "lose" }
    /** The connection breaks before the call is carried out. */
    | { readonly kind: "reset" }
    /** The caller's credentials have expired. */
    | { readonly kind: "expire" }
    /** Half of the answer arrives, as if it were all. */
    | { readonly kind: "garble" }
    /** The call sees these parts of the cloud instead of what is: as they were a while ago, say. */
    | { readonly kind: "stale"; readonly seen: () => Partial<Cloud> }
  );

interface Fit {
  /** Like "RevokeSecurityGroupIngress"; "*" is any. */
  readonly action: string;
  /** Only calls that name it in any parameter. */
  readonly resource?: string;
  /** Only calls by this caller's name. */
  readonly caller?: string;
  /** How many calls that fit go through before it begins: 1 fails the second page. */
  readonly skip?: number;
  /** How many calls it strikes; for ever where it does not say. */
  readonly times?: number;
}

export interface Attempt {
  readonly service: ServiceName;
  readonly action: string;
  readonly caller: {
    readonly name: string;
    readonly userIdentity: Readonly<Record<string, unknown>>;
  };
  readonly params: unknown;
}

export interface Faults {
  /** Returns how to take it away again. */
  readonly inject: (fault: Fault) => () => void;
  /** Lets what is injected happen to a call before it is carried out: waits, throws, or says what is to go wrong with it. */
  readonly strike: (attempt: Attempt) => Promise<Struck>;
}

/** What goes wrong with a call that is carried out. */
export interface Struck {
  /** How many entries of a batch fail, the first ones first. */
  readonly failingEntries: number;
  /** Its answer does not arrive. */
  readonly isLost: boolean;
  /** It does not arrive itself. */
  readonly isReset: boolean;
  /** Half of its answer arrives. */
  readonly isGarbled: boolean;
  /** What it sees instead of what is. */
  readonly seen: Partial<Cloud>;
  /** What happens right after it. */
  readonly afterwards: () => void | Promise<void>;
}

const unharmed: Struck = {
  failingEntries: 0,
  isLost: false,
  isReset: false,
  isGarbled: false,
  seen: {},
  afterwards: () => {},
};

export function createFaults(): Faults {
  const injected: { fault: Fault; seen: number }[] = [];
  return {
    inject: (fault) => {
      const entry = { fault, seen: 0 };
      injected.push(entry);
      return () =>
        void injected.splice(0, injected.length, ...injected.filter((other) => other !== entry));
    },
    strike: async (attempt) => {
      let struck = unharmed;
      for (const entry of injected.slice()) {
        if (!fits(entry.fault, attempt)) continue;
        entry.seen += 1;
        const { skip = 0, times = Infinity } = entry.fault;
        if (entry.seen <= skip || entry.seen > skip + times) continue;
        struck = { ...struck, ...(await happen(entry.fault, attempt)) };
      }
      return struck;
    },
  };
}

const fits = (fault: Fault, { action, caller, params }: Attempt): boolean =>
  (fault.action === "*" || fault.action === action) &&
  (fault.caller === undefined || fault.caller === caller.name) &&
  (fault.resource === undefined || JSON.stringify(params).includes(JSON.stringify(fault.resource)));

async function happen(fault: Fault, attempt: Attempt): Promise<Partial<Struck>> {
  switch (fault.kind) {
    case "throttle":
      throw throttled(attempt.service);
    case "deny":
      throw denied(attempt);
    case "fail":
      throw awsError(
        attempt.service === "ec2" ? "InternalError" : "InternalFailure",
        "An internal error has occurred",
        500,
      );
    case "slow":
      await new Promise((resolve) => setTimeout(resolve, fault.milliseconds));
      return {};
    case "entries":
      return { failingEntries: fault.entries };
    case "first":
      await fault.run();
      return {};
    case "last":
      return { afterwards: fault.run };
    case "lose":
      return { isLost: true };
    case "reset":
      return { isReset: true, isLost: true };
    case "garble":
      return { isGarbled: true };
    case "stale":
      return { seen: fault.seen() };
    case "expire":
      throw expired(attempt.service);
  }
}

function throttled(service: ServiceName): AwsError {
  switch (service) {
    case "ec2":
      return awsError("RequestLimitExceeded", "Request limit exceeded.", 503);
    case "elb":
    case "elbv2":
    case "sns":
    case "sts":
      return awsError("Throttling", "Rate exceeded");
    case "sqs":
      return awsError("RequestThrottled", "Rate exceeded");
    case "events":
    case "cloudtrail":
    case "lambda":
    case "tagging":
    case "logs":
    case "dynamodb":
      return awsError("ThrottlingException", "Rate exceeded");
  }
}

function expired(service: ServiceName): AwsError {
  switch (service) {
    case "ec2":
      return awsError("RequestExpired", "Request has expired.");
    case "elb":
    case "elbv2":
    case "sns":
    case "sts":
      return awsError("ExpiredToken", "The security token included in the request is expired", 403);
    case "sqs":
    case "events":
    case "cloudtrail":
    case "tagging":
    case "logs":
    case "dynamodb":
    case "lambda":
      return awsError(
        "ExpiredTokenException",
        "The security token included in the request is expired",
      );
  }
}

function denied({ service, action, caller }: Attempt): AwsError {
  const who = `User: ${String(caller.userIdentity["arn"])} is not authorized to perform:`;
  const why = "because no identity-based policy allows the";
  switch (service) {
    case "ec2":
      return awsError(
        "UnauthorizedOperation",
        `You are not authorized to perform this operation. ${who} ec2:${action} ${why} ec2:${action} action`,
        403,
      );
    case "elb":
    case "elbv2":
      return awsError(
        "AccessDenied",
        `${who} elasticloadbalancing:${action} ${why} elasticloadbalancing:${action} action`,
        403,
      );
    case "sts":
      return awsError("AccessDenied", `${who} sts:${action} ${why} sts:${action} action`, 403);
    case "sns":
      return awsError(
        "AuthorizationError",
        `${who} SNS:${action} ${why} SNS:${action} action`,
        403,
      );
    case "sqs":
      return awsError(
        "AccessDeniedException",
        `${who} sqs:${action} ${why} sqs:${action} action`,
        403,
      );
    case "events":
    case "cloudtrail":
    case "lambda":
    case "tagging":
    case "logs":
    case "dynamodb":
      return awsError(
        "AccessDeniedException",
        `${who} ${service}:${action} ${why} ${service}:${action} action`,
      );
  }
}
