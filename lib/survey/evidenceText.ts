import type { Evidence, Use } from "../evidence/wayIn.ts";
import { ruleText } from "../values/rule.ts";
import { containsPublicAddress } from "../values/cidr.ts";
import type { Snapshot } from "../values/snapshot.ts";
import { interfaceName } from "./names.ts";
import { counted, someOf, timeText } from "./words.ts";

/** Whose address it is, as far as the snapshot knows: "instance i-1", "private, of nobody that was read". */
function addressName(address: string, { interfaces, loadBalancers, vpcRanges }: Snapshot): string {
  const eni = interfaces.find(({ addresses }) => addresses.includes(address));
  if (eni?.use.kind === "loadBalancer") {
    const owner = loadBalancers.find(({ groups }) => groups.some((id) => eni.groups.includes(id)));
    return owner === undefined ? interfaceName(eni) : `load balancer ${owner.name}`;
  }
  if (eni !== undefined) return interfaceName(eni);
  const cidr = `${address}/${address.includes(":") ? 128 : 32}`;
  return containsPublicAddress(cidr, [...vpcRanges.values()].flat())
    ? "public"
    : "private, of nobody that was read";
}

const units = ["bytes", "KB", "MB", "GB", "TB"] as const;

/** "0 bytes", "4.2 MB". */
function bytesText(bytes: number): string {
  const power = Math.min(units.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  return power === 0
    ? counted(bytes, "byte")
    : `${(bytes / 1000 ** power).toFixed(1)} ${units[power]}`;
}

/** "14 days", "5 hours". */
function windowText({ from, to }: Evidence): string | undefined {
  if (from === undefined || to === undefined) return undefined;
  const hours = (Date.parse(to) - Date.parse(from)) / 3_600_000;
  if (hours < 1) return counted(Math.max(1, Math.round(hours * 60)), "minute");
  return hours < 48 ? counted(Math.round(hours), "hour") : counted(Math.round(hours / 24), "day");
}

const shown = 5;

/** Who used one way in that would be closed. */
export function useLines(use: Use, evidence: Evidence, snapshot: Snapshot): readonly string[] {
  const { wayIn, flows, bytes, sources, isAtLeast, lastSeen, visitors, logged, unlogged } = use;
  const window = windowText(evidence);
  const way = ruleText(wayIn.rule);
  const silent = unlogged.length === 0 ? [] : [`  The logs say nothing of ${someOf(unlogged, 4)}.`];
  if (logged.length === 0)
    return [`${way}: nobody can say, the logs hold nothing of its interfaces`, ...silent];
  if (flows === 0)
    return [
      `${way}: nobody ${window === undefined ? "in these logs" : `in ${window}`} who could not come in otherwise`,
      ...silent,
    ];
  const last = lastSeen === undefined ? "" : `, last seen ${timeText(lastSeen)}`;
  return [
    `${way}: ${isAtLeast ? "more than " : ""}${counted(sources, "source")} came in only by it: ${counted(flows, "flow")}, ${bytesText(bytes)}${last}`,
    ...visitors
      .slice(0, shown)
      .map(
        (one) =>
          `  ${one.address} (${addressName(one.address, snapshot)}): ${counted(one.flows, "flow")}, ${bytesText(one.bytes)}${one.lastSeen === undefined ? "" : `, last seen ${timeText(one.lastSeen)}`}`,
      ),
    ...(sources > shown
      ? [`  and ${counted(sources - shown, "more source", "more sources")}`]
      : []),
    ...silent,
  ];
}

/** What was read, and what it cannot show. */
export function limitsLines({
  records,
  from,
  to,
  skipped,
  unreadable,
}: Evidence): readonly string[] {
  const window =
    from === undefined || to === undefined ? "" : ` from ${timeText(from)} to ${timeText(to)}`;
  return [
    `Flow logs: ${counted(records, "record")}${window}.`,
    ...(skipped > 0
      ? [
          `AWS skipped records in ${counted(skipped, "interval")}: somebody may have come in unseen.`,
        ]
      : []),
    ...(unreadable > 0 ? [`${counted(unreadable, "line")} could not be read.`] : []),
    "A flow is a record: what one source sent to one port in one interval of up to ten minutes, not one connection.",
    "The logs do not show whose address it was at the time: addresses are reused, and behind NAT many share one. Answers to connections from inside look like flows, too, where the log has no tcp-flags.",
  ];
}
