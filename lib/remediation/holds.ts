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
export const readHolds = async (store: Pick<Store, "list">): Promise<readonly Held[]> =>
  (await store.list(of)).map(heldIn);

function heldIn({ place, body }: Kept): Held {
  const [, on, change] = /^(\*|sg-[\w-]+)(?: ([\w.:-]+))?$/.exec(place.at) ?? [];
  const hold = holdIn(body);
  if (on === undefined || hold === undefined)
    throw new Error(`The hold "${place.at}" cannot be read.`);
  return { ...hold, on, ...(change === undefined ? {} : { change }) };
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

/** Ends every hold on a group, or on everything, whatever it is for; answers how many there were. */
export async function endHolds(
  store: Pick<Store, "list" | "erase">,
  on: Held["on"],
): Promise<number> {
  const kept = await store.list(of, { prefix: on });
  const theirs = kept.filter(({ place }) => place.at === on || place.at.startsWith(`${on} `));
  for (const one of theirs) await store.erase(one);
  return theirs.length;
}
