import type { AccountId } from "../core/rule.ts";
import type { Swept } from "../verifyRegion.ts";
import type { World } from "../world.ts";
import { affected } from "./affected.ts";
import { addRules, removeRules } from "./changes.ts";
import { elbTurn } from "./clients.ts";
import { healthOf } from "./health.ts";
import { look } from "./look.ts";
import { nothingMissing } from "./missing.ts";
import { sleep } from "./pace.ts";
import { sweep } from "./sweep.ts";
import { readingRegistered, rememberingRegistered } from "./targetGroups.ts";

/** What verification asks beyond what remediation does. */
export interface AwsWorld extends World {
  /** Every group in question in the whole region; complete, or says what is missing. */
  sweep(): Promise<Swept>;
}

/** What a world is for. `glance`: one pass over many groups that only reads. `remainingMs`: how much of the invocation is left. */
interface Visit {
  readonly account: AccountId;
  readonly glance?: boolean;
  readonly remainingMs?: () => number;
}

/**
 * AWS, as remediation knows it, in the region and with the credentials of the environment; for one invocation. What is registered with target groups, one
 * call each and slow in a large account, is remembered, and asked for again only where somebody in question is registered; in a glance not even there.
 */
export function createWorld({ account, glance = false, remainingMs = () => Infinity }: Visit): AwsWorld {
  const turn = () => elbTurn(remainingMs);
  const remembering = rememberingRegistered(readingRegistered(turn));
  const registeredIn: typeof remembering = glance ? (group) => remembering(group) : remembering;
  return {
    account,
    affected: (triggers) => affected(triggers, registeredIn),
    look: (groups) => look(account, groups, registeredIn),
    add: addRules,
    remove: removeRules,
    pause: (looksWithoutProgress) => sleep(2000 * 3 ** (looksWithoutProgress - 1)),
    sweep: async () => {
      const missing = nothingMissing();
      return { groups: await sweep(registeredIn, missing), missing: missing.said };
    },
    health: (groups) => healthOf(groups, registeredIn, turn),
  };
}
