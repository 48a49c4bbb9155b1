import { awsError, type AwsError } from "./errors.ts";
import type { Caller } from "./state/sts.ts";
import { perform, type Ground, type Request } from "./perform.ts";
import { lambdaRequest } from "./lambda/lambda.ts";
import { byTarget, byVersion, lambda, type Service } from "./services.ts";
import { jsonAnswer, jsonError } from "./wire/json.ts";
import { parseForm, type Params } from "./wire/params.ts";
import type { Tree } from "./wire/tree.ts";
import { ec2Answer, ec2Error, queryAnswer, queryError } from "./wire/xml.ts";

/** What a client sends, whatever carries it. Header names are in lower case. */
export interface Sent {
  /** Missing: "POST /". */
  readonly method?: string;
  /** Path and query. */
  readonly url?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Resolves with the answer; with nothing where the answer is lost on its way. */
export type Exchange = (sent: Sent) => Promise<Answered | undefined>;

/** Finds out which service, action and caller a request means, carries it out, and writes the answer in that service's format. */
export const createExchange =
  (ground: Ground, callerOf: (accessKey: string) => Caller): Exchange =>
  async (sent) => {
    const meant = fromTarget(sent) ?? fromPath(sent) ?? fromForm(sent.body);
    if (meant === undefined) return unknownService(sent, ground.cloud.ids.uuid());
    const performed = await perform(ground, {
      ...meant,
      caller: callerOf(signedBy(sent).accessKey),
      userAgent: sent.headers["user-agent"] ?? "",
    });
    if (performed.isLost) return undefined;
    const { service, action } = meant;
    const { requestId } = performed;
    const [status, body] =
      "error" in performed
        ? [performed.error.status, errorBody(service, performed.error, requestId)]
        : [200, answerBody(service, action, performed.answer, requestId)];
    return {
      headers: {
        "x-amzn-requestid": requestId,
        "content-type": contentType(service),
        ...("error" in performed && service === lambda
          ? { "x-amzn-errortype": performed.error.code }
          : {}),
      },
      status,
      body: performed.isGarbled ? body.slice(0, body.length / 2) : body,
    };
  };

/** Signatures are not checked; they say who calls and which service is meant. */
function signedBy({ headers }: Sent): { readonly accessKey: string; readonly service: string } {
  const [, accessKey = "", service = ""] =
    /Credential=([^/]+)\/[^/]*\/[^/]*\/([^/]*)\//.exec(headers["authorization"] ?? "") ?? [];
  return { accessKey, service };
}

type Meant = Pick<Request, "service" | "action" | "params">;

/** `AmazonSQS.SendMessage`; boto3 writes `com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents`. */
function fromTarget({ headers, body }: Sent): Meant | undefined {
  const [prefix = "", action = ""] = (headers["x-amz-target"] ?? "").split(".").slice(-2);
  const service = byTarget[prefix];
  return service && { service, action, params: parseJson(body) };
}

/** Lambda's own protocol. */
function fromPath({ method = "POST", url = "/", body }: Sent): Meant | undefined {
  const asked = lambdaRequest(method, url);
  return (
    asked && {
      service: lambda,
      action: asked.action,
      params: { ...parseJson(body), ...asked.params },
    }
  );
}

function parseJson(body: string): Params {
  try {
    return JSON.parse(body || "{}") as Params;
  } catch {
    return {};
  }
}

function fromForm(body: string): Meant | undefined {
  const { Action: _, Version: __, ...params } = parseForm(body);
  const form = new URLSearchParams(body);
  const service = byVersion[form.get("Version") ?? ""];
  return service && { service, action: form.get("Action") ?? "", params };
}

/** A service that is not here refuses in its own protocol, so that its client shows an error of AWS's and does not try again. */
function unknownService(sent: Sent, requestId: string): Answered {
  const headers = { "x-amzn-requestid": requestId };
  const action = new URLSearchParams(sent.body).get("Action");
  const xml = { status: 400, headers: { ...headers, "content-type": "text/xml;charset=UTF-8" } };
  if (action !== null) {
    const error = awsError(
      "InvalidAction",
      `The action ${action} is not valid for this web service.`,
    );
    return { ...xml, body: queryError(error, "http://webservices.amazon.com/", requestId) };
  }
  if (signedBy(sent).service === "s3")
    return {
      ...xml,
      status: 501,
      body: `<Error><Code>NotImplemented</Code><Message>The sandbox has no S3.</Message><RequestId>${requestId}</RequestId></Error>`,
    };
  const [target = ""] = (sent.headers["x-amz-target"] ?? "").split(".").slice(-1);
  const error = awsError("UnknownOperationException", `The operation ${target} is not valid.`);
  return {
    status: 400,
    headers: {
      ...headers,
      "content-type": "application/x-amz-json-1.1",
      "x-amzn-errortype": error.code,
    },
    body: jsonError(error, "com.amazon.coral.service"),
  };
}

const contentType = ({ protocol, name }: Service): string =>
  protocol === "json"
    ? name === "sqs" || name === "dynamodb"
      ? "application/x-amz-json-1.0"
      : "application/x-amz-json-1.1"
    : "text/xml;charset=UTF-8";

function answerBody(
  { protocol, namespace }: Service,
  action: string,
  tree: Tree,
  requestId: string,
): string {
  switch (protocol) {
    case "ec2":
      return ec2Answer(action, namespace, requestId, tree);
    case "query":
      return queryAnswer(action, namespace, requestId, tree);
    case "json":
      return jsonAnswer(tree);
  }
}

function errorBody({ protocol, namespace }: Service, error: AwsError, requestId: string): string {
  switch (protocol) {
    case "ec2":
      return ec2Error(error, requestId);
    case "query":
      return queryError(error, namespace, requestId);
    case "json":
      return jsonError(error, namespace);
  }
}
