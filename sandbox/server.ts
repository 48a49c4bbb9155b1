import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { awsError, type AwsError } from "./errors.ts";
import type { Caller } from "./identities.ts";
import { perform, type Ground, type Performed, type Request } from "./perform.ts";
import { byTarget, byVersion, type Service } from "./services.ts";
import { jsonAnswer, jsonError } from "./wire/json.ts";
import { parseForm, type Params } from "./wire/params.ts";
import { ec2Answer, ec2Error, queryAnswer, queryError } from "./wire/xml.ts";

/** The HTTP end: finds out which service, action and caller a request means, and writes the answer in that service's format. */
export function createServer(
  ground: Ground,
  callerOf: (accessKey: string) => Caller,
): FastifyInstance {
  const app = fastify({ bodyLimit: 16 * 1024 * 1024, forceCloseConnections: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));
  // SQS is called at its queues' own paths by some clients.
  app.post("/*", async (request, reply) => {
    const understood = understand(request, callerOf);
    if (understood === undefined) {
      return reply
        .code(400)
        .type("text/xml")
        .send(
          ec2Error(
            awsError("InvalidAction", "No service here knows this request."),
            ground.cloud.ids.uuid(),
          ),
        );
    }
    return answer(reply, understood, await perform(ground, understood));
  });
  return app;
}

function understand(
  request: FastifyRequest,
  callerOf: (accessKey: string) => Caller,
): Request | undefined {
  const body = typeof request.body === "string" ? request.body : "";
  const meant = fromTarget(String(request.headers["x-amz-target"] ?? ""), body) ?? fromForm(body);
  if (meant === undefined) return undefined;
  const [, accessKey = ""] = /Credential=([^/]+)\//.exec(request.headers.authorization ?? "") ?? [];
  return { ...meant, caller: callerOf(accessKey), userAgent: request.headers["user-agent"] ?? "" };
}

type Meant = Pick<Request, "service" | "action" | "params">;

function fromTarget(target: string, body: string): Meant | undefined {
  const [prefix = "", action = ""] = target.split(".");
  const service = byTarget[prefix];
  return service && { service, action, params: parseJson(body) };
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

function answer(
  reply: FastifyReply,
  { service, action }: Request,
  performed: Performed,
): FastifyReply {
  const { requestId } = performed;
  void reply.header("x-amzn-requestid", requestId).type(contentType(service));
  return "error" in performed
    ? reply.code(performed.error.status).send(errorBody(service, performed.error, requestId))
    : reply.send(answerBody(service, action, performed.answer, requestId));
}

const contentType = ({ protocol, name }: Service): string =>
  protocol === "json"
    ? name === "sqs"
      ? "application/x-amz-json-1.0"
      : "application/x-amz-json-1.1"
    : "text/xml;charset=UTF-8";

function answerBody(
  { protocol, namespace }: Service,
  action: string,
  tree: Parameters<typeof jsonAnswer>[0],
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
