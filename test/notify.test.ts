import type { Context, SQSEvent } from "aws-lambda";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Message } from "../functions/messages/message.ts";
import { notifyBatch } from "../functions/notifyBatch.ts";
import { outcome, rule } from "./messages/outcome.ts";
import { recordingLog } from "./recordingLog.ts";

const closed = outcome({ result: "changed", removed: [rule("tcp/80 from 0.0.0.0/0")], exposedSeconds: 41 });
const message = (messageId: string, body: unknown) => ({ messageId, body: typeof body === "string" ? body : JSON.stringify(body) });

function notifying(publish?: (message: Message) => Promise<string | undefined>) {
  const { log, lines } = recordingLog();
  const published: Message[] = [];
  const keep = (one: Message) => {
    published.push(one);
    return Promise.resolve("m-1");
  };
  return { work: { region: "eu-west-1", publish: publish ?? keep, log }, lines, published };
}

describe("notifyBatch", () => {
  it("publishes a message about each outcome", async () => {
    const { work, published, lines } = notifying();
    expect(await notifyBatch([message("1", closed), message("2", { ...closed, group: "sg-2" })], work)).toEqual([]);
    expect(published.map(({ subject }) => subject)).toEqual([
      "closed tcp/80 to the internet on sg-9cd8a3f4 (web) after 41 s",
      "closed tcp/80 to the internet on sg-2 (web) after 41 s",
    ]);
    expect(lines[0]).toEqual({
      level: "info",
      message: "Notified",
      fields: { group: "sg-9cd8a3f4", result: "changed", severity: "medium", messageId: "1", published: "m-1" },
    });
  });

  it.each([
    ["no JSON", "{"],
    ["no outcome", { version: 1 }],
    ["of another version", { ...closed, version: 2 }],
  ])("fails a message that is %s, says why, and publishes the others", async (_, body) => {
    const { work, published, lines } = notifying();
    expect(await notifyBatch([message("bad", body), message("good", closed)], work)).toEqual(["bad"]);
    expect(published).toHaveLength(1);
    expect(lines.find(({ level }) => level === "error")?.fields).toMatchObject({ messageId: "bad", why: expect.stringMatching(/^No outcome: /) });
  });

  it("fails a message that the topic does not take", async () => {
    const { work, lines } = notifying((one) =>
      one.subject.includes("sg-2") ? Promise.reject(new Error("AuthorizationError")) : Promise.resolve("m-1"),
    );
    expect(await notifyBatch([message("1", closed), message("2", { ...closed, group: "sg-2" })], work)).toEqual(["2"]);
    expect(lines.find(({ level }) => level === "error")?.fields).toMatchObject({ messageId: "2", why: "AuthorizationError" });
  });
});

describe("the notify function", () => {
  beforeEach(() => {
    vi.resetModules();
    vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
    vi.stubEnv("AWS_REGION", "eu-west-1");
    vi.stubEnv("ELB_ONLY_ALERT_TOPIC_ARN", "arn:aws:sns:eu-west-1:123456789012:alerts");
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });
  const batch = (...bodies: readonly string[]) => ({ Records: bodies.map((body, n) => ({ messageId: `${n}`, body })) }) as unknown as SQSEvent;
  const load = async () => (await import("../functions/notify.ts")).handler;

  it("answers which messages to deliver again", async () => {
    const handler = await load();
    expect(await handler(batch("{"), {} as Context)).toEqual({ batchItemFailures: [{ itemIdentifier: "0" }] });
    expect(await handler(batch(), {} as Context)).toEqual({ batchItemFailures: [] });
  });

  it("loads with a broken configuration, and says what is wrong with it when invoked", async () => {
    vi.stubEnv("ELB_ONLY_ALERT_TOPIC_ARN", "alerts");
    const handler = await load();
    await expect(handler(batch("{"), {} as Context)).rejects.toThrow(
      'ELB_ONLY_ALERT_TOPIC_ARN is "alerts"; allowed: the ARN of a standard SNS topic',
    );
  });
});
