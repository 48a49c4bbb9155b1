import fc from "fast-check";
import type { Policy } from "../../lib/values/policy.ts";
import { anyRegion } from "./arbitraryRegion.ts";
import { anyPolicy } from "./arbitraryRules.ts";
import { fullest } from "./calls.ts";
import type { Region } from "./region.ts";

/** A region in which the fullest group has room for so many rules more, and a policy that knows it, or does not. */
export const tight = fc
  .record({
    region: anyRegion,
    policy: anyPolicy,
    free: fc.constantFrom(0, 0, 1, 2, 3, 5),
    isTold: fc.constantFrom(true, true, true, false),
  })
  .map(({ region, policy, free, isTold }): { region: Region; policy: Policy } => {
    const quota = fullest(region) + free;
    return {
      region: { ...region, quota },
      policy: { ...policy, ...(isTold ? { rulesPerGroup: quota } : {}) },
    };
  });
