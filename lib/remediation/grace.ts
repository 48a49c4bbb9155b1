import { postureIn, unusedFor } from "../values/posture.ts";
import type { GroupId, RuleId } from "../values/rule.ts";
import { placeOfPosture } from "./loosening.ts";
import type { Store, World } from "./ports.ts";

/**
 * A world whose looks say, too, which admissions nobody has used for longer than `grace` milliseconds: until then a release that is rolled back finds its
 * door. What cannot be read is not past its grace.
 */
export const withGrace = <Some extends World>(
  world: Some,
  store: Pick<Store, "read">,
  grace: number,
): Some => ({
  ...world,
  look: async (groups) => {
    const [snapshot, postures] = await Promise.all([
      world.look(groups),
      Promise.all(groups.map((group) => readPosture(group, store))),
    ]);
    const past = postures.flatMap((one): readonly RuleId[] =>
      one === undefined ? [] : unusedFor(one, grace, snapshot.at),
    );
    return past.length === 0 ? snapshot : { ...snapshot, pastGrace: new Set(past) };
  },
});

const readPosture = async (group: GroupId, store: Pick<Store, "read">) => {
  try {
    return postureIn((await store.read(placeOfPosture(group)))?.body);
  } catch {
    // Whoever tells of the group meets the same trouble, and says so.
    return undefined;
  }
};
