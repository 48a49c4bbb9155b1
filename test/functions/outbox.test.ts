import type { Outbox, Post } from "../../lib/remediation/ports.ts";
import { describe, expect, it } from "vitest";
import { sendOutcomes } from "../../functions/runtime/outbox.ts";
import { finding, outcome } from "../messages/outcome.ts";
import { recordingLog } from "./recordingLog.ts";

const changed = outcome({ group: "sg-1", result: "changed" });
const left = outcome({ group: "sg-2", result: "incomplete", findings: [finding()] });
const unchanged = outcome({ group: "sg-3" });

function posts(
  unsent: {
    readonly notify?: Awaited<ReturnType<Post>>;
    readonly copy?: Awaited<ReturnType<Post>>;
  } = {},
) {
  const sent = { notify: [] as string[], copy: [] as string[] };
  const post =
    (name: "notify" | "copy"): Post =>
    (texts) => {
      sent[name].push(...texts);
      return Promise.resolve(unsent[name] ?? []);
    };
  const outbox: Outbox = {
    notify: post("notify"),
    copy: post("copy"),
    enforce: () => Promise.reject(new Error("nobody should call")),
  };
  return { sent, outbox };
}

describe("sendOutcomes", () => {
  it("sends what somebody should know to people and, as a copy, to machines", async () => {
    const { sent, outbox } = posts();
    const { log, lines } = recordingLog();
    expect(await sendOutcomes([changed, unchanged, left], { outbox, log })).toEqual(new Map());
    expect(sent.notify.map((text) => JSON.parse(text))).toEqual([changed, left]);
    expect(sent.copy).toEqual(sent.notify);
    expect(lines).toEqual([]);
  });

  it("sends people one of the groups that the same denial hides, and machines all", async () => {
    const { sent, outbox } = posts();
    const hidden = (group: string, text: string) =>
      outcome({ group, result: "failed", looks: 0, findings: [finding({ code: "denied", text })] });
    const groups = ["ec2:X", "ec2:Y"].flatMap((text) =>
      ["sg-1", "sg-2"].map((group) => hidden(`${group}-${text.slice(4)}`, text)),
    );
    await sendOutcomes(groups, { outbox, log: recordingLog().log });
    const groupsIn = (texts: readonly string[]) =>
      texts.map((text) => (JSON.parse(text) as { group: string }).group);
    expect(groupsIn(sent.notify)).toEqual(["sg-1-X", "sg-1-Y"]);
    expect(groupsIn(sent.copy)).toHaveLength(4);
  });

  it("calls nobody where there is nothing to know", async () => {
    const never: Post = () => Promise.reject(new Error("nobody should call"));
    expect(
      await sendOutcomes([unchanged], {
        outbox: { notify: never, copy: never, enforce: never },
        log: recordingLog().log,
      }),
    ).toEqual(new Map());
  });

  it("answers whose outcome people will not hear, and keeps it in the log", async () => {
    const { outbox } = posts({ notify: [{ index: 1, why: "InternalError" }] });
    const { log, lines } = recordingLog();
    expect(await sendOutcomes([changed, left], { outbox, log })).toEqual(
      new Map([["sg-2", "its outcome was not sent: InternalError"]]),
    );
    expect(lines).toEqual([
      {
        level: "error",
        message: "An outcome was not sent to the notify queue",
        fields: {
          group: "sg-2",
          result: "incomplete",
          added: [],
          removed: [],
          findings: left.findings,
          why: "InternalError",
        },
      },
    ]);
  });

  it("only logs a copy that was lost", async () => {
    const { outbox } = posts({ copy: [{ index: 0, why: "ThrottlingException" }] });
    const { log, lines } = recordingLog();
    expect(await sendOutcomes([changed], { outbox, log })).toEqual(new Map());
    expect(lines).toEqual([
      {
        level: "error",
        message: "Copies of outcomes were not put on the event bus",
        fields: { count: 1, groups: ["sg-1"], why: "ThrottlingException" },
      },
    ]);
  });
});
