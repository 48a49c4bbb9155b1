import { breaker, type Held } from "../values/hold.ts";
import type { GroupId } from "../values/rule.ts";
import { type Damage, damageOf, type Limits, tooMuch } from "./damage.ts";
import { heldFinding, isLetGo } from "./heldFinding.ts";
import { putHold } from "./holds.ts";
import { isFresh, type Proposal, type Withheld } from "./proposal.ts";
import type { Place, Store } from "./ports.ts";

const place: Place = { of: "damage", at: "-" };
const hour = 3_600_000;

/** How often the count is tried to be written; each time somebody else was faster. */
const tries = 8;

/**
 * Withholds removals that would cut off too much at once, and holds their groups until somebody lets them go. What is not withheld is counted before it is
 * removed. What a call has only just opened is closed all the same.
 */
export async function breakCircuit(
  proposals: readonly Proposal[],
  holds: readonly Held[],
  store: Store,
  limits: Limits,
): Promise<readonly Withheld[]> {
  const asked = proposals.filter(({ group, snapshot }) => !isLetGo(group, holds, snapshot.at));
  // Without limits there is nothing to count.
  if (Object.values(limits).every((one) => one === Infinity)) return [];
  const planned = asked.flatMap((one) => damageOf(one) ?? []);
  if (planned.length === 0) return [];
  const why = await counted(planned, store, limits);
  const held = [...why].map(([group, text]) => heldByBreaker(group, text, planned));
  for (const one of held) await putHold(store, one, "where there is none");
  return held.flatMap((one) =>
    asked.filter(({ group }) => group === one.on).flatMap((proposal) => withheldBy(one, proposal)),
  );
}

const heldByBreaker = (group: GroupId, why: string, planned: readonly Damage[]): Held => ({
  on: group,
  stops: "removals",
  by: breaker,
  why,
  since: new Date(planned[0]?.at ?? 0).toISOString(),
});

/** What the breaker's hold on a group keeps from going. */
export const withheldBy = (held: Held, proposal: Proposal): readonly Withheld[] =>
  proposal.rules
    .filter((rule) => !isFresh(rule, proposal))
    .map((rule) => ({
      group: proposal.group,
      rule,
      finding: heldFinding(proposal.group, held),
    }));

/** Counts what is going to be cut off, unless it is too much: the groups of which that is so, and why. */
async function counted(
  planned: readonly Damage[],
  store: Store,
  limits: Limits,
): Promise<ReadonlyMap<GroupId, string>> {
  const now = Math.max(...planned.map(({ at }) => at));
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const seen = await store.read(place);
    const past = damagesIn(seen?.body).filter(({ at }) => at > now - hour);
    const why = tooMuch(past, planned, limits);
    const going = planned.filter((one) => !why.has(one.group) && !past.some(covers(one)));
    if (going.length === 0) return why;
    const body = { damages: [...past, ...going] };
    if (await store.write(place, body, seen, Math.ceil((now + hour) / 1000))) return why;
  }
  throw new Error("What was cut off in the last hour could not be counted: others keep counting.");
}

/** Was all of it counted before? */
const covers =
  (one: Damage) =>
  (other: Damage): boolean =>
    other.group === one.group &&
    (["interfaces", "sources", "causes"] as const).every((list) =>
      one[list].every((item) => other[list].includes(item)),
    );

function damagesIn(body: unknown): readonly Damage[] {
  if (body === undefined) return [];
  const { damages } = (body ?? {}) as { readonly damages?: unknown };
  if (!Array.isArray(damages) || !damages.every(isDamage))
    throw new Error("What was cut off in the last hour cannot be read.");
  return damages;
}

const isDamage = (one: unknown): one is Damage => {
  if (typeof one !== "object" || one === null) return false;
  const { group, at, interfaces, sources, causes } = one as Readonly<Record<string, unknown>>;
  const lists = [interfaces, sources, causes];
  return typeof group === "string" && typeof at === "number" && lists.every(Array.isArray);
};
