import { createServer, type Server } from "node:http";
import { text } from "node:stream/consumers";
import { ec2 } from "./samples/ec2.ts";
import { classic, v2 } from "./samples/load-balancing.ts";
import { lambda } from "./samples/lambda.ts";
import { dynamoDb } from "./samples/memory.ts";
import { eventBridge, sns, sqs } from "./samples/messages.ts";
import type { Service } from "./samples/service.ts";
import { cloudTrail } from "./samples/trails.ts";

/** By the client's package. */
export const samples: Readonly<Record<string, Service>> = {
  "client-cloudtrail": cloudTrail,
  "client-dynamodb": dynamoDb,
  "client-ec2": ec2,
  "client-elastic-load-balancing": classic,
  "client-elastic-load-balancing-v2": v2,
  "client-eventbridge": eventBridge,
  "client-lambda": lambda,
  "client-sns": sns,
  "client-sqs": sqs,
};

/** What reached the server: all that matters of it, and nothing that differs from one time to the next. */
export interface Request {
  readonly url: string;
  /** What a protocol says in the path and the query, in texts. */
  readonly said: readonly string[];
  readonly method: string | undefined;
  readonly type: string | undefined;
  readonly target: unknown;
  readonly token: unknown;
  readonly body: string;
}

/** A program that sends every sample twice, to be answered and to be refused, and prints what it read. */
export function probeSource(): string {
  const clients = Object.entries(samples).map(([from, { client, operations }], index) => {
    const names = Object.keys(operations).map(
      (operation) => `${operation}Command as ${operation}${index}`,
    );
    return `import { ${client}, ${names.join(", ")} } from "@aws-sdk/${from}";`;
  });
  const sends = Object.entries(samples).flatMap(([from, { client, operations }], index) =>
    Object.entries(operations).map(
      ([operation, { input }]) =>
        `await send("/${from}/${operation}", ${client}, new ${operation}${index}(${literal(input)}));`,
    ),
  );
  return `${clients.join("\n")}
const answers = {};
const refusal = ({ name, message, $fault, $metadata }) => ({ name, message, $fault, status: $metadata?.httpStatusCode });
async function send(path, Client, command) {
  for (const kind of ["answer", "error"]) {
    const client = new Client({ endpoint: process.argv[2] + path + "/" + kind, maxAttempts: 1 });
    answers[path + "/" + kind] = await client.send(command).catch(refusal);
  }
}
${sends.join("\n")}
console.log(JSON.stringify(answers));`;
}

const literal = (input: object): string =>
  JSON.stringify(input).replaceAll(/"(\d{4}-\d\d-\d\dT[\d:.]+Z)"/g, 'new Date("$1")');

/** Answers what the probe sends from the samples, and keeps the requests. */
export async function answeringServer(requests: Request[]): Promise<Server> {
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { pathname, searchParams } = new URL(request.url!, "http://probe");
      const [, from = "", operation = "", kind = "", ...rest] = pathname.split("/");
      const url = `/${from}/${operation}/${kind}`;
      const said = [...rest.map(decodeURIComponent), ...searchParams.values()];
      const {
        "content-type": type,
        "x-amz-target": target,
        "x-amz-security-token": token,
      } = request.headers;
      requests.push({ url, said, method: request.method, type, target, token, body });

      const { error, operations } = samples[from]!;
      const { answer } = operations[operation]!;
      if (kind === "error") response.writeHead(400).end(error);
      else response.end(typeof answer === "string" ? answer : JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}
