import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** What a command or a call came to: its answer, or the error that it printed. */
export type Said = { readonly answer: unknown } | { readonly error: string };

export interface Driver {
  aws(args: readonly string[]): Promise<Said>;
  boto3(service: string, operation: string, params: object): Promise<Said>;
  close(): Promise<void>;
}

export const environmentOf = (endpoint: string): Readonly<Record<string, string>> => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_ACCESS_KEY_ID: "AKIASANDBOXALICE",
  AWS_SECRET_ACCESS_KEY: "sandbox",
  AWS_DEFAULT_REGION: "us-east-1",
  AWS_MAX_ATTEMPTS: "1",
  AWS_EC2_METADATA_DISABLED: "true",
  // Nobody's own settings.
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  AWS_PAGER: "",
  HOME: "/nonexistent",
  PATH: process.env["PATH"] ?? "",
});

export const bin = join(import.meta.dirname, "../../.venv/awscli/bin");

/** One Python for all commands: the AWS CLI takes a second to start. */
export function startDriver(endpoint: string): Driver {
  const child = spawn(join(bin, "python"), [join(import.meta.dirname, "driver.py")], {
    env: environmentOf(endpoint),
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let last: Promise<unknown> = Promise.resolve();
  const ask = (request: object): Promise<Said> => {
    const answer = last.then(async () => {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const line = await lines.next();
      if (line.done === true) throw new Error("The Python driver ended.");
      return JSON.parse(line.value) as Said;
    });
    last = answer.catch(() => {});
    return answer;
  };
  return {
    // Version 1 of the CLI calls SQS in us-east-1 at a legacy host, whatever the environment says.
    aws: (args) => ask({ aws: [...args, "--endpoint-url", endpoint] }),
    boto3: (service, operation, params) => ask({ service, operation, params }),
    close: async () => {
      child.stdin.end();
      await once(child, "exit");
    },
  };
}
