import { portText } from "../values/protectedPort.ts";
import type { Policy } from "../values/policy.ts";
import type { Totals } from "./survey.ts";
import { counted } from "./words.ts";

/** How much there is to do: what comes first in every answer. */
export const headline = (totals: Totals): string =>
  totals.toChange === 0
    ? "Nothing would change."
    : `${counted(totals.toChange, "group")} of ${totals.groups} would change: ${counted(totals.rulesToAdd, "rule")} added, ${totals.rulesToRemove} removed, at ${counted(totals.interfaces, "interface")}.`;

/** What would stay open all the same; empty: nothing. */
export const stillOpenText = ({ staysOpen }: Totals): string =>
  staysOpen === 0
    ? ""
    : `${counted(staysOpen, "group")} would still be open to others than load balancers; the findings say why.`;

/** By what it was decided. */
export const policyText = (policy: Policy): string =>
  [
    `default mode ${policy.defaultMode}`,
    `close ${policy.close}`,
    `protected ${policy.protectedPorts.map(portText).join(", ") || "no port"}`,
    `allowed ${policy.allowedSources.join(", ") || "nobody else"}`,
    ...(policy.keepSelf ? [] : ["references to itself closed"]),
  ].join("; ");
