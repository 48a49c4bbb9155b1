import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { startSandbox, type Sandbox } from "../../sandbox/sandbox.ts";

/** A sandbox behind an endpoint that also knows who calls, and lends roles: arn:aws:iam::ACCOUNT:role/NAME. */
export interface AwsWithSts {
  readonly endpoint: string;
  readonly sandbox: Sandbox;
  /** STS's actions, as they came. */
  readonly asked: readonly string[];
  readonly close: () => Promise<void>;
}

const answer = (action: string, result: string): string =>
  `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result>${result}</${action}Result></${action}Response>`;

const lent = (arn: string): string =>
  `<Credentials><AccessKeyId>AKIA${arn.split(":")[4]}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>session</SessionToken><Expiration>2126-11-25T10:00:00Z</Expiration></Credentials>`;

export async function awsWithSts(region = "us-east-1"): Promise<AwsWithSts> {
  const sandbox = await startSandbox({ region });
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString();
      const form = new URLSearchParams(body);
      const action = form.get("Action") ?? "";
      if (form.get("Version") === "2011-06-15") {
        asked.push(action);
        const [, account = "123456789012"] =
          /Credential=AKIA(\d{12})\//.exec(request.headers.authorization ?? "") ?? [];
        response.setHeader("content-type", "text/xml");
        response.end(
          answer(
            action,
            action === "AssumeRole"
              ? lent(form.get("RoleArn") ?? "")
              : `<Account>${account}</Account>`,
          ),
        );
        return;
      }
      const headers = Object.entries(request.headers).flatMap(([name, value]) =>
        typeof value === "string" && name !== "connection" ? [[name, value] as const] : [],
      );
      fetch(sandbox.endpoint + (request.url ?? "/"), {
        method: "POST",
        body,
        headers: Object.fromEntries(headers),
      })
        .then(async (from) => {
          response.writeHead(from.status, {
            "content-type": from.headers.get("content-type") ?? "",
          });
          response.end(await from.text());
        })
        .catch((error: unknown) => response.destroy(error as Error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sandbox,
    asked,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await sandbox.close();
    },
  };
}
