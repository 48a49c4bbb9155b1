import { reasonText } from "../../messages/openPorts.ts";
import type { GroupReport } from "../../survey/groupReport.ts";
import { sourceName } from "../../survey/names.ts";
import type { Survey } from "../../survey/survey.ts";
import type { OpenPort } from "../../values/openPort.ts";
import { rangeText } from "../../values/portRange.ts";

/** "tcp/80 to everybody (0.0.0.0/0)". */
export const openingText = ({ ports, rule, group }: OpenPort, { before }: Survey): string =>
  `${ports.protocol}/${rangeText(ports)} to ${sourceName(rule.source, group, before)}`;

/** By which rule of which group, and why it stays. */
export const openingDetail = (open: OpenPort, own: GroupReport["group"]): string =>
  [
    ...(open.group === own ? [] : [`through ${open.group}`]),
    ...(open.rule.id === undefined ? [] : [`by ${open.rule.id}`]),
    reasonText(open.because),
  ].join(", ");

export const reachText: Readonly<Record<GroupReport["reach"], string>> = {
  govern: "may be closed",
  admitOnly: "admit only: nothing may be removed here",
  handsOff: "hands off: nothing may be written here",
};
