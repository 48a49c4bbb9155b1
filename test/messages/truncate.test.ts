import type { Outcome } from "../../lib/values/outcome.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { beginning, mostBytes, outcomeText } from "../../lib/messages/truncate.ts";
import { finding, outcome, receivedOutcome, rule, trigger } from "./outcome.ts";
import { checked } from "../support/targets.ts";

const many = (count: number) =>
  Array.from({ length: count }, (_, n) =>
    rule(`tcp/${n} from 0.0.0.0/0`, { description: "é".repeat(100) }),
  );

describe("outcomeText", () => {
  it("is the whole outcome where it fits", () => {
    const whole = outcome({ before: many(10), triggers: [trigger()] });
    expect(JSON.parse(outcomeText(whole))).toEqual(whole);
  });

  it("leaves out the rules before and after first, which the changes tell for the most part, and says so", () => {
    const large = outcome({
      before: many(1000),
      after: many(1000),
      removed: many(3),
      findings: [finding()],
    });
    expect(JSON.parse(outcomeText(large))).toEqual({
      ...large,
      before: [],
      after: [],
      cut: ["before", "after"],
    });
  });

  it("then shortens every other list, and says which", () => {
    const large = outcome({
      removed: many(2000),
      remaining: { add: [], remove: many(2000) },
      triggers: [trigger({ rules: many(300) })],
      findings: [finding()],
    });
    const sent = JSON.parse(outcomeText(large));
    expect(sent.removed).toHaveLength(200);
    expect(sent.findings).toEqual(large.findings);
    expect(sent.cut).toEqual(["before", "after", "triggers.rules", "removed", "remaining.remove"]);
  });

  it("shortens the list of healthy targets, too", () => {
    const large = outcome({
      healthyBefore: Array.from({ length: 20_000 }, (_, n) =>
        checked(`eni-${String(n).padStart(17, "0")} i-${n} web:80`),
      ),
    });
    const sent = JSON.parse(outcomeText(large));
    expect(sent.healthyBefore).toHaveLength(200);
    expect(sent.cut).toContain("healthyBefore");
  });

  it("always fits, and can always be read", () => {
    const size = fc.nat({ max: 30 });
    const large = fc
      .record({ rules: size, width: fc.nat({ max: 20_000 }), triggers: size, findings: size })
      .map(({ rules, width, triggers, findings }): Outcome => {
        const wide = Array.from({ length: rules }, (_, n) =>
          rule(`tcp/${n} from 0.0.0.0/0`, { tags: { note: "x".repeat(width) } }),
        );
        return outcome({
          before: wide,
          after: wide,
          added: wide,
          triggers: Array.from({ length: triggers }, () => trigger({ rules: wide })),
          findings: Array.from({ length: findings }, () => finding({ text: "x".repeat(width) })),
        });
      });
    fc.assert(
      fc.property(large, (one) => {
        const text = outcomeText(one);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(mostBytes);
        expect(receivedOutcome(text).group).toBe(one.group);
      }),
      { numRuns: 30 },
    );
  });

  it("escapes the characters that SQS refuses", () => {
    const name = "a\uFFFE\uFFFF\u0000\uD800b";
    const text = outcomeText(outcome({ name }));
    expect(text).toMatch(/^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD]*$/);
    expect(receivedOutcome(text).name).toBe(name);
  });
});

describe("beginning", () => {
  it("is the text itself where it fits", () => {
    expect(beginning("one\ntwo", 7, "!")).toBe("one\ntwo");
  });

  it("is whole lines and a note", () => {
    expect(beginning("one\ntwo\nthree", 12, " [cut]")).toBe("one [cut]");
  });

  it("never has more bytes, whatever the characters", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", minLength: 20, maxLength: 200 }),
        fc.integer({ min: 5, max: 60 }),
        (text, most) => {
          expect(Buffer.byteLength(beginning(text, most, "[cut]"))).toBeLessThanOrEqual(most);
        },
      ),
      { numRuns: 200 },
    );
  });
});
