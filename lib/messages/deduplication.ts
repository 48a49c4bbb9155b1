import type { Told } from "../values/message.ts";
import type { OpenPort } from "../values/openPort.ts";
import type { Outcome } from "../values/outcome.ts";
import { createHash } from "node:crypto";
import { ruleKey, type Rule } from "../values/rule.ts";
import { isOwnReport, type OwnReport, samenessOf } from "./ownReport.ts";
import { openedBy } from "./attribution.ts";

/** What makes two messages the same to people, and how many of them they get in a period. */
export interface Sameness {
  readonly key: string;
  readonly most: number;
}

/** Said of a change that was made before in the same period. */
export interface Again {
  /** 2 for the second time. */
  readonly time: number;
  readonly since: string;
  /** Set with the last message of the period: until then (ISO 8601, UTC) further times are not told. */
  readonly quietUntil?: string;
}

export type Verdict =
  /** Afterwards, `told` is what to remember. */
  | { readonly kind: "tell"; readonly told: Told; readonly again?: Again }
  /** This very delivery was told already: queues deliver at least once. */
  | { readonly kind: "delivered" }
  | { readonly kind: "repeated"; readonly until: number };

/** A change is told as often as people need to see that it is not the only one; then, once more, that somebody keeps undoing it. */
const changesAPeriod = 3;

const digest = (parts: unknown): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);

/** Of a body: the same however often it is delivered, and of a change, however often it is sent. */
export const deliveryOf = (body: string, report: Outcome | OwnReport): string =>
  isOwnReport(report) ? digest(body) : (report.change ?? digest(body));

const keysOf = (rules: readonly Rule[]): readonly string[] => rules.map(ruleKey).sort();

/** Whom which group lets in to what, and why; on how many interfaces changes nothing. An outcome that says nothing of it keeps its key. */
const opensOf = (open: readonly OpenPort[]): readonly (readonly string[])[] =>
  open.length === 0
    ? []
    : [
        open
          .map((one) => `${one.group} ${ruleKey(one.rule)} ${JSON.stringify(one.because)}`)
          .sort(),
      ];

/** Was nothing seen of any group, for want of a permission? */
const isBlind = ({ looks, findings }: Outcome): boolean =>
  looks === 0 && findings.length > 0 && findings.every(({ code }) => code === "denied");

/** The same state: group, result, findings, what is left to do, who gets in. The same change: group, rules, and who had made what was removed. */
export function sameness(report: Outcome | OwnReport): Sameness {
  if (isOwnReport(report)) return { key: `${report.kind} ${digest(samenessOf(report))}`, most: 1 };
  const { group, result, added, removed, remaining, findings, open = [] } = report;
  const left = [keysOf(remaining.add), keysOf(remaining.remove), ...opensOf(open)];
  if (added.length + removed.length === 0) {
    const said = findings.map(({ code, text }) => `${code} ${text}`).sort();
    // A hundred groups that cannot be looked at are one thing to know.
    if (isBlind(report)) return { key: `${result} ${digest(said)}`, most: 1 };
    return { key: `${group} ${result} ${digest([said, left])}`, most: 1 };
  }
  // Texts name rules by their ids, which differ each time.
  const codes = [...new Set(findings.map(({ code }) => code))].sort();
  // Whose tool it is that takes a load balancer's way in away, again and again, is said the first time.
  const isFight = removed.length === 0 && codes.includes("managed-elsewhere");
  return {
    key: `${group} ${result} ${digest([keysOf(added), keysOf(removed), openedBy(report), codes, left])}`,
    most: isFight ? 1 : changesAPeriod,
  };
}

/** Is it a time that has come? */
export const isNoLaterThan = (time: string, now: number): boolean => Date.parse(time) <= now;

/** Nobody is silenced for longer than a period from when people were told, whatever somebody writes into the table. */
const isOurs = ({ since, until }: Told, now: number, periodMs: number): boolean =>
  isNoLaterThan(since, now) && until <= Math.ceil((Date.parse(since) + periodMs) / 1000);

/** Those of which people have to hear: of the groups that one denial hides, the first. */
export function toldApart(outcomes: readonly Outcome[]): readonly Outcome[] {
  const hidden = new Set<string>();
  return outcomes.filter((one) => {
    if (!isBlind(one)) return true;
    const { key } = sameness(one);
    const isNew = !hidden.has(key);
    hidden.add(key);
    return isNew;
  });
}

/** Is this delivery to be told, given what was told of the same? Times are milliseconds since 1970. */
export function decide(
  most: number,
  delivery: string,
  before: Told | undefined,
  now: number,
  periodMs: number,
): Verdict {
  const isOver =
    before === undefined || before.until * 1000 <= now || !isOurs(before, now, periodMs);
  const { deliveries, since, until } = isOver
    ? {
        deliveries: [],
        since: new Date(now).toISOString(),
        until: Math.ceil((now + periodMs) / 1000),
      }
    : before;
  if (deliveries.includes(delivery)) return { kind: "delivered" };
  if (deliveries.length >= most) return { kind: "repeated", until };
  const told = { deliveries: [...deliveries, delivery], since, until };
  const time = told.deliveries.length;
  if (time === 1) return { kind: "tell", told };
  return {
    kind: "tell",
    told,
    again: {
      time,
      since,
      ...(time === most ? { quietUntil: new Date(until * 1000).toISOString() } : {}),
    },
  };
}
