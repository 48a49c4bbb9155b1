import type { RegionWorld } from "../remediation/ports.ts";
import type { AccountRegion } from "../values/outcome.ts";
import type { Aws } from "./connect.ts";
import { affected } from "./read/affected.ts";
import { collectGaps } from "./read/gaps.ts";
import { healthOf } from "./read/health.ts";
import { look } from "./read/look.ts";
import { sweep } from "./read/sweep.ts";
import { readingRegistered, rememberingRegistered } from "./read/targetGroups.ts";
import { addRules, removeRules } from "./write/changes.ts";

/** What a world is for. `glance`: one pass over many groups that only reads. `remainingMs`: how much of the invocation is left. */
interface Visit extends AccountRegion {
  /** The policy's: prefix lists and groups among them are read with every look. */
  readonly allowedSources?: readonly string[];
  readonly glance?: boolean;
  readonly remainingMs?: () => number;
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
  }: Visit,
): RegionWorld {
  const rateLimit = () => aws.elbRateLimit(remainingMs);
  const remembering = rememberingRegistered(readingRegistered(aws.elbv2, rateLimit));
  const registeredIn: typeof remembering = glance ? (group) => remembering(group) : remembering;
  const callsSoFar = () => aws.callsTo("ec2", "elb", "elbv2");
  const callsBefore = callsSoFar();
  return {
    account,
    region,
    partition,
    affected: (triggers) => affected(aws, triggers, registeredIn),
    look: (groups) => look(aws, account, groups, registeredIn, allowedSources),
    add: (group, rules) => addRules(aws.ec2, group, rules),
    remove: (group, rules) => removeRules(aws.ec2, group, rules),
    pause: (looksWithoutProgress) => aws.clock.sleep(2000 * 3 ** (looksWithoutProgress - 1)),
    sweep: async () => {
      const gaps = collectGaps();
      return { groups: await sweep(aws, registeredIn, gaps), gaps: gaps.said };
    },
    health: (groups) => healthOf(aws, groups, registeredIn, rateLimit),
    calls: () => callsSoFar() - callsBefore,
  };
}
