import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AuthorizeSecurityGroupIngressCommand } from "@aws-sdk/client-ec2";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SandboxFunction } from "../../sandbox/functions.ts";
import { startSandbox, type Sandbox, type SandboxOptions } from "../../sandbox/sandbox.ts";
import { clients } from "../contract/backend.ts";
import { tcp } from "../contract/groups.ts";

let folder: string;
let sandbox: Sandbox;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sandbox-"));
});
afterEach(async () => {
  await sandbox.close();
  await rm(folder, { recursive: true });
});

/** Starts a sandbox with this source as the enforce function. */
async function start(source: string, options: SandboxOptions = {}): Promise<Sandbox> {
  const bundle = join(folder, "index.mjs");
  await writeFile(bundle, source);
  const functions: readonly SandboxFunction[] = [
    { name: "enforce", bundle, environment: { ELB_ONLY_DEFAULT_MODE: "enforce" } },
  ];
  sandbox = await startSandbox({
    functions,
    visibilityTimeoutMs: 50,
    batch: { windowMs: 20 },
    ...options,
  });
  return sandbox;
}

/** What the function wrote, a JSON value a line. */
const written = (): readonly unknown[] =>
  sandbox.logs.map(({ text }) => JSON.parse(text) as unknown);

describe("invoke", () => {
  it("runs the handler with Lambda's context and returns its result", async () => {
    await start(`export const handler = async (event, context) => ({ event, left: context.getRemainingTimeInMillis(),
      arn: context.invokedFunctionArn, request: context.awsRequestId, worker: (await import("node:worker_threads")).isMainThread });`);
    expect(await sandbox.invoke("enforce", { hello: "there" })).toEqual({
      event: { hello: "there" },
      left: expect.any(Number) as number,
      arn: "arn:aws:lambda:us-east-1:123456789012:function:elb-only-enforce",
      request: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      worker: false,
    });
  });

  it("gives a function its own environment and nothing of this process's", async () => {
    process.env["SANDBOX_TEST_SECRET"] = "leaked";
    await start("export const handler = async () => ({ ...process.env });");
    const environment = await sandbox.invoke("enforce", {});
    delete process.env["SANDBOX_TEST_SECRET"];
    expect(environment).toMatchObject({
      AWS_ENDPOINT_URL: sandbox.endpoint,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "ASIASANDBOXENFORCE",
      ELB_ONLY_DEFAULT_MODE: "enforce",
      ELB_ONLY_NOTIFY_QUEUE_URL: `${sandbox.endpoint}/123456789012/elb-only-notify`,
    });
    expect(environment).not.toHaveProperty("SANDBOX_TEST_SECRET");
    expect(environment).not.toHaveProperty("ELB_ONLY_ALERT_TOPIC_ARN");
    expect(environment).not.toHaveProperty("PATH");
  });

  it("rejects with what the handler threw", async () => {
    await start(`export const handler = async () => { throw new RangeError("too far"); };`);
    await expect(sandbox.invoke("enforce", {})).rejects.toMatchObject({
      name: "RangeError",
      message: "too far",
    });
  });

  it("rejects where there is no handler", async () => {
    await start("export const other = 1;");
    await expect(sandbox.invoke("enforce", {})).rejects.toThrow("HandlerNotFound");
  });

  it("ends a function that takes too long, and starts anew", async () => {
    await start(
      `let calls = 0;
      export const handler = async ({ wait }) => { calls++; if (wait) await new Promise(() => setInterval(() => {}, 1000)); return calls; };`,
      { functionTimeoutSeconds: 2 },
    );
    expect(await sandbox.invoke("enforce", {})).toBe(1);
    expect(await sandbox.invoke("enforce", {})).toBe(2);
    await expect(sandbox.invoke("enforce", { wait: true })).rejects.toThrow(
      "Task timed out after 2.00 seconds",
    );
    expect(await sandbox.invoke("enforce", {})).toBe(1);
  });

  it("keeps what a function writes", async () => {
    await start(
      `export const handler = async () => { console.log("one"); console.error("two"); };`,
    );
    const lines: string[] = [];
    sandbox.onLog(({ text }) => lines.push(text));
    await sandbox.invoke("enforce", {});
    expect(sandbox.logs.map((line) => line.function)).toEqual(["enforce", "enforce"]);
    expect([...lines].sort((a, b) => a.localeCompare(b))).toEqual(["one", "two"]);
  });
});

