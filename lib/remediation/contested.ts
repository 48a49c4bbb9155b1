import { rangesAround } from "../judge/strangers.ts";
import { containsPublicAddress } from "../values/cidr.ts";
import {
  type Contest,
  contested,
  contestIn,
  forgottenAt,
  isToWait,
  removedOnceMore,
} from "../values/contest.ts";
import { type Finding, finding } from "../values/finding.ts";
import { type GroupId, isIn, type Rule, ruleKey, ruleText, sameTraffic } from "../values/rule.ts";
import type { Snapshot } from "../values/snapshot.ts";
import type { Kept, Place, Store } from "./ports.ts";
import type { Proposal, Withheld } from "./proposal.ts";

const of = "contested";
const placeOf = (group: GroupId, rule: Rule): Place => ({ of, at: `${group} ${ruleKey(rule)}` });

/** A rule that came back so often in one run is left. */
const mostInARun = 2;

/** Withholds rules that somebody puts back again and again: for a while, which gets longer; what the internet enters by, never for long. */
export async function leaveContested(
  proposals: readonly Proposal[],
  store: Store,
  now: number,
): Promise<readonly Withheld[]> {
  const left = await Promise.all(proposals.map((one) => contestedIn(one, store, now)));
  return left.flat();
}

async function contestedIn(
  proposal: Proposal,
  store: Store,
  now: number,
): Promise<readonly Withheld[]> {
  const { group, rules, removed } = proposal;
  const kept = new Map(
    (await store.list(of, { prefix: `${group} ` })).map((one) => [one.place.at, one]),
  );
  const withheld: Withheld[] = [];
  for (const rule of rules) {
    const seen = kept.get(placeOf(group, rule).at);
    const before = contestOf(seen);
    const times = removed.filter((one) => sameTraffic(one, rule)).length;
    if (!isToWait(before, times >= mostInARun, now)) continue;
    const contest = {
      ...contested(before, isPublic(rule, proposal.snapshot, group), now),
      ...opponentIn(rule, proposal),
    };
    await remember(contest, group, rule, seen, store, now);
    withheld.push({ group, rule, finding: contestedFinding(group, rule, contest) });
  }
  return withheld;
}

/** A contest, and which rule of which group it is about. */
export interface ContestOf extends Contest {
  readonly group: GroupId;
  /** What the rule lets in, as `ruleKey` says it. */
  readonly key: string;
}

/** All that is remembered of rules that were removed; what cannot be read is left out. */
export const contestsIn = async (store: Pick<Store, "list">): Promise<readonly ContestOf[]> =>
  (await store.list(of)).flatMap(({ place, body }) => {
    const contest = contestIn(body);
    const space = place.at.indexOf(" ");
    return contest === undefined
      ? []
      : [{ ...contest, group: place.at.slice(0, space), key: place.at.slice(space + 1) }];
  });

/** Remembers what was removed. Another worker's word on the same rule counts as ours. */
export async function rememberRemoved(
  { group, snapshot }: Proposal,
  rules: readonly Rule[],
  store: Store,
  now: number,
): Promise<void> {
  for (const rule of rules) {
    const seen = await store.read(placeOf(group, rule));
    const contest = removedOnceMore(contestOf(seen), isPublic(rule, snapshot, group), now);
    await remember(contest, group, rule, seen, store, now);
  }
}

async function remember(
  contest: Contest,
  group: GroupId,
  rule: Rule,
  seen: Kept | undefined,
  store: Store,
  now: number,
): Promise<void> {
  const expires = Math.ceil(forgottenAt(contest, now) / 1000);
  await store.write(placeOf(group, rule), contest, seen, expires);
}

function contestOf(seen: Kept | undefined): Contest | undefined {
  if (seen === undefined) return undefined;
  const contest = contestIn(seen.body);
  if (contest === undefined)
    throw new Error(`What is remembered of "${seen.place.at}" cannot be read.`);
  return contest;
}

function isPublic({ source }: Rule, snapshot: Snapshot, group: GroupId): boolean {
  const own = rangesAround(snapshot.groups.get(group) ?? { id: group }, snapshot);
  const cidrs =
    "cidr" in source
      ? [source.cidr]
      : source.kind === "prefixList"
        ? (snapshot.prefixLists.get(source.id)?.entries ?? [])
        : [];
  return cidrs.some((cidr) => containsPublicAddress(cidr, own));
}

/** Who put the rule back last, as far as an event of this run tells. */
function opponentIn(rule: Rule, { triggers }: Proposal): Pick<Contest, "by"> {
  const actor = triggers.findLast(({ rules }) => isIn(rules, rule))?.actor;
  if (actor === undefined) return {};
  const { principal, userAgent, invokedBy } = actor;
  return {
    by: {
      principal,
      ...(userAgent === undefined ? {} : { userAgent }),
      ...(invokedBy === undefined ? {} : { invokedBy }),
    },
  };
}

/** The same text each time, so that people are told once. */
function contestedFinding(group: GroupId, rule: Rule, { by }: Contest): Finding {
  const who = by === undefined ? "somebody whom no event names" : opponentText(by);
  return finding(
    "contested",
    group,
    `${ruleText(rule)} is put back again and again by ${who}. It is removed less and less often. ${whatToChange(by)}`,
    rule,
  );
}

const opponentText = ({ principal, userAgent, invokedBy }: NonNullable<Contest["by"]>): string =>
  [
    principal,
    userAgent === undefined ? "" : ` with ${userAgent}`,
    invokedBy === undefined ? "" : ` through ${invokedBy}`,
  ].join("");

/** What the user agent gives away of who writes the rule, and what is to be changed there. */
function whatToChange(by: Contest["by"]): string {
  const agent = `${by?.userAgent ?? ""} ${by?.invokedBy ?? ""}`.toLowerCase();
  if (agent.includes("terraform") || agent.includes("pulumi"))
    return "Take the rule out of the Terraform or Pulumi code, and write one from the load balancer's security group in its place.";
  if (agent.includes("cloudformation"))
    return "Take the rule out of the CloudFormation template, and write one from the load balancer's security group in its place.";
  if (agent.includes("elbv2.k8s.aws") || agent.includes("kubernetes"))
    return "A Kubernetes controller writes it: change the Service's or the Ingress's annotations, or tag the group elb-only=ignore.";
  return "Find out what writes it and take the rule out there, or exempt it with elb-only:keep.";
}
