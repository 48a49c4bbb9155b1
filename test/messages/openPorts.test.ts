import { describe, expect, it } from "vitest";
import { sameness } from "../../lib/messages/deduplication.ts";
import { message } from "../../lib/messages/message.ts";
import { isWorthTelling, severityOf } from "../../lib/messages/severity.ts";
import { subject } from "../../lib/messages/subject.ts";
import type { OpenPort } from "../../lib/values/openPort.ts";
import { outcome, rule } from "./outcome.ts";

const open = (more: Partial<OpenPort> = {}): OpenPort => ({
  interfaces: ["eni-1"],
  ports: { protocol: "tcp", from: 80, to: 80 },
  group: "sg-9cd8a3f4",
  rule: rule("tcp/80 from 0.0.0.0/0"),
  isPublic: true,
  because: { kind: "ignored" },
  ...more,
});
const office = { rule: rule("tcp/80 from 10.0.0.0/16"), isPublic: false } as const;
const kept = { kind: "kept", why: "partner feed", until: "2026-12-31" } as const;

describe("a served port that is open to the internet", () => {
  it.each<[string, OpenPort, string]>([
    ["ignored", open(), "the group is ignored"],
    ["kept", open({ because: kept }), "kept until 2026-12-31 (partner feed)"],
    ["allowed", open({ because: { kind: "allowed" } }), "an allowed source"],
    [
      "another group's",
      open({ group: "sg-far", because: { kind: "foreignGroup", owner: "222222222222" } }),
      "by sg-far, account 222222222222's group",
    ],
  ])("is told, high, with the harm first, whatever the reason: %s", (_, one, why) => {
    const told = outcome({ open: [one] });
    expect(isWorthTelling(told)).toBe(true);
    expect(severityOf(told)).toBe("high");
    const line = `tcp/80 of web (sg-9cd8a3f4) stays open to the internet: ${why}`;
    expect(line.startsWith(subject(told).replace(/\.\.\.$/, ""))).toBe(true);
    expect(message(told).text).toContain(why);
  });

  it("is not called closed where this group's rule went and another's stays", () => {
    const removed = [rule("tcp/80 from 0.0.0.0/0")];
    expect(subject(outcome({ result: "changed", removed, open: [open()] }))).toBe(
      "tcp/80 of web (sg-9cd8a3f4) stays open to the internet: the group is ignored",
    );
  });
});

it("is told with since when it has been exempt and who did it, as the event says", () => {
  const since = { since: "2026-11-22T10:00:00Z", by: "arn:aws:iam::123456789012:user/bob\nforged" };
  const { text } = message(outcome({ open: [open({ ...office, because: kept, ...since })] }));
  expect(text).toContain(
    "kept until 2026-12-31 (partner feed), since 2026-11-22T10:00:00Z, as its event says by arn:aws:iam::123456789012:user/bob forged",
  );
});

it("is told of private sources only where somebody exempted them", () => {
  expect(isWorthTelling(outcome({ open: [open({ ...office, because: { kind: "self" } })] }))).toBe(
    false,
  );
  const exempt = outcome({ open: [open({ ...office, because: kept })] });
  expect(isWorthTelling(exempt)).toBe(true);
  expect(severityOf(exempt)).toBe("info");
});

it("is the same while the same people get in for the same reason, on however many interfaces", () => {
  const key = (...all: readonly OpenPort[]): string => sameness(outcome({ open: all })).key;
  const [world, private16] = [open(), open(office)];
  expect(key(world, private16)).toBe(key(private16, open({ interfaces: ["eni-1", "eni-2"] })));
  expect(key(world)).not.toBe(key(private16));
  expect(key(world)).not.toBe(key(open({ because: kept })));
});

it("says to each source what was closed to it", () => {
  const removed = [rule("tcp/80 from 0.0.0.0/0"), rule("tcp/8080 from 10.0.0.0/16")];
  expect(subject(outcome({ result: "changed", removed, governed: [] }))).toBe(
    "closed tcp/80 to the internet and tcp/8080 to 10.0.0.0/16 on web (sg-9cd8a3f4)",
  );
});

it("says exactly who lost what", () => {
  const who = {
    kind: "addresses",
    first: "10.0.0.0",
    last: "10.0.255.255",
    text: "10.0.0.0/16",
  } as const;
  const difference = {
    loses: [{ who, protocol: "tcp", from: 80, to: 80 }],
    gains: [{ who: { kind: "group", group: "sg-lb" }, protocol: "tcp", from: 80, to: 80 }],
  } as const;
  const { text } = message(outcome({ result: "changed", difference }));
  expect(text).toContain(
    "Who lost (-) and who gained (+) what\n  - tcp/80 from 10.0.0.0/16\n  + tcp/80 from sg-lb",
  );
});
