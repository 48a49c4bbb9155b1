import type { Custody } from "../../lib/remediation/custody.ts";
import type { Affected, World } from "../../lib/remediation/ports.ts";
import { remediate as remediateIn } from "../../lib/remediation/remediate.ts";
import type { Restraint } from "../../lib/remediation/restraint.ts";
import type { Outcome } from "../../lib/values/outcome.ts";
import type { Policy } from "../../lib/values/policy.ts";

/** Of somebody who is alone, and in whose state nothing is to be found. */
export const freeHand: Custody = {
  whyAddOnly: () => undefined,
  join: () => Promise.resolve(true),
  writeAhead: () => Promise.resolve(),
  digits: () => "3fa9c1",
  interrupted: new Map(),
  untold: [],
};

/** Remediation by somebody who is alone. */
export const remediate = (
  affected: Affected,
  policy: Policy,
  world: World,
  hasTime?: () => boolean,
  restraint?: Restraint,
): Promise<readonly Outcome[]> =>
  remediateIn(affected, policy, world, freeHand, hasTime, restraint);
