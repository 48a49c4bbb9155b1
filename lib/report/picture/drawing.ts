import type { Survey } from "../../survey/survey.ts";
import { html, type Markup, nothing } from "../markup.ts";
import { standings } from "../standing.ts";
import type { Graph } from "./graph.ts";
import { type Layout, mostLetters, type PlacedEdge, type PlacedNode } from "./layout.ts";
import { groupAnchor } from "../anchor.ts";

/** Arrow heads, once for all pictures. */
export const arrowHeads: Markup = html`<svg class="unseen" aria-hidden="true" width="0" height="0">
  <defs>
    ${(["serves", "internet", "others", "exempt"] as const).map(
      (kind) =>
        html`<marker
          id="head-${kind}"
          class="head ${kind}"
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerWidth="8"
          markerHeight="8"
          markerUnits="userSpaceOnUse"
          orient="auto"
          ><path d="M0 0 8 4 0 8z"
        /></marker>`,
    )}
  </defs>
</svg>`;

/** One picture; what it shows stands below it in words, for those who do not see it. */
export function drawing(
  graph: Graph,
  { width, height, nodes, edges }: Layout,
  survey: Survey,
): Markup {
  const groups = graph.reports.map((one) => groupAnchor(one, survey)).join(" ");
  const [w, h] = [Math.ceil(width), Math.ceil(height)];
  const names = nodes.filter(({ kind }) => kind === "loadBalancer").map(({ title }) => title);
  const title = `Who reaches the groups behind ${names.join(", ") || "no load balancer"}`;
  return html`<figure class="picture" data-groups="${groups}">
    <div class="scroll" tabindex="0" role="region" aria-label="Picture: ${title}">
      <svg viewBox="0 0 ${w} ${h}" width="${w}" height="${h}" role="group" aria-label="${title}">
        ${edges.map(edgeDrawing)} ${nodes.map(nodeDrawing)}
      </svg>
    </div>
    <figcaption>
      <details>
        <summary>In words</summary>
        <ul>
          ${inWords(nodes, edges)}
        </ul>
      </details>
    </figcaption>
  </figure>`;
}

const round = (number: number): number => Math.round(number * 10) / 10;

/** A line with round corners. */
function path(points: PlacedEdge["points"]): string {
  const radius = 8;
  return points
    .map(({ x, y }, place) => {
      const [before, after] = [points[place - 1], points[place + 1]];
      if (before === undefined) return `M${round(x)} ${round(y)}`;
      if (after === undefined) return `L${round(x)} ${round(y)}`;
      const towards = (to: { readonly x: number; readonly y: number }) => {
        const length = Math.hypot(to.x - x, to.y - y) || 1;
        const by = Math.min(radius, length / 2) / length;
        return `${round(x + (to.x - x) * by)} ${round(y + (to.y - y) * by)}`;
      };
      return `L${towards(before)}Q${round(x)} ${round(y)} ${towards(after)}`;
    })
    .join("");
}

function edgeDrawing({ kind, points, label, labelBox: box, why }: PlacedEdge): Markup {
  const head = kind === "attached" ? nothing : html` marker-end="url(#head-${kind})"`;
  const line = html`<path class="edge" d="${path(points)}" ${head} />`;
  const text =
    box === undefined
      ? nothing
      : html`<rect
            class="behind"
            x="${round(box.x)}"
            y="${round(box.y)}"
            width="${round(box.width)}"
            height="${box.height}"
          /><text
            class="label"
            x="${round(box.x + box.width / 2)}"
            y="${round(box.y + box.height / 2 + 4)}"
            text-anchor="middle"
            >${cut(label)}</text
          >`;
  return html`<g class="${kind}"
    ><title>${label}${why === undefined ? "" : `: ${why}`}</title>${line}${text}</g
  >`;
}

const cut = (text: string): string =>
  text.length > mostLetters ? `${text.slice(0, mostLetters - 1)}…` : text;

/** A padlock, open or shut; so that colour says nothing alone. */
const shut = "M3 7V5a3 3 0 0 1 6 0v2h1v6H2V7zm1.5 0h3V5a1.500 1.500 0 0 0-3 0z";
const open = "M3 7V3.500a3 3 0 0 1 6 0H7.500a1.500 1.500 0 0 0-3 0V7H10v6H2V7z";

/** A globe for whoever knocks, scales for a load balancer, a box for what is behind. */
const icons = {
  source: "M6 0a6 6 0 1 0 0 12A6 6 0 0 0 6 0zM1.500 5.300h9v1.400h-9zM5.300 1.500h1.400v9H5.300z",
  loadBalancer: "M0 5h4l4-4h4v2H9L5.800 6 9 9h3v2H8L4 7H0z",
  interfaces: "M0 1h12v4H0zm0 6h12v4H0zM2 2.500v1h2v-1zm0 6v1h2v-1z",
} as const;

function iconOf({ kind, standing }: PlacedNode): string {
  if (kind !== "group") return icons[kind];
  return standing === "protected" || standing === "closed" || standing === undefined ? shut : open;
}

function nodeDrawing(node: PlacedNode): Markup {
  const { kind, standing, title, detail, href, x, y, width, height } = node;
  const round = kind === "loadBalancer" || kind === "source" ? height / 2 : 8;
  const middle = height / 2;
  const said = standing === undefined ? title : `${title} ${detail}: ${standings[standing]}`;
  const body = html`<title>${said}</title><rect width="${width}" height="${height}" rx="${round}" />
    <path class="icon" transform="translate(14 ${middle - 6.5})" d="${iconOf(node)}" />
    <text class="title" x="34" y="${detail === "" ? middle + 4 : middle - 4}">${cut(title)}</text>
    ${detail === "" ? nothing : html`<text class="detail" x="34" y="${middle + 12}">${cut(detail)}</text>`}`;
  const inner = href === undefined ? body : html`<a href="#${href}">${body}</a>`;
  return html`<g
    class="node ${kind} ${standing ?? ""}"
    transform="translate(${Math.round(x)} ${Math.round(y)})"
    >${inner}</g
  >`;
}

function inWords(nodes: Layout["nodes"], edges: Layout["edges"]): readonly Markup[] {
  const titles = new Map(
    nodes.map(({ id, title, detail, kind }) => [
      id,
      kind === "group" ? `${title} (${detail})` : title,
    ]),
  );
  return edges.map(({ from, to, kind, label, why }) => {
    const [one, other] = [titles.get(from), titles.get(to)];
    if (kind === "attached") return html`<li>${one} is attached to ${other}.</li>`;
    if (kind === "serves") return html`<li>${one} serves ${other} on ${label}.</li>`;
    return html`<li class="${kind}">
      ${one} gets in to ${other} on ${label}${why === undefined ? "" : ` (${why})`}.
    </li>`;
  });
}
