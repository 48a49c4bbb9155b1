import type { GroupReport } from "../../survey/groupReport.ts";
import { sourceName } from "../../survey/names.ts";
import type { Survey } from "../../survey/survey.ts";
import { counted } from "../../survey/words.ts";
import { reasonText } from "../../messages/openPorts.ts";
import { rangeText } from "../../values/portRange.ts";
import { type GroupId, sourceKey } from "../../values/rule.ts";
import type { Interface } from "../../values/snapshot.ts";
import { isQuiet, standingOf, type Standing, toneOf } from "../standing.ts";
import { groupAnchor } from "../anchor.ts";

type NodeKind = "source" | "loadBalancer" | "group" | "interfaces";

export interface PictureNode {
  readonly id: string;
  readonly kind: NodeKind;
  readonly standing?: Standing;
  readonly title: string;
  readonly detail: string;
  /** Where on the page there is more. */
  readonly href?: string;
}

export interface PictureEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: "serves" | "attached" | "internet" | "others" | "exempt";
  readonly label: string;
  /** Why an open way in stays. */
  readonly why?: string;
}

/** Who reaches whom among some groups. */
export interface Graph {
  readonly nodes: readonly PictureNode[];
  readonly edges: readonly PictureEdge[];
  readonly reports: readonly GroupReport[];
}

/** Fewer quiet groups than these are shown one by one. */
const fewQuiet = 3;

/** All nodes and edges of these groups, which share load balancers or interfaces. */
export function graphOf(reports: readonly GroupReport[], survey: Survey): Graph {
  const drawn = folded(reports);
  const ids = new Set(
    drawn.flatMap((some) => (some.length === 1 ? some : [])).map((one) => one.group),
  );
  const nodes = new Map<string, PictureNode>();
  const edges = new Map<string, PictureEdge>();
  const connect = (edge: PictureEdge): void => {
    const key = `${edge.from} ${edge.to} ${edge.kind} ${edge.why ?? ""}`;
    const known = edges.get(key)?.label.split(", ") ?? [];
    const label = [...new Set([...known, ...edge.label.split(", ")])].join(", ");
    edges.set(key, { ...edge, label });
  };
  for (const some of drawn) {
    const node = some.length === 1 ? groupNode(some[0]!, survey) : quietNode(some);
    nodes.set(node.id, node);
    for (const { id, name, ports } of some.flatMap(({ loadBalancers }) => loadBalancers)) {
      nodes.set(`lb ${id}`, loadBalancerNode(id, name, survey));
      connect({ from: `lb ${id}`, to: node.id, kind: "serves", label: ports.join(", ") });
    }
  }
  for (const open of reports.flatMap(({ openPorts }) => openPorts)) {
    const { group, rule, ports, because } = open;
    const kind = toneOf(open);
    const why = reasonText(because);
    // Whoever is exempt is shown with the reason.
    const detail = kind === "exempt" ? why : "";
    const from = `source ${kind} ${sourceKey(rule.source)} ${detail}`;
    const title = sourceName(rule.source, group, survey.before);
    nodes.set(from, { id: from, kind: "source", standing: kind, title, detail });
    if (!ids.has(group)) nodes.set(`group ${group}`, otherGroupNode(group, survey));
    const label = `${ports.protocol}/${rangeText(ports)}`;
    connect({ from, to: `group ${group}`, kind, label, why });
  }
  for (const [, alike] of bundles(ids, reports, survey)) {
    const node = interfacesNode(alike);
    nodes.set(node.id, node);
    for (const group of alike[0]?.groups ?? [])
      if (nodes.has(`group ${group}`))
        connect({ from: `group ${group}`, to: node.id, kind: "attached", label: "" });
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()], reports };
}

/** Groups with nothing to see behind the same load balancers stand together. */
function folded(reports: readonly GroupReport[]): readonly (readonly GroupReport[])[] {
  const quiet = Map.groupBy(reports.filter(isQuiet), ({ loadBalancers }) =>
    JSON.stringify(loadBalancers.map(({ id }) => id).sort()),
  );
  return [
    ...reports.filter((one) => !isQuiet(one)).map((one) => [one]),
    ...[...quiet.values()].flatMap((some) =>
      some.length <= fewQuiet ? some.map((one) => [one]) : [some],
    ),
  ];
}

const groupNode = (report: GroupReport, survey: Survey): PictureNode => ({
  id: `group ${report.group}`,
  kind: "group",
  standing: standingOf(report),
  title: report.name === "" ? report.group : report.name,
  detail: [...(report.name === report.group ? [] : [report.group]), report.mode].join(", "),
  href: groupAnchor(report, survey),
});

const quietNode = (reports: readonly GroupReport[]): PictureNode => ({
  id: `quiet ${reports.map(({ group }) => group).join(" ")}`,
  kind: "group",
  standing: "closed",
  title: counted(reports.length, "more group"),
  detail: "as they should be",
});

const otherGroupNode = (group: GroupId, { before }: Survey): PictureNode => ({
  id: `group ${group}`,
  kind: "group",
  title: before.groups.get(group)?.name ?? group,
  detail: group,
});

function loadBalancerNode(id: string, name: string, { before }: Survey): PictureNode {
  const found = before.loadBalancers.find((one) => one.id === id);
  const groups = (found?.groups ?? []).join(", ");
  return {
    id: `lb ${id}`,
    kind: "loadBalancer",
    title: name,
    detail: `${found?.kind ?? ""}, ${groups === "" ? "no group" : groups}`,
  };
}

/** Interfaces that are attached to the very same groups. */
function bundles(
  groups: ReadonlySet<GroupId>,
  reports: readonly GroupReport[],
  { before }: Survey,
): ReadonlyMap<string, readonly Interface[]> {
  const attached = new Set(reports.flatMap((one) => one.attached.map((eni) => eni.interface)));
  const shown = before.interfaces.filter(
    (eni) => attached.has(eni.id) && eni.groups.some((id) => groups.has(id)),
  );
  return Map.groupBy(shown, (eni) => [...eni.groups].sort().join(" "));
}

const nameOf = ({ id, use }: Interface): string => (use.kind === "instance" ? use.instance : id);

function interfacesNode(alike: readonly Interface[]): PictureNode {
  const names = alike.map(nameOf);
  const kinds = [...Map.groupBy(alike, kindOf)].map(([kind, some]) => counted(some.length, kind));
  return {
    id: `interfaces ${[...(alike[0]?.groups ?? [])].sort().join(" ")}`,
    kind: "interfaces",
    title: kinds.join(", "),
    detail: names.length > 2 ? `${names[0]} and ${names.length - 1} more` : names.join(", "),
  };
}

function kindOf({ use }: Interface): string {
  switch (use.kind) {
    case "instance":
      return "instance";
    case "loadBalancer":
      return "load balancer interface";
    case "ecsTask":
      return "ECS task";
    case "other":
      return use.what === "" ? "interface" : use.what;
  }
}
