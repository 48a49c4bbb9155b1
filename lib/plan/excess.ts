import { intersection } from "../values/portRange.ts";
import { type Rule, type Source, sourceKey } from "../values/rule.ts";
import { isLeftWhole } from "./allProtocols.ts";
import { allowedPorts } from "./allowances.ts";
import { portsUnder } from "./consent.ts";
import { byProtocol, lessPorts, ported, type Ports, touchesPorts } from "./governed.ts";
import { type Reason, reasonToStay } from "./reasons.ts";
import { remainderOf } from "./remainder.ts";
import { cidrsOf } from "./sources.ts";
import type { Standards } from "./standards.ts";

const noPorts: Ports = { tcp: [], udp: [] };

/** The governed ports on which a rule lets in whom it may not, and that are closed. */
const excessPorts = (rule: Rule, standards: Standards): Ports =>
  isLeftWhole(rule, standards.group, standards.topology) ? noPorts : strayPorts(rule, standards);

/** The governed ports on which a rule lets in whom it may not. */
export function strayPorts(rule: Rule, standards: Standards): Ports {
  const { governed, ways } = standards;
  if (reasonToStay(rule, standards) !== undefined) return noPorts;
  const touched: Ports = {
    tcp: intersection(portsUnder(rule, "tcp"), governed.tcp),
    udp: intersection(portsUnder(rule, "udp"), governed.udp),
  };
  const { source } = rule;
  const way = source.kind === "group" ? ways.get(source.group) : undefined;
  const left = way === undefined ? touched : lessPorts(touched, way);
  return lessPorts(left, allowedOn(source, left, standards));
}

/** On which of these ports may the source stay? A prefix list where it is allowed itself, or each of its entries is. */
function allowedOn(source: Source, ports: Ports, { allowances, topology }: Standards): Ports {
  const named = allowedPorts(sourceKey(source), allowances, ports);
  const entries = source.kind === "prefixList" ? cidrsOf(source, topology) : [];
  if (entries.length === 0) return named;
  const left = lessPorts(ports, named);
  const refused = byProtocol(
    entries.flatMap((entry) => ported(lessPorts(left, allowedPorts(entry, allowances, left)))),
  );
  return lessPorts(ports, refused);
}

/** A rule that lets in whom it may not, on which ports, and what stays of it. */
export interface Excess {
  readonly rule: Rule;
  readonly closed: Ports;
  readonly remainder: readonly Rule[];
}

/** A group's rules apart: those that stay as they are, and the excess with what stays of it. */
export interface Sorted {
  readonly staying: readonly Rule[];
  readonly excess: readonly Excess[];
  /** Rules on governed ports that stay, and why. */
  readonly leftAlone: readonly { readonly rule: Rule; readonly reason: Reason }[];
}

export function sortRules(standards: Standards): Sorted {
  const sorted = {
    staying: [] as Rule[],
    excess: [] as Excess[],
    leftAlone: [] as { rule: Rule; reason: Reason }[],
  };
  for (const rule of standards.group.rules) {
    const closed = excessPorts(rule, standards);
    if (closed.tcp.length + closed.udp.length > 0) {
      sorted.excess.push({ rule, closed, remainder: remainderOf(rule, closed, standards) });
      continue;
    }
    sorted.staying.push(rule);
    if (touchesPorts(standards.governed, rule))
      sorted.leftAlone.push({ rule, reason: reasonFor(rule, standards) });
  }
  return sorted;
}

/** Why a rule stays that lets nobody in who may not enter. */
function reasonFor(rule: Rule, standards: Standards): Reason {
  const { ways } = standards;
  const stray = strayPorts(rule, standards);
  if (stray.tcp.length + stray.udp.length > 0) return "all protocols";
  const reason = reasonToStay(rule, standards) ?? "allowed";
  const isWay = rule.source.kind === "group" && ways.has(rule.source.group);
  return isWay && ["allowed", "not to close", "self"].includes(reason) ? "load balancer" : reason;
}