describe("the enforce queue", () => {
  const patterns = {
    groups: {
      source: ["aws.ec2"],
      detail: { eventName: ["AuthorizeSecurityGroupIngress"], errorCode: [{ exists: false }] },
    },
  };

  it("brings events that match a pattern to the function, in a batch", async () => {
    await start(
      `export const handler = async ({ Records }) => console.log(JSON.stringify(Records.map(({ body }) => JSON.parse(body).detail.requestParameters.groupId)));`,
      {
        patterns,
      },
    );
    const groups = ["a", "b"].map((name) => sandbox.world.group({ name }).id);
    const { ec2 } = clients(sandbox);
    await Promise.all(
      groups.map((GroupId) =>
        ec2.send(
          new AuthorizeSecurityGroupIngressCommand({
            GroupId,
            IpPermissions: [tcp(80, "0.0.0.0/0")],
          }),
        ),
      ),
    );
    await sandbox.idle();
    expect((written() as string[][]).flat().sort((a, b) => a.localeCompare(b))).toEqual(
      [...groups].sort((a, b) => a.localeCompare(b)),
    );
  });

  it("brings nothing of events that match none", async () => {
    await start(`export const handler = async () => console.log('"called"');`, { patterns });
    const GroupId = sandbox.world.group({
      name: "a",
      rules: [{ protocol: "tcp", fromPort: 80, cidr: "0.0.0.0/0" }],
    }).id;
    const authorize = new AuthorizeSecurityGroupIngressCommand({
      GroupId,
      IpPermissions: [tcp(80, "0.0.0.0/0")],
    });
    await expect(clients(sandbox).ec2.send(authorize)).rejects.toThrow("already exists");
    await sandbox.idle();
    expect([sandbox.events.length, written()]).toEqual([1, []]);
  });

  it("tries again only what failed of a batch", async () => {
    await start(`const seen = new Set();
      export const handler = async ({ Records }) => {
        console.log(JSON.stringify(Records.map(({ body, attributes }) => [body, attributes.ApproximateReceiveCount])));
        const failed = Records.filter(({ body }) => body === "bad" && !seen.has(body));
        seen.add("bad");
        return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
      };`);
    for (const body of ["good", "bad"]) sandbox.sendToEnforce(body);
    await sandbox.idle();
    expect(written()).toEqual([
      [
        ["good", "1"],
        ["bad", "1"],
      ],
      [["bad", "2"]],
    ]);
    expect(sandbox.deadLetters).toEqual([]);
  });

  it("does not wait for a delayed message, unless hastened", async () => {
    await start(
      `export const handler = async ({ Records }) => console.log(JSON.stringify(Records.map(({ body }) => body)));`,
    );
    const QueueUrl = `${sandbox.endpoint}/123456789012/elb-only-enforce`;
    await clients(sandbox).sqs.send(
      new SendMessageCommand({ QueueUrl, MessageBody: "later", DelaySeconds: 900 }),
    );
    await sandbox.idle();
    expect(written()).toEqual([]);
    sandbox.hasten();
    await sandbox.idle();
    expect(written()).toEqual([["later"]]);
  });

  it("brings a delayed message when its time has come, by the function's clock as well", async () => {
    await start(
      `export const handler = async ({ Records }, context) => console.log(JSON.stringify(Records === undefined ? Date.now()
        : [Records[0].body, Date.now(), context.getRemainingTimeInMillis() > 50_000]));`,
    );
    await sandbox.invoke("enforce", {});
    const QueueUrl = `${sandbox.endpoint}/123456789012/elb-only-enforce`;
    await clients(sandbox).sqs.send(
      new SendMessageCommand({ QueueUrl, MessageBody: "later", DelaySeconds: 900 }),
    );
    sandbox.advance(800_000);
    await sandbox.idle();
    expect(written()).toHaveLength(1);
    sandbox.advance(100_000);
    await sandbox.idle();
    const [before, after] = written() as [number, [string, number, boolean]];
    expect(after).toEqual(["later", expect.any(Number), true]);
    expect(after[1] - before).toBeGreaterThanOrEqual(900_000);
  });

  it("goes on with a new environment when a function was ended in the middle", async () => {
    await start(
      `export const handler = async ({ Records, again }) => {
        if (again) return "fresh";
        await new Promise((resolve) => setTimeout(resolve, 60_000));
      };`,
    );
    const ended = sandbox.invoke("enforce", {});
    await Promise.all([
      expect(ended).rejects.toThrow("Runtime.ExitError"),
      new Promise((resolve) => setTimeout(resolve, 200)).then(() => sandbox.crash("enforce")),
    ]);
    expect(await sandbox.invoke("enforce", { again: true })).toBe("fresh");
  });

  it("gives a message up after maxReceiveCount attempts", async () => {
    await start(`export const handler = async () => { throw new Error("never"); };`, {
      maxReceiveCount: 2,
    });
    sandbox.sendToEnforce("bad");
    await sandbox.idle();
    expect(sandbox.deadLetters.map(({ body, receives }) => [body, receives])).toEqual([["bad", 2]]);
    expect(sandbox.failures).toHaveLength(2);
  });

  it("has at most two batches in flight", async () => {
    await start(
      `import { threadId } from "node:worker_threads";
      export const handler = async ({ Records }) => {
        await new Promise((resolve) => setTimeout(resolve, 60));
        console.log(JSON.stringify(threadId));
      };`,
      { batch: { batchSize: 1, windowMs: 0 }, visibilityTimeoutMs: 60_000 },
    );
    for (const body of ["1", "2", "3", "4", "5"]) sandbox.sendToEnforce(body);
    await sandbox.idle();
    expect(written()).toHaveLength(5);
    expect(new Set(written()).size).toBe(2);
  });
});
