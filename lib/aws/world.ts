import type { Swept, World } from "../remediation/ports.ts";
import type { AccountRegion } from "../values/outcome.ts";
import { affected } from "./read/affected.ts";
import { addRules, removeRules } from "./write/changes.ts";
import { elbTurn } from "./connect.ts";
import { healthOf } from "./read/health.ts";
import { look } from "./read/look.ts";
import { collectGaps } from "./read/gaps.ts";
import { sleep } from "./api/rateLimiter.ts";
import { sweep } from "./read/sweep.ts";
import { readingRegistered, rememberingRegistered } from "./read/targetGroups.ts";

/** What verification asks beyond what remediation does. */
export interface AwsWorld extends World {
  /** Every group in question in the whole region; complete, or says what is missing. */
  sweep(): Promise<Swept>;
}

/** What a world is for. `glance`: one pass over many groups that only reads. `remainingMs`: how much of the invocation is left. */
interface Visit extends AccountRegion {
  readonly glance?: boolean;
  readonly remainingMs?: () => number;
}

/**
 * AWS, as remediation knows it, in the region and with the credentials of the environment; for one invocation. What is registered with target groups, one
 * call each and slow in a large account, is remembered, and asked for again only where somebody in question is registered; in a glance not even there.
 */
export function createWorld({
  account,
  region,
  partition,
  glance = false,
  remainingMs = () => Infinity,
}: Visit): AwsWorld {
  const turn = () => elbTurn(remainingMs);
  const remembering = rememberingRegistered(readingRegistered(turn));
  const registeredIn: typeof remembering = glance ? (group) => remembering(group) : remembering;
  return {
    account,
    region,
    partition,
    affected: (triggers) => affected(triggers, registeredIn),
    look: (groups) => look(account, groups, registeredIn),
    add: addRules,
    remove: removeRules,
    pause: (looksWithoutProgress) => sleep(2000 * 3 ** (looksWithoutProgress - 1)),
    sweep: async () => {
      const gaps = collectGaps();
      return { groups: await sweep(registeredIn, gaps), gaps: gaps.said };
    },
    health: (groups) => healthOf(groups, registeredIn, turn),
  };
}
