import type { InterfaceId } from "../values/snapshot.ts";
import type { Line } from "./flowLog.ts";
import { judgeOf } from "./judgement.ts";
import type { Evidence, Question, Use, SeenSource, WayIn } from "./wayIn.ts";

/** Sources beyond these are counted as "at least", so that memory stays flat. */
const mostSources = 10_000;
const mostVisitors = 10;

interface Seen {
  flows: number;
  bytes: number;
  last: number;
}

interface Count extends Seen {
  readonly wayIn: WayIn;
  readonly sources: Map<string, Seen>;
  isAtLeast: boolean;
}

/** Takes in line after line, and says at the end what they come to. */
export interface Tally {
  readonly take: (line: Line) => void;
  readonly evidence: () => Evidence;
}

function note(seen: Seen, bytes: number, end: number): void {
  seen.flows += 1;
  seen.bytes += bytes;
  if (end > seen.last) seen.last = end;
}

export function tallyOf(question: Question): Tally {
  const judge = judgeOf(question);
  const counts = question.waysIn.map((wayIn): Count => ({
    wayIn,
    flows: 0,
    bytes: 0,
    last: 0,
    sources: new Map(),
    isAtLeast: false,
  }));
  const logged = new Set<InterfaceId>();
  const all = { records: 0, skipped: 0, unreadable: 0, first: Infinity, last: 0 };

  const take = (line: Line): void => {
    all.records += 1;
    if (line.kind === "unreadable") {
      all.unreadable += 1;
      return;
    }
    if (line.kind === "skipped") all.skipped += 1;
    if (line.kind !== "flow") {
      logged.add(line.interface);
      return;
    }
    const { flow } = line;
    logged.add(flow.interface);
    if (flow.start > 0 && flow.start < all.first) all.first = flow.start;
    if (flow.end > all.last) all.last = flow.end;
    for (const place of judge(flow)) {
      const count = counts[place];
      if (count !== undefined) countFlow(count, flow.from, flow.bytes, flow.end);
    }
  };
  return {
    take,
    evidence: () => ({
      uses: counts.map((count) => useOf(count, question, logged)),
      records: all.records,
      ...(all.first < all.last ? { from: isoOf(all.first), to: isoOf(all.last) } : {}),
      skipped: all.skipped,
      unreadable: all.unreadable,
    }),
  };
}

function countFlow(count: Count, from: string, bytes: number, end: number): void {
  note(count, bytes, end);
  const known = count.sources.get(from);
  if (known !== undefined) note(known, bytes, end);
  else if (count.sources.size < mostSources)
    count.sources.set(from, { flows: 1, bytes, last: end });
  else count.isAtLeast = true;
}

const isoOf = (seconds: number): string => new Date(seconds * 1000).toISOString();
const lastSeen = ({ last }: Seen): { readonly lastSeen?: string } =>
  last === 0 ? {} : { lastSeen: isoOf(last) };

function useOf(count: Count, { before }: Question, logged: ReadonlySet<InterfaceId>): Use {
  const { wayIn, flows, bytes, sources, isAtLeast } = count;
  const attached = before.interfaces.filter(({ groups }) => groups.includes(wayIn.group));
  const ids = attached.map(({ id }) => id);
  const visitors = [...sources]
    .map(([address, seen]): SeenSource => ({
      address,
      flows: seen.flows,
      bytes: seen.bytes,
      ...lastSeen(seen),
    }))
    .sort((a, b) => b.flows - a.flows || b.bytes - a.bytes)
    .slice(0, mostVisitors);
  return {
    wayIn,
    flows,
    bytes,
    sources: sources.size,
    isAtLeast,
    ...lastSeen(count),
    visitors,
    logged: ids.filter((id) => logged.has(id)),
    unlogged: ids.filter((id) => !logged.has(id)),
  };
}
