import { type Finding, finding } from "../values/finding.ts";
import type { GovernedPorts } from "../values/groupPlan.ts";
import { rangeText } from "../values/portRange.ts";
import { type GroupId, type Rule, ruleText } from "../values/rule.ts";
import { days, millis } from "../values/time.ts";
import type { Place, Store } from "./ports.ts";
import { isFresh, isPublic, type Proposal, type Withheld } from "./proposal.ts";

const portText = ({ protocol, ...range }: GovernedPorts): string =>
  `${protocol}/${rangeText(range)}`;

const placeOf = (group: GroupId, port: GovernedPorts): Place => ({
  of: "served",
  at: `${group} ${portText(port)}`,
});

/** Long enough that no port gets a second grace while it is served. */
const remembered = days(365);

/**
 * Withholds rules from private ranges and groups that were there before their port was served, until a grace is over; what the internet enters by goes at
 * once, and so does what a call has only just opened. `grace`: milliseconds.
 */
export async function giveGrace(
  proposals: readonly Proposal[],
  store: Store,
  grace: number,
  now: number,
): Promise<readonly Withheld[]> {
  if (grace === 0) return [];
  const given = await Promise.all(proposals.map((one) => graceIn(one, store, grace, now)));
  return given.flat();
}

async function graceIn(
  proposal: Proposal,
  store: Store,
  grace: number,
  now: number,
): Promise<readonly Withheld[]> {
  const { group, plan } = proposal;
  const rules = proposal.rules.filter(
    (rule) => !isPublic(rule, proposal) && !isFresh(rule, proposal),
  );
  if (rules.length === 0) return [];
  const ends = await Promise.all(
    plan.governed.map(async (port) => ({
      port,
      end: (await servedSince(group, port, store, now)) + grace,
    })),
  );
  const open = ends.filter(({ end }) => end > now);
  return rules.flatMap((rule) => {
    const theirs = open.filter(({ port }) => opens(rule, port));
    const end = Math.max(...theirs.map((one) => one.end));
    return theirs.length === 0
      ? []
      : [{ group, rule, finding: graceFinding(group, rule, theirs[0]?.port, end) }];
  });
}

const opens = ({ protocol, fromPort, toPort }: Rule, port: GovernedPorts): boolean =>
  protocol === "-1" || (protocol === port.protocol && fromPort <= port.to && port.from <= toPort);

/** Since when the port is known to be served: from now on, where nothing is remembered. */
async function servedSince(
  group: GroupId,
  port: GovernedPorts,
  store: Store,
  now: number,
): Promise<number> {
  const place = placeOf(group, port);
  const seen = await store.read(place);
  if (seen === undefined) {
    const body = { since: new Date(now).toISOString() };
    await store.write(place, body, undefined, Math.ceil((now + remembered) / 1000));
    return now;
  }
  const { since } = (seen.body ?? {}) as { readonly since?: unknown };
  const at = typeof since === "string" ? millis(since) : NaN;
  // Nobody can put the end off for ever by what is written there.
  if (Number.isNaN(at) || at > now)
    throw new Error(`What is remembered of "${place.at}" cannot be read.`);
  return at;
}

const graceFinding = (
  group: GroupId,
  rule: Rule,
  port: GovernedPorts | undefined,
  end: number,
): Finding =>
  finding(
    "grace",
    group,
    `${ruleText(rule)} stays until ${new Date(end).toISOString()}: it was there before a load balancer served ${port === undefined ? "the port" : portText(port)}.`,
    rule,
  );
