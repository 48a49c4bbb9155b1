import { type Finding, finding } from "../values/finding.ts";
import type { GroupPlan } from "../values/groupPlan.ts";
import type { OpenPort, StaysBecause } from "../values/openPort.ts";
import { rangeText } from "../values/portRange.ts";
import { ruleText } from "../values/rule.ts";
import type { Snapshot } from "../values/snapshot.ts";

/** What keeps another group open, after its name; undefined: it is closed there, or it is right that it is open. */
function openness(because: StaysBecause): string | undefined {
  switch (because.kind) {
    case "foreignGroup":
      return `which belongs to account ${because.owner}`;
    case "managedGroup":
      return "which somebody else manages";
    case "ignored":
      return "which is ignored";
    case "unread":
      return "which could not be judged";
    case "kept":
      return `where it is kept ${because.until === undefined ? "without an end" : `until ${because.until}`}`;
    case "allowed":
      return "where it is allowed";
    case "allProtocols":
      return "which is not tagged elb-only=enforce";
    case "admitOnly":
      return `in which nothing is closed (${because.obstacles.join(", ")})`;
    case "audit":
      return "which is only audited";
    case "self":
    case "unresolvable":
    case "notToClose":
    case "notGoverned":
    case "toClose":
      return undefined;
  }
}

/** What is, or would be, closed in a group is open through another one. */
export const openElsewhere = (
  { group, reach }: GroupPlan,
  open: readonly OpenPort[],
  { groups }: Snapshot,
): readonly Finding[] =>
  open.flatMap((one) => {
    const { ports, rule, isPublic, because } = one;
    const why = openness(because);
    const isMeant = (because.kind === "allowed" || because.kind === "kept") && !isPublic;
    if (reach === "handsOff" || one.group === group || why === undefined || isMeant) return [];
    const whom = isPublic ? "the internet" : "others than load balancers";
    const [here, there] = [groups.get(group)?.name, groups.get(one.group)?.name];
    const text = `${ports.protocol}/${rangeText(ports)} of ${group} (${here}) stays open to ${whom} through ${one.group} (${there}), ${why}: ${ruleText(rule)} at ${interfacesText(one)}.`;
    return [finding("open-elsewhere", group, text, rule, isPublic ? "high" : undefined)];
  });

const interfacesText = ({ interfaces }: OpenPort): string =>
  interfaces.length > 5
    ? `${interfaces.slice(0, 5).join(", ")} and ${interfaces.length - 5} more`
    : interfaces.join(", ");
