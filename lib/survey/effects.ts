import { differenceOf, type Inbound } from "../judge/difference.ts";
import { type Passage, passageText } from "../values/difference.ts";
import type { GroupId } from "../values/rule.ts";
import type { InterfaceId, Snapshot } from "../values/snapshot.ts";
import { attachedTo } from "./openings.ts";

/** All inbound rules at an interface: those of every group that it is attached to. */
const inboundOf = ({ groups, prefixLists }: Snapshot, ids: readonly GroupId[]): Inbound => ({
  rules: ids.flatMap((id) => groups.get(id)?.rules ?? []),
  prefixLists,
});

/** Somebody's way in that goes or comes, and the interfaces where. */
export interface Effect {
  readonly passage: Passage;
  readonly interfaces: readonly InterfaceId[];
}

export interface Effects {
  readonly loses: readonly Effect[];
  readonly gains: readonly Effect[];
}

/**
 * Who loses what and who gains what at a group's interfaces, over all groups that each is attached to: where another group
 * still lets somebody in, nothing is lost. Exact, by the judge.
 */
export function effectsOn(id: GroupId, before: Snapshot, after: Snapshot): Effects {
  const places = Map.groupBy(attachedTo(id, before), ({ groups }) => [...groups].sort().join());
  const differences = [...places.values()].map((some) => {
    const groups = some[0]?.groups ?? [];
    return {
      interfaces: some.map((one) => one.id),
      ...differenceOf(inboundOf(before, groups), inboundOf(after, groups)),
    };
  });
  const gathered = (side: "loses" | "gains"): readonly Effect[] => {
    const all = differences.flatMap(({ interfaces, [side]: passages }) =>
      passages.map((passage) => ({ passage, interfaces })),
    );
    return [...Map.groupBy(all, ({ passage }) => passageText(passage)).values()].flatMap((same) =>
      same.slice(0, 1).map(({ passage }) => ({
        passage,
        interfaces: same.flatMap((one) => one.interfaces),
      })),
    );
  };
  return { loses: gathered("loses"), gains: gathered("gains") };
}
