import { type Held, type Hold, holdIn } from "../values/hold.ts";
import { millis } from "../values/time.ts";
import type { Kept, Place, Store } from "./ports.ts";

const of = "hold";

/** Where a hold is kept: on everything or a group, by itself or for the sake of a change that was undone. */
const holdPlace = ({ on, change }: Pick<Held, "on" | "change">): Place => ({
  of,
  at: change === undefined ? on : `${on} ${change}`,
});

/** Every hold there is, ended or not. Throws where they cannot be read, one of them included: then nobody knows what is to be left alone. */
export async function readHolds(store: Pick<Store, "list">): Promise<readonly Held[]> {
  return (await store.list(of)).map((kept) => {
    const held = heldIn(kept);
    if (held === undefined) throw new Error(`The hold "${kept.place.at}" cannot be read.`);
    return held;
  });
}

/** Undefined: it cannot be read. */
function heldIn({ place, body }: Kept): Held | undefined {
  const [, on, change] = /^(\*|sg-[\w-]+)(?: ([\w.:-]+))?$/.exec(place.at) ?? [];
  const hold = holdIn(body);
  return on === undefined || hold === undefined
    ? undefined
    : { ...hold, on, ...(change === undefined ? {} : { change }) };
}

/** Puts a hold in force, in place of whatever was there, or only where nothing was. It goes of its own accord when it ends. */
export async function putHold(
  store: Pick<Store, "write">,
  held: Held,
  where: "anywhere" | "where there is none" = "anywhere",
): Promise<void> {
  const { on: _on, change: _change, ...hold } = held;
  const expires = hold.until === undefined ? undefined : Math.ceil(millis(hold.until) / 1000);
  await store.write(
    holdPlace(held),
    hold satisfies Hold,
    where === "anywhere" ? "whatever" : undefined,
    expires,
  );
}

/** Ends the holds that are chosen by where they are, whatever they are for, those that cannot be read included (as undefined); answers which there were. */
export async function endHolds(
  store: Pick<Store, "list" | "erase">,
  isChosen: (on: Held["on"], held: Held | undefined) => boolean,
): Promise<readonly (Held | undefined)[]> {
  const chosen = (await store.list(of)).filter((kept) =>
    isChosen(kept.place.at.split(" ")[0] ?? "", heldIn(kept)),
  );
  for (const one of chosen) await store.erase(one);
  return chosen.map(heldIn);
}
