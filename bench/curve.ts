import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { costOf, opened } from "./calls.ts";

// Writes docs/calls.svg: the calls that one opened rule takes, by the number of target groups in its VPC.

interface Series {
  readonly name: string;
  readonly color: string;
  readonly points: readonly (readonly [targetGroups: number, calls: number])[];
}

const counts = [1, 3, 10, 30, 100, 300, 1000, 3000];
const [width, height, left, top, right, bottom] = [720, 360, 64, 24, 24, 48];
const most = 4;
const x = (count: number): number => left + (Math.log10(count) / 3.5) * (width - left - right);
const y = (calls: number): number =>
  height - bottom - (Math.log10(calls) / most) * (height - top - bottom);

async function seriesOf(name: string, color: string, isSwept: boolean): Promise<Series> {
  const points: (readonly [number, number])[] = [];
  for (const targetGroups of counts) {
    const shape = { targetGroups, loadBalancers: Math.ceil(targetGroups / 3) };
    const { elb, ec2, writes, closedAfter } = await costOf(shape, opened, isSwept);
    console.log(
      `${name}, ${targetGroups} target groups: ${elb} ELB, ${ec2} EC2, ${writes} writes; ${closedAfter === undefined ? "not closed in time" : "closed"}`,
    );
    points.push([targetGroups, elb + ec2 + writes]);
  }
  return { name, color, points };
}

function drawn({ name, color, points }: Series): string {
  const path = points.map(([count, calls]) => `${x(count).toFixed(1)},${y(calls).toFixed(1)}`);
  const last = points.at(-1) ?? [1, 1];
  const dots = points.map(
    ([count, calls]) =>
      `<circle cx="${x(count).toFixed(1)}" cy="${y(calls).toFixed(1)}" r="3" fill="${color}"><title>${count} target groups: ${calls} calls</title></circle>`,
  );
  return [
    `<polyline points="${path.join(" ")}" fill="none" stroke="${color}" stroke-width="2"/>`,
    ...dots,
    `<text x="${x(last[0]) - 8}" y="${y(last[1]) - 10}" text-anchor="end" fill="${color}">${name}</text>`,
  ].join("\n");
}

const series = [
  await seriesOf("before the first sweep", "#b45309", false),
  await seriesOf("after a sweep", "#1d6f42", true),
];
const axes = [
  ...[1, 10, 100, 1000].flatMap((count) => [
    `<line x1="${x(count)}" y1="${top}" x2="${x(count)}" y2="${height - bottom}" stroke="#8884"/>`,
    `<text x="${x(count)}" y="${height - bottom + 18}" text-anchor="middle">${count.toLocaleString("en")}</text>`,
  ]),
  ...[1, 10, 100, 1000].flatMap((calls) => [
    `<line x1="${left}" y1="${y(calls)}" x2="${width - right}" y2="${y(calls)}" stroke="#8884"/>`,
    `<text x="${left - 8}" y="${y(calls) + 4}" text-anchor="end">${calls.toLocaleString("en")}</text>`,
  ]),
  `<text x="${(left + width - right) / 2}" y="${height - 10}" text-anchor="middle">target groups in the VPC</text>`,
  `<text x="16" y="${(top + height - bottom) / 2}" text-anchor="middle" transform="rotate(-90 16 ${(top + height - bottom) / 2})">calls</text>`,
];
writeFileSync(
  join(import.meta.dirname, "..", "docs", "calls.svg"),
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="Calls of one opened rule by target groups in its VPC" font-family="system-ui, sans-serif" font-size="13" fill="#777">
${[...axes, ...series.map(drawn)].join("\n")}
</svg>
`,
);
