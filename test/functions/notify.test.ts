import type { Notices, Publisher } from "../../lib/remediation/ports.ts";
import type { Message, Told } from "../../lib/values/message.ts";
import type { Context, SQSEvent } from "aws-lambda";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { notifyBatch } from "../../functions/notify/batch.ts";
import { finding, outcome, rule, sweep, trigger } from "../messages/outcome.ts";
import { fakeRuntime } from "./fakeRuntime.ts";

const closed = outcome({
  result: "changed",
  removed: [rule("tcp/80 from 0.0.0.0/0")],
  exposedSeconds: 41,
});
const message = (messageId: string, body: unknown) => ({
  messageId,
  body: typeof body === "string" ? body : JSON.stringify(body),
});

const hour = 3_600_000;

const settings = { region: "eu-west-1", format: "text", periodMs: 24 * hour } as const;

function notifying(
  publish?: Publisher["publish"],
  { notices = remembering(), now = () => 0 }: { notices?: Notices; now?: () => number } = {},
) {
  const { runtime, lines } = fakeRuntime({ now });
  const published: Message[] = [];
  const keep = (one: Message) => {
    published.push(one);
    return Promise.resolve("m-1");
  };
  const history = { recordOf: () => Promise.resolve(undefined) };
  const work = { ...runtime, publisher: { publish: publish ?? keep }, notices, history };
  return { work, lines, published };
}

/** Notices that works, but for what `more` says. */
function remembering(more: Partial<Notices> = {}): Notices {
  const items = new Map<string, Told>();
  return {
    recall: (key) => Promise.resolve(items.get(key)),
    keep: (key, told) => Promise.resolve(void items.set(key, told)),
    ...more,
  };
}

describe("notifyBatch", () => {
  it("publishes a message about each outcome", async () => {
    const { work, published, lines } = notifying();
    expect(
      await notifyBatch(
        [message("1", closed), message("2", { ...closed, group: "sg-2" })],
        work,
        settings,
      ),
    ).toEqual([]);
    expect(published.map(({ subject }) => subject)).toEqual([
      "closed tcp/80 to the internet on web (sg-9cd8a3f4) after 41 s",
      "closed tcp/80 to the internet on web (sg-2) after 41 s",
    ]);
    expect(lines[0]).toEqual({
      level: "info",
      message: "Notified",
      fields: {
        group: "sg-9cd8a3f4",
        result: "changed",
        severity: "medium",
        messageId: "1",
        published: "m-1",
      },
    });
  });

  it.each([
    ["no JSON", "{"],
    ["no outcome", { version: 1 }],
    ["of another version", { ...closed, version: 2 }],
  ])("fails a message that is %s, says why, and publishes the others", async (_, body) => {
    const { work, published, lines } = notifying();
    expect(
      await notifyBatch([message("bad", body), message("good", closed)], work, settings),
    ).toEqual(["bad"]);
    expect(published).toHaveLength(1);
    expect(lines.find(({ level }) => level === "error")?.fields).toMatchObject({
      messageId: "bad",
      why: expect.stringMatching(/^No outcome: /),
    });
  });

  it("fails a message that the topic does not take", async () => {
    const { work, lines } = notifying((one) =>
      one.subject.includes("sg-2")
        ? Promise.reject(new Error("AuthorizationError"))
        : Promise.resolve("m-1"),
    );
    expect(
      await notifyBatch(
        [message("1", closed), message("2", { ...closed, group: "sg-2" })],
        work,
        settings,
      ),
    ).toEqual(["2"]);
    expect(lines.find(({ level }) => level === "error")?.fields).toMatchObject({
      messageId: "2",
      why: "AuthorizationError",
    });
  });
});

