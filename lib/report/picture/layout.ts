import type { ElkExtendedEdge, ElkNode, ElkPoint } from "elkjs/lib/elk-api.js";
import type { Graph, PictureEdge, PictureNode } from "./graph.ts";

export interface PlacedNode extends PictureNode {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedEdge extends PictureEdge {
  /** Corners, from the start to the end. */
  readonly points: readonly ElkPoint[];
  readonly labelBox?: Box;
}

interface Box extends ElkPoint {
  readonly width: number;
  readonly height: number;
}

/** A graph with a place for everything. Pixels. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

const options = {
  "elk.algorithm": "layered",
  "elk.direction": "RIGHT",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.partitioning.activate": "true",
  "elk.spacing.nodeNode": "18",
  "elk.spacing.edgeNode": "14",
  "elk.spacing.edgeEdge": "8",
  "elk.layered.spacing.nodeNodeBetweenLayers": "24",
  "elk.layered.spacing.edgeNodeBetweenLayers": "14",
  "elk.layered.spacing.edgeEdgeBetweenLayers": "8",
  "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX",
  "elk.padding": "[top=8,left=8,bottom=8,right=8]",
};

/** Who knocks stands to the left, the groups in the middle, what is behind them to the right. */
const partitions: Readonly<Record<PictureNode["kind"], string>> = {
  source: "0",
  loadBalancer: "0",
  group: "1",
  interfaces: "2",
};

export const mostLetters = 34;
const letterWidth = { title: 8.5, detail: 6.8, label: 7.1 };

const shown = (text: string): number => Math.min(text.length, mostLetters);

const sizeOf = ({ title, detail, kind }: PictureNode) => ({
  width: Math.max(
    kind === "group" ? 150 : 96,
    Math.ceil(44 + Math.max(shown(title) * letterWidth.title, shown(detail) * letterWidth.detail)),
  ),
  height: detail === "" ? 34 : 48,
});

type Elk = { readonly layout: (graph: ElkNode) => Promise<ElkNode> };

/** ELK is large, and only a report needs it. */
async function loaded(): Promise<Elk> {
  const { default: Elk } = await import("elkjs/lib/elk.bundled.js");
  // Its CommonJS says that it is a default of a default.
  const Made = ((Elk as { default?: unknown }).default ?? Elk) as new () => Elk;
  return new Made();
}

/** Places for everything in each graph, by the Eclipse Layout Kernel. */
export async function layOut(graphs: readonly Graph[]): Promise<readonly Layout[]> {
  const elk = await loaded();
  const layouts: Layout[] = [];
  for (const graph of graphs) layouts.push(placed(graph, await elk.layout(asked(graph))));
  return layouts;
}

const asked = ({ nodes, edges }: Graph): ElkNode => ({
  id: "picture",
  layoutOptions: options,
  children: nodes.map((node) => ({
    id: node.id,
    ...sizeOf(node),
    layoutOptions: { "elk.partitioning.partition": partitions[node.kind] },
  })),
  edges: edges.map((edge, place) => ({
    id: String(place),
    sources: [edge.from],
    targets: [edge.to],
    labels:
      edge.label === ""
        ? []
        : [
            {
              text: edge.label,
              width: shown(edge.label) * letterWidth.label + 12,
              height: 18,
              layoutOptions: { "elk.edgeLabels.inline": "true" },
            },
          ],
  })),
});

function placed({ nodes, edges }: Graph, answer: ElkNode): Layout {
  const places = new Map((answer.children ?? []).map((one) => [one.id, one]));
  const routes = new Map((answer.edges ?? []).map((one) => [one.id, one]));
  return {
    width: answer.width ?? 0,
    height: answer.height ?? 0,
    nodes: nodes.map((node) => {
      const { x = 0, y = 0, width = 0, height = 0 } = places.get(node.id) ?? {};
      return { ...node, x, y, width, height };
    }),
    edges: edges.map((edge, place) => ({ ...edge, ...routed(routes.get(String(place))) })),
  };
}

function routed(edge: ElkExtendedEdge | undefined): Pick<PlacedEdge, "points" | "labelBox"> {
  const points = (edge?.sections ?? []).flatMap(({ startPoint, bendPoints = [], endPoint }) => [
    startPoint,
    ...bendPoints,
    endPoint,
  ]);
  const { x = 0, y = 0, width = 0, height = 0 } = edge?.labels?.[0] ?? {};
  return {
    points,
    ...(edge?.labels?.[0] === undefined ? {} : { labelBox: { x, y, width, height } }),
  };
}
