import type { RegionWorld, Store } from "../remediation/ports.ts";
import type { AccountRegion } from "../values/outcome.ts";
import type { Snapshot } from "../values/snapshot.ts";
import type { Aws } from "./connect.ts";
import { affected } from "./read/affected.ts";
import { interfacesAttached } from "./read/attached.ts";
import { readBack } from "./read/readBack.ts";
import { readElb } from "./read/readElb.ts";
import { collectGaps } from "./read/gaps.ts";
import { healthOf } from "./read/health.ts";
import { look } from "./read/look.ts";
import { noRegistrations, registrationsIn } from "./read/registrations.ts";
import { sweep } from "./read/sweep.ts";
import { addRules, removeRules } from "./write/changes.ts";

/** What a world is for. `glance`: one pass over many groups that only reads. `remainingMs`: how much of the invocation is left. */
interface Visit extends AccountRegion {
  /** The policy's: prefix lists and groups among them are read with every look. */
  readonly allowedSources?: readonly string[];
  readonly glance?: boolean;
  readonly remainingMs?: () => number;
  /** Where the index of what is registered is kept; without one, ELB is asked about everything. */
  readonly store?: Store;
}

/**
 * AWS, as remediation knows it, by one connection; for one invocation. What is registered with target groups, one call each and slow in a large account,
 * is remembered, and asked for again only where somebody in question is registered; in a glance not even there.
 */
export function createWorld(
  aws: Aws,
  {
    account,
    region,
    partition,
    allowedSources = [],
    glance = false,
    remainingMs = () => Infinity,
    store,
  }: Visit,
): RegionWorld {
  const index = store === undefined ? noRegistrations : registrationsIn(store, aws.clock);
  const elb = readElb(aws, index, glance, remainingMs);
  const interfaces = interfacesAttached(aws);
  // The last look, as long as it is known what has changed since: nothing but what was removed.
  let seen: Snapshot | undefined;
  let isRemovedOnly = false;
  const settling = async <Answer>(reading: Promise<Answer>): Promise<Answer> => {
    try {
      return await reading;
    } finally {
      await elb.settled();
    }
  };
  const callsSoFar = () => aws.callsTo("ec2", "elb", "elbv2");
  const callsBefore = callsSoFar();
  return {
    account,
    region,
    partition,
    affected: (triggers) => settling(affected(aws, triggers, elb, interfaces.read)),
    look: async (groups) => {
      const before = isRemovedOnly ? seen : undefined;
      isRemovedOnly = false;
      const now = aws.clock.now();
      const read = before === undefined ? undefined : await readBack(aws.ec2, groups, before, now);
      if (read !== undefined) return read;
      seen = await settling(look(aws, account, groups, elb, interfaces.begun, allowedSources));
      return seen;
    },
    add: async (group, rules) => {
      seen = undefined;
      await aws.ec2RateLimits.authorize();
      return addRules(aws.ec2, group, rules);
    },
    remove: async (group, rules) => {
      await aws.ec2RateLimits.revoke();
      const answers = await removeRules(aws.ec2, group, rules);
      if (answers.every(({ answer }) => answer.kind === "done")) isRemovedOnly = true;
      else seen = undefined;
      return answers;
    },
    pause: (looksWithoutProgress) => aws.clock.sleep(2000 * 3 ** (looksWithoutProgress - 1)),
    sweep: async (since) => {
      const gaps = collectGaps();
      const start = since ?? aws.clock.now();
      if (since !== undefined) elb.beginAt(since);
      const groups = await settling(sweep(aws, elb, gaps));
      if (elb.isOutOfTime()) return { groups, gaps: gaps.said, isUnfinished: true };
      if (gaps.said.length === 0) await elb.complete(start);
      return { groups, gaps: gaps.said };
    },
    health: (groups) => healthOf(aws, interfaces.recent(groups), elb),
    calls: () => callsSoFar() - callsBefore,
  };
}
