import { alone, type Custody } from "../../lib/remediation/custody.ts";
import type { Desk } from "../../lib/remediation/leases.ts";
import type { Affected, Store, World } from "../../lib/remediation/ports.ts";
import { remediate } from "../../lib/remediation/remediate.ts";
import { tellOf } from "../../lib/remediation/telling.ts";
import type { Outcome } from "../../lib/values/outcome.ts";
import type { Policy } from "../../lib/values/policy.ts";
import { memoryStore } from "./memoryStore.ts";

/** How a worker remediates. */
export type Run = (affected: Affected, policy: Policy, world: World) => Promise<readonly Outcome[]>;

/** What people are told, as far as the queue takes it; it answers for which groups it did not. */
export type Tell = (outcomes: readonly Outcome[]) => Promise<ReadonlyMap<string, string>>;

/** A worker's desk; its changes are numbered, so that they have the same ids whenever the same happens. */
interface Seat extends Desk {
  readonly digits: Custody["digits"];
}

const toNobody: Tell = () => Promise.resolve(new Map());

/** As the enforce function does it: on the groups that nobody else has, telling people before they are given back. */
export const underLease =
  ({ digits, ...desk }: Seat, tell = toNobody): Run =>
  async (affected, policy, world) => {
    const all: Outcome[] = [];
    await alone(
      affected,
      desk,
      () => true,
      async (held, custody) => {
        await tellOf(custody.untold, desk.store, tell);
        const outcomes = await remediate(held, policy, world, { ...custody, digits });
        all.push(...outcomes);
        await tellOf(outcomes, desk.store, tell);
      },
    );
    return all;
  };

/** A store whose every call waits for its turn. */
export const inTurns = (store: Store, turn: (what: string) => Promise<unknown>): Store => ({
  read: async (place) => (await turn(`reads ${place.of} ${place.at}`), store.read(place)),
  write: async (place, ...more) => (
    await turn(`writes ${place.of} ${place.at}`),
    store.write(place, ...more)
  ),
  erase: async (seen) => (
    await turn(`erases ${seen.place.of} ${seen.place.at}`),
    store.erase(seen)
  ),
  list: async (of, which) => (await turn(`lists ${of}`), store.list(of, which)),
});

/** State that stands still in time, and workers by name who outlive the test. */
export function office() {
  let now = 0;
  let changes = 0;
  const store = memoryStore({ now: () => now });
  return {
    store,
    /** Every worker so far is dead for certain. */
    wait: () => void (now += 200_000),
    desk: (name: string, of: Store = store): Seat => ({
      store: of,
      digits: () => (++changes).toString(16).padStart(6, "0"),
      clock: { now: () => now },
      worker: { name, until: now + 120_000 },
    }),
  };
}
