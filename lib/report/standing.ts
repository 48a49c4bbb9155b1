import { type GroupReport, isToChange } from "../survey/groupReport.ts";
import type { OpenPort, StaysBecause } from "../values/openPort.ts";

/** How a group stands, by effect: the worst that is true of it. */
export type Standing = "internet" | "others" | "exempt" | "protected" | "closed";

/** What each is called, the worst first. */
export const standings: Readonly<Record<Standing, string>> = {
  internet: "Open to the internet",
  others: "Open to others",
  exempt: "Exempt",
  protected: "Protected",
  closed: "Nobody else gets in",
};

/** Did somebody say that this way in may stay? */
export function isExempt({ kind }: StaysBecause): boolean {
  switch (kind) {
    case "kept":
    case "allowed":
    case "self":
    case "notToClose":
      return true;
    case "foreignGroup":
    case "managedGroup":
    case "ignored":
    case "unread":
    case "unresolvable":
    case "allProtocols":
    case "admitOnly":
    case "notGoverned":
    case "audit":
    case "toClose":
      return false;
  }
}

/** Of one way in. */
export const toneOf = ({ because, isPublic }: OpenPort): "internet" | "others" | "exempt" =>
  isExempt(because) ? "exempt" : isPublic ? "internet" : "others";

const worst = (open: readonly OpenPort[]): "internet" | "others" | "exempt" | undefined =>
  (["internet", "others", "exempt"] as const).find((tone) =>
    open.some((one) => toneOf(one) === tone),
  );

/** As elb-only's metrics count: protected is what is enforced, wholly ours to close, and closed. */
export const standingOf = ({ openPorts, mode, reach }: GroupReport): Standing =>
  worst(openPorts) ?? (mode === "enforce" && reach === "govern" ? "protected" : "closed");

export const standingAfter = ({ openPortsAfter }: GroupReport): Standing =>
  worst(openPortsAfter) ?? "closed";

/** Something is open here that elb-only would not close, though nobody exempted it. */
export const isLeftOpen = ({ refused, openPortsAfter }: GroupReport): boolean =>
  refused.length > 0 || openPortsAfter.some(({ because }) => !isExempt(because));

/** Nothing to see here. */
export const isQuiet = (report: GroupReport): boolean =>
  report.openPorts.length === 0 && !isToChange(report);
