import type { AccountId, GroupId } from "../core/rule.ts";
import type { World } from "../world.ts";
import { affected } from "./affected.ts";
import { addRules, removeRules } from "./changes.ts";
import { healthOf } from "./health.ts";
import { look } from "./look.ts";
import { sleep } from "./pace.ts";
import { sweep } from "./sweep.ts";
import { readRegistered, rememberingRegistered } from "./targetGroups.ts";

/** What verification asks beyond what remediation does. */
export interface AwsWorld extends World {
  /** Every group in question in the whole region; complete, or thrown. */
  sweep(): Promise<readonly GroupId[]>;
}

/**
 * AWS, as remediation knows it, in the region and with the credentials of the environment. A `glance` is for one pass over many groups that only reads: what
 * is registered with target groups, one call each and slow in a large account, is then asked for once, not for every look.
 */
export function createWorld({ account, glance = false }: { readonly account: AccountId; readonly glance?: boolean }): AwsWorld {
  const registeredIn = glance ? rememberingRegistered() : readRegistered;
  return {
    account,
    affected: (triggers) => affected(triggers, registeredIn),
    look: (groups) => look(account, groups, registeredIn),
    add: addRules,
    remove: removeRules,
    pause: (looksWithoutProgress) => sleep(Math.min(1000 * 2 ** (looksWithoutProgress - 1), 8000)),
    sweep: () => sweep(registeredIn),
    health: healthOf,
  };
}
