import { passageText } from "../values/difference.ts";
import type { StaysBecause } from "../values/openPort.ts";
import type { Outcome } from "../values/outcome.ts";
import { rangeText } from "../values/portRange.ts";
import { sourceKey } from "../values/rule.ts";
import type { Section } from "./parts.ts";
import { atMost, oneLine, table } from "./text.ts";

/** Why a way in stays, for people. */
export function reasonText(because: StaysBecause): string {
  switch (because.kind) {
    case "foreignGroup":
      return `account ${because.owner}'s group`;
    case "managedGroup":
      return "a managed group";
    case "ignored":
      return "the group is ignored";
    case "unread":
      return "the group could not be judged";
    case "kept": {
      const { until, why } = because;
      const end = until === undefined ? "without an end" : `until ${until}`;
      return oneLine(`kept ${end}${why === "" ? "" : ` (${why})`}`);
    }
    case "allowed":
      return "an allowed source";
    case "self":
      return "the group itself";
    case "unresolvable":
      return "a source that cannot be resolved";
    case "notToClose":
      return "not to be closed, by the setting close";
    case "allProtocols":
      return "a rule for all protocols, left whole";
    case "admitOnly":
      return `admit only, ${because.obstacles.join(", ")}`;
    case "notGoverned":
      return "its load balancer's ports are left alone";
    case "audit":
      return "audited";
    case "toClose":
      return "still to be closed";
  }
}

/** Who but load balancers gets in, by which group, and why that stays. */
export function openPorts({ open = [] }: Outcome): Section {
  const rows = open.map(({ ports, rule, isPublic, group, interfaces, because, since, by }) => [
    `${ports.protocol}/${rangeText(ports)}`,
    `${sourceKey(rule.source)}${isPublic ? " (public)" : ""}`,
    `by ${group}`,
    interfaces.length === 1 ? (interfaces[0] ?? "") : `${interfaces.length} interfaces`,
    [reasonText(because), since && `since ${since}`, by && `as its event says by ${by}`]
      .filter(Boolean)
      .map((part) => oneLine(part ?? ""))
      .join(", "),
  ]);
  return { title: "Open to others than load balancers", lines: atMost(20, table(rows)) };
}

/** Exactly who lost and who gained what. */
export function difference({ difference: exact }: Outcome): Section {
  const { loses = [], gains = [] } = exact ?? {};
  const lines = [
    ...loses.map((one) => `  - ${passageText(one)}`),
    ...gains.map((one) => `  + ${passageText(one)}`),
  ];
  return { title: "Who lost (-) and who gained (+) what", lines: atMost(20, lines) };
}
