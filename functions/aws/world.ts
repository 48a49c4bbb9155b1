import type { AccountId, GroupId } from "../core/rule.ts";
import type { InterfaceId } from "../core/snapshot.ts";
import type { World } from "../remediate.ts";
import { affected } from "./affected.ts";
import { addRules, removeRules } from "./changes.ts";
import { type Health, healthOf } from "./health.ts";
import { look } from "./look.ts";
import { sleep, turns } from "./pace.ts";
import { sweep } from "./sweep.ts";

/** What verification and alerts ask beyond what remediation does. */
export interface AwsWorld extends World {
  /** Every group in question in the whole region; complete, or thrown. */
  sweep(): Promise<readonly GroupId[]>;
  /** How these groups' wearers fare as targets. */
  health(groups: readonly GroupId[]): Promise<ReadonlyMap<InterfaceId, Health>>;
}

/** AWS, as remediation knows it, in the region and with the credentials of the environment. Keep one for the life of the process: it paces the calls. */
export function createWorld({ account }: { readonly account: AccountId }): AwsWorld {
  // ELB gives all callers of an account 40 calls and 10 more a second; deployments and Auto Scaling need some of them.
  const turn = turns(20, 8);
  return {
    account,
    affected: (triggers) => affected(triggers, turn),
    look: (groups) => look(account, groups, turn),
    add: addRules,
    remove: removeRules,
    pause: (looksWithoutProgress) => sleep(Math.min(1000 * 2 ** (looksWithoutProgress - 1), 8000)),
    sweep: () => sweep(turn),
    health: (groups) => healthOf(groups, turn),
  };
}