describe("notifyBatch with notices", () => {
  const open = { add: [], remove: [rule("tcp/80 from 0.0.0.0/0")] };
  /** The nth sweep's word of the same drift. */
  const drift = (n: number) =>
    outcome({
      result: "drift",
      mode: "audit",
      remaining: open,
      triggers: [{ ...sweep, eventId: `sweep-${n}` }],
      at: `2026-11-22T1${n}:00:00Z`,
    });
  /** The nth time that Terraform opened the port. */
  const fought = (n: number) =>
    outcome({
      result: "changed",
      removed: [rule("tcp/80 from 0.0.0.0/0", { id: `sgr-${n}` })],
      exposedSeconds: 40 + n,
      findings: [
        finding({
          code: "managed-elsewhere",
          severity: "low",
          text: `sgr-${n} was written by Terraform.`,
        }),
      ],
      triggers: [
        trigger({
          eventId: `event-${n}`,
          actor: {
            principal: `arn:aws:sts::123456789012:assumed-role/deploy/run-${n}`,
            userAgent: "HashiCorp Terraform/1.9",
          },
          rules: [rule("tcp/80 from 0.0.0.0/0", { id: `sgr-${n}` })],
        }),
      ],
    });

  async function subjectsOf(
    batches: readonly (readonly unknown[])[],
    notices: Notices,
    now: () => number = () => 0,
    afterEach: () => void = () => {},
  ) {
    const { work, published, lines } = notifying(undefined, { notices, now });
    let id = 0;
    for (const bodies of batches) {
      expect(
        await notifyBatch(
          bodies.map((body) => message(`${id++}`, body)),
          work,
          settings,
        ),
      ).toEqual([]);
      afterEach();
    }
    return {
      subjects: published.map(({ subject }) => subject),
      texts: published.map(({ text }) => text),
      lines,
    };
  }

  it("tells a state that stays the same once in a period, and again in the next", async () => {
    const notices = remembering();
    const remaining = "tcp/80 of web (sg-9cd8a3f4) is open to the internet (audit)";
    const first = await subjectsOf([[drift(0)], [drift(1)], [drift(2)]], notices);
    expect(first.subjects).toEqual([remaining]);
    expect(first.lines.at(-1)).toMatchObject({
      message: "Not told again",
      fields: { group: "sg-9cd8a3f4", why: "repeated" },
    });
    expect((await subjectsOf([[drift(3)]], notices, () => 24 * hour - 1000)).subjects).toEqual([]);
    expect((await subjectsOf([[drift(4)]], notices, () => 24 * hour)).subjects).toEqual([
      remaining,
    ]);
  });

  it("tells a state that has become another", async () => {
    const more = {
      ...drift(1),
      remaining: { add: [], remove: [...open.remove, rule("tcp/80 from ::/0")] },
    };
    const worse = { ...drift(1), findings: [finding()] };
    expect(
      (
        await subjectsOf(
          [[drift(0)], [more], [worse], [{ ...drift(2), group: "sg-2" }]],
          remembering(),
        )
      ).subjects,
    ).toHaveLength(4);
  });

  it("makes one message of a delivery that comes twice, in one batch or in two", async () => {
    expect(
      (await subjectsOf([[fought(1), fought(1)], [fought(1)]], remembering())).subjects,
    ).toHaveLength(1);
  });

  it("makes one message of a change that is sent twice, since nobody knew whether it was sent", async () => {
    const change = { ...closed, change: "20261129-174512-3fa9c1" };
    const { subjects, texts } = await subjectsOf(
      [[change], [{ ...change, looks: 7 }], [{ ...change, change: "20261129-174513-3fa9c2" }]],
      remembering(),
    );
    expect(subjects).toHaveLength(2);
    expect(texts[0]).toContain("result changed, change 20261129-174512-3fa9c1, ");
  });

  it("tells every change, until somebody keeps undoing it: then that, once", async () => {
    const { subjects, texts } = await subjectsOf(
      [[fought(1), fought(2)], [fought(3)], [fought(4)], [fought(5)], [fought(3)]],
      remembering(),
    );
    expect(subjects).toEqual([
      "closed tcp/80 to the internet on web (sg-9cd8a3f4) after 41 s",
      "closed tcp/80 to the internet on web (sg-9cd8a3f4) after 42 s",
      "keeps coming back: closed tcp/80 to the internet on web (sg-9cd8a3f4) after 43 s",
    ]);
    expect(texts[1]).toContain(
      "Again\n  The same change was made before: you were told at 1970-01-01T00:00:00.000Z.",
    );
    expect(texts[2]).toContain(
      [
        "It keeps coming back",
        "  The same change had to be made 3 times since 1970-01-01T00:00:00.000Z: somebody keeps undoing it.",
        "  elb-only goes on making it. Before 1970-01-02T00:00:00.000Z you will be told of no further one by itself; of what it opens, once an hour.",
      ].join("\n"),
    );
    expect(texts[2]).toMatch(
      /principal +arn:aws:sts::123456789012:assumed-role\/deploy\/run-3\n(.*\n)*? +user agent +HashiCorp Terraform/,
    );
  });

  it("tells once an hour how often what it mutes was open, and for how long", async () => {
    const minute = 60_000;
    const times = [0, 0, 0, 1, 5, 59, 61, 62, 130].map((one) => one * minute);
    let next = 0;
    const { subjects, texts } = await subjectsOf(
      [
        ...[1, 2, 3, 4, 5, 6].map((n) => [fought(n)]),
        // Muted at one hour and a minute: an hour after the first that was.
        [fought(7), fought(7)],
        [fought(8)],
        [fought(9)],
      ],
      remembering(),
      () => times[Math.min(next, times.length - 1)] ?? 0,
      () => void (next += 1),
    );
    expect(subjects.slice(3)).toEqual([
      "4 times, open 182 s in all: closed tcp/80 to the internet on web (sg-9cd8a3f4) after 47 s",
      "2 times, open 97 s in all: closed tcp/80 to the internet on web (sg-9cd8a3f4) after 49 s",
    ]);
    expect(texts[3]).toContain(
      "  What is below was opened and closed 4 times since 1970-01-01T00:01:00.000Z, and open 182 s in all.",
    );
  });

  it("mutes what exposed nobody without a line", async () => {
    const hour = 3_600_000;
    let now = 0;
    const { subjects } = await subjectsOf(
      [0, 1, 2, 3, 4].map((n) => [drift(n)]),
      remembering(),
      () => now,
      () => void (now += hour),
    );
    expect(subjects).toHaveLength(1);
  });

  it("tells of a change by somebody else, of another rule, or with a new finding, whoever else keeps at it", async () => {
    const mallory = {
      ...fought(5),
      triggers: fought(5).triggers.map((one) => ({
        ...one,
        actor: { principal: "arn:aws:iam::123456789012:user/mallory" },
      })),
    };
    const ipv6 = { ...fought(6), removed: [rule("tcp/80 from ::/0")] };
    const lost = {
      ...fought(7),
      findings: [...fought(7).findings, finding({ code: "target-health" })],
    };
    const { subjects } = await subjectsOf(
      [[fought(1)], [fought(2)], [fought(3)], [fought(4)], [mallory], [ipv6], [lost]],
      remembering(),
    );
    expect(subjects).toHaveLength(6);
  });

  it("tells once that nothing is armed, whatever the order of what is missing", async () => {
    const alert = (n: number, ...problems: readonly string[]) => ({
      version: 1,
      kind: "not-armed",
      account: "123456789012",
      region: "eu-west-1",
      partition: "aws",
      at: `2026-11-22T1${n}:00:00Z`,
      problems,
    });
    const { subjects } = await subjectsOf(
      [[alert(0, "a.", "b.")], [alert(1, "b.", "a.")], [alert(2, "a.")]],
      remembering(),
    );
    expect(subjects).toEqual(["not armed in eu-west-1: a.", "not armed in eu-west-1: a."]);
  });

  it("tells what it cannot recall, and says why in the log", async () => {
    const { subjects, lines } = await subjectsOf(
      [[drift(0)], [drift(1)]],
      remembering({ recall: () => Promise.reject(new Error("AccessDenied")) }),
    );
    expect(subjects).toHaveLength(2);
    expect(lines.filter(({ level }) => level === "error")).toMatchObject([
      { fields: { why: "AccessDenied" } },
      { fields: { why: "AccessDenied" } },
    ]);
  });

  it("is done with what was told but cannot be remembered", async () => {
    const { subjects, lines } = await subjectsOf(
      [[drift(0)]],
      remembering({ keep: () => Promise.reject(new Error("ThrottlingException")) }),
    );
    expect(subjects).toHaveLength(1);
    expect(lines.at(-1)).toMatchObject({ level: "error", fields: { why: "ThrottlingException" } });
  });

  it("remembers only what the topic took", async () => {
    const notices = remembering();
    const { work } = notifying(() => Promise.reject(new Error("InternalError")), { notices });
    expect(await notifyBatch([message("1", drift(0))], work, settings)).toEqual(["1"]);
    expect((await subjectsOf([[drift(0)]], notices)).subjects).toHaveLength(1);
  });
});

describe("the notify function", () => {
  beforeEach(() => {
    vi.resetModules();
    vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
    vi.stubEnv("AWS_REGION", "eu-west-1");
    vi.stubEnv("ELB_ONLY_ALERT_TOPIC_ARN", "arn:aws:sns:eu-west-1:123456789012:alerts");
    vi.stubEnv("ELB_ONLY_STATE_TABLE", "state");
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });
  const batch = (...bodies: readonly string[]) =>
    ({ Records: bodies.map((body, n) => ({ messageId: `${n}`, body })) }) as unknown as SQSEvent;
  const load = async () => (await import("../../functions/notify.ts")).handler;

  it("answers which messages to deliver again", async () => {
    const handler = await load();
    expect(await handler(batch("{"), {} as Context)).toEqual({
      batchItemFailures: [{ itemIdentifier: "0" }],
    });
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
