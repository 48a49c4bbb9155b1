import { admits, type Sender } from "../lib/judge/admits.ts";
import type { Rule } from "../lib/values/rule.ts";

/** "as before": whatever it was, it must not have changed. */
export type Wanted = "yes" | "no" | "as before";

/** Can these senders get in to this port? */
export interface Question {
  readonly who: string;
  /** All of them have to give the same answer. */
  readonly senders: readonly Sender[];
  readonly protocol: "tcp" | "udp";
  readonly port: number;
  readonly wanted: Wanted;
}

/** "MyLoadBalancer reaches tcp/80: yes." */
export const reaches = (
  who: string,
  senders: readonly Sender[],
  port: number,
  wanted: Wanted,
): Question => ({
  who,
  senders,
  protocol: "tcp",
  port,
  wanted,
});

/** An answer beside the one that is wanted. */
export interface Proof {
  readonly says: string;
  readonly before?: string;
  readonly now: string;
  readonly wanted: string;
  readonly holds: boolean;
}

/** Answers by `admits`, on rules as they were read: nothing here knows what was planned or done. */
export const judge = (
  questions: readonly Question[],
  before: readonly Rule[],
  after: readonly Rule[],
): readonly Proof[] =>
  questions.map((question) => {
    const { who, protocol, port, wanted } = question;
    const [was, now] = [answer(question, before), answer(question, after)];
    const right = wanted === "as before" ? was : wanted;
    return {
      says: `${who} reaches ${protocol}/${port}`,
      before: was,
      now,
      wanted,
      holds: now === right && now !== "nobody to ask",
    };
  });

type Answer = "yes" | "no" | "some" | "nobody to ask";

function answer({ senders, protocol, port }: Question, rules: readonly Rule[]): Answer {
  const inside = senders.filter((from) => admits(rules, { protocol, port, from })).length;
  if (senders.length === 0) return "nobody to ask";
  return inside === 0 ? "no" : inside === senders.length ? "yes" : "some";
}

/** Something that was counted or read, against what it should be. */
export const check = (says: string, now: string | number, wanted: string | number): Proof => ({
  says,
  now: `${now}`,
  wanted: `${wanted}`,
  holds: now === wanted,
});

/** Somebody from outside, by addresses for documentation: nobody's own. */
const outside = (address: string): readonly Sender[] => [{ address, groups: [] }];

/** "The internet reaches tcp/80: no", one question an address family. */
export const internet = (port: number, wanted: Wanted): readonly Question[] => [
  reaches("the internet (IPv4)", outside("198.51.100.23"), port, wanted),
  reaches("the internet (IPv6)", outside("2001:db8::23"), port, wanted),
];

/** Somebody with an address, and no security group of the account's. */
export const somebody = (who: string, address: string, port: number, wanted: Wanted): Question =>
  reaches(who, outside(address), port, wanted);

export const ssh = (wanted: Wanted): Question =>
  somebody("SSH from the internet", "198.51.100.23", 22, wanted);
