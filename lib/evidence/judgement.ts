import { admits, type Packet } from "../judge/admits.ts";
import type { Rule } from "../values/rule.ts";
import type { Interface, Snapshot } from "../values/snapshot.ts";
import { type CellOf, cellsOf } from "./cells.ts";
import type { Flow } from "./flowLog.ts";
import type { Question } from "./wayIn.ts";

/** By which ways in, by their place in the question, a flow came that nothing that stays would let in. */
export type Judge = (flow: Flow) => readonly number[];

const none: readonly number[] = [];

/** More answers than these are forgotten, so that memory stays flat. */
const mostRemembered = 100_000;

/** What is alike at all interfaces that are attached to the same groups. */
interface Door {
  readonly ways: readonly { readonly place: number; readonly rule: Rule }[];
  readonly staying: readonly Rule[];
  readonly cellOf: CellOf;
  readonly answers: Map<string, readonly number[]>;
}

const isIn = ({ protocol, fromPort, toPort }: Rule, flow: Flow): boolean =>
  protocol === "-1" ||
  (protocol === flow.protocol &&
    (fromPort === -1 || (fromPort <= flow.port && flow.port <= toPort)));

/** The judge is asked once for all flows that no rule could tell apart. */
export function judgeOf({ before, after, waysIn }: Question): Judge {
  const doors = new Map<string, Door>();
  const doorAt = new Map<string, { readonly eni: Interface; readonly door: Door }>();
  const groupsAt = new Map(
    before.interfaces.flatMap(({ addresses, groups }) =>
      addresses.map((address) => [address, groups] as const),
    ),
  );
  for (const eni of before.interfaces) {
    const key = [...eni.groups].sort().join();
    const ways = waysIn.flatMap(({ group, rule }, place) =>
      eni.groups.includes(group) ? [{ place, rule }] : [],
    );
    if (ways.length === 0) continue;
    const staying = eni.groups.flatMap((id) => after.groups.get(id)?.rules ?? []);
    const door = doors.get(key) ?? {
      ways,
      staying,
      cellOf: cellsOf(
        [...ways.map(({ rule }) => rule), ...staying].flatMap((rule) => cidrsOf(rule, before)),
      ),
      answers: new Map<string, readonly number[]>(),
    };
    doors.set(key, door);
    doorAt.set(eni.id, { eni, door });
  }

  const ask = ({ ways, staying }: Door, flow: Flow): readonly number[] => {
    const packet: Packet = {
      protocol: flow.protocol,
      port: flow.port,
      from: { address: flow.from, groups: groupsAt.get(flow.from) ?? [] },
    };
    const used = ways.filter(({ rule }) => admits([rule], packet, before.prefixLists));
    return used.length === 0 || admits(staying, packet, before.prefixLists, "refuses")
      ? none
      : used.map(({ place }) => place);
  };

  return (flow) => {
    const found = doorAt.get(flow.interface);
    if (found === undefined) return none;
    const { eni, door } = found;
    // What the interface sent itself is no way in.
    if (eni.addresses.includes(flow.from)) return none;
    if (!door.ways.some(({ rule }) => isIn(rule, flow))) return none;
    // Who was read may be let in by its groups, too.
    const sender = groupsAt.has(flow.from) ? flow.from : door.cellOf(flow.from);
    const key = `${flow.protocol} ${flow.port} ${sender}`;
    const known = door.answers.get(key);
    if (known !== undefined) return known;
    if (door.answers.size >= mostRemembered) door.answers.clear();
    const answer = ask(door, flow);
    door.answers.set(key, answer);
    return answer;
  };
}

function cidrsOf({ source }: Rule, { prefixLists }: Snapshot): readonly string[] {
  switch (source.kind) {
    case "ipv4":
    case "ipv6":
      return [source.cidr];
    case "prefixList":
      return prefixLists.get(source.id)?.entries ?? [];
    case "group":
    case "groupName":
      return [];
  }
}
