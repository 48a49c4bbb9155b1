import type {
  TargetGroup,
  TargetHealthDescription,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { addressOf } from "./interfaces.ts";
import type { Clock, Kept, Store } from "../../remediation/ports.ts";
import {
  bodyOfRegistration,
  isIndexComplete,
  type Registration,
  registrationIn,
  registrationStands,
} from "../../values/registration.ts";

import type { LoadBalancer, VpcId } from "../../values/snapshot.ts";

/** The index of what is registered where, from one run to the next. It is there to save calls: where it fails, or says nothing, ELB is asked. */
export interface Registrations {
  /** What was registered when somebody read it last, no earlier than `since`; undefined: nobody knows. */
  recall(
    group: TargetGroup,
    since?: number,
  ): Promise<readonly TargetHealthDescription[] | undefined>;
  /** What is registered, as it was asked for at `at`. Nobody waits for it: see `settled`. */
  keep(group: TargetGroup, registered: readonly TargetHealthDescription[], at: number): void;
  /** As `keep`, for Classic Load Balancers, whose instances are listed with them. */
  keepClassic(loadBalancers: readonly LoadBalancer[], at: number): void;
  /** Everything that is registered was read since then, and kept. */
  complete(since: number): Promise<void>;
  /**
   * The id or address of everything that is registered in these VPCs, by the index alone, and with which target groups; none is a Classic Load Balancer.
   * Undefined: it may lack some.
   */
  everyone(vpcs: readonly VpcId[]): Promise<Registered | undefined>;
  /** Whatever was to be kept is kept, or will not be. */
  settled(): Promise<unknown>;
}

export type Registered = ReadonlyMap<string, readonly TargetGroup[]>;

/** For those who have no table: nothing is known. */
export const noRegistrations: Registrations = {
  recall: () => Promise.resolve(undefined),
  keep: () => {},
  keepClassic: () => {},
  complete: () => Promise.resolve(),
  everyone: () => Promise.resolve(undefined),
  settled: () => Promise.resolve(),
};

const addresses = "index addresses";

/** What one look needs comes in one or two queries: the instances' target groups of a VPC, and those of addresses, which may lie in any. */
const partOf = ({ TargetType, VpcId = "" }: TargetGroup): string =>
  TargetType === "ip" ? addresses : `index ${VpcId}`;

const classic = "index classic";
const whole = { of: "index", at: "complete" };

/** Who wrote last may have read first: so it is tried again, and then left to whoever writes so often. */
const tries = 3;

export function registrationsIn(store: Store, clock: Clock): Registrations {
  const parts = new Map<string, Promise<Map<string, Kept>>>();
  const listed = (part: string): Promise<Map<string, Kept>> => {
    const known =
      parts.get(part) ??
      store.list(part).then(
        (items) => new Map(items.map((item) => [item.place.at, item])),
        () => new Map<string, Kept>(),
      );
    parts.set(part, known);
    return known;
  };
  const latest = async (place: Kept["place"]): Promise<Kept | undefined> => {
    const kept = await store.read(place);
    const items = await listed(place.of);
    if (kept === undefined) items.delete(place.at);
    else items.set(place.at, kept);
    return kept;
  };

  async function keep(place: Kept["place"], body: unknown, at: number): Promise<void> {
    try {
      let seen = (await listed(place.of)).get(place.at);
      for (let left = tries; left > 0; left -= 1) {
        // What was asked for later is true longer.
        if ((registrationIn(seen?.body, clock.now())?.at ?? -1) >= at) return;
        const expires = Math.ceil((at + registrationStands) / 1000);
        if (await store.write(place, body, seen, expires)) return;
        seen = await latest(place);
      }
    } catch {
      // Then it is asked for again next time.
      isLost = true;
    }
  }

  let isLost = false;
  const pending = new Set<Promise<void>>();
  const begin = (place: Kept["place"], targets: Registration["targets"], at: number): void => {
    const keeping = keep(place, bodyOfRegistration({ at, targets }), at).finally(() =>
      pending.delete(keeping),
    );
    pending.add(keeping);
  };
  return {
    recall: async (group, since = -Infinity) => {
      const kept = (await listed(partOf(group))).get(group.TargetGroupArn ?? "");
      const known = registrationIn(kept?.body, clock.now());
      return known === undefined || known.at < since ? undefined : known.targets.map(described);
    },
    keep: (group, registered, at) =>
      begin({ of: partOf(group), at: group.TargetGroupArn ?? "" }, registered.map(targetOf), at),
    keepClassic: (loadBalancers, at) => {
      for (const { id, targets } of loadBalancers)
        begin(
          { of: classic, at: id },
          targets.flatMap((one) => (one.at.kind === "instance" ? [{ id: one.at.instance }] : [])),
          at,
        );
    },
    complete: async (since) => {
      await Promise.all(pending);
      if (isLost) return;
      const expires = Math.ceil((since + registrationStands) / 1000);
      await store.write(whole, { since }, "whatever", expires).catch(() => false);
    },
    everyone: async (vpcs) => {
      const parts = [...new Set(vpcs.map((vpc) => `index ${vpc}`)), addresses, classic];
      const [stamp, ...items] = await Promise.all([
        store.read(whole).catch(() => undefined),
        ...parts.map(listed),
      ]);
      const now = clock.now();
      if (!isIndexComplete(stamp?.body, now)) return undefined;
      const found = new Map<string, TargetGroup[]>();
      for (const { place, body } of items.flatMap((some) => [...some.values()])) {
        const known = registrationIn(body, now);
        if (known === undefined) return undefined;
        for (const { id } of known.targets) {
          const groups = found.get(addressOf(id)) ?? [];
          found.set(addressOf(id), groups);
          if (place.of !== classic) groups.push(targetGroupAt(place));
        }
      }
      return found;
    },
    settled: () => Promise.all(pending),
  };
}

/** As much of a target group as its place in the index says. */
const targetGroupAt = ({ of, at }: Kept["place"]): TargetGroup =>
  of === addresses
    ? { TargetGroupArn: at, TargetType: "ip" }
    : { TargetGroupArn: at, TargetType: "instance", VpcId: of.slice("index ".length) };

const targetOf = ({
  Target,
  HealthCheckPort,
}: TargetHealthDescription): Registration["targets"][number] => ({
  id: Target?.Id ?? "",
  ...(Target?.Port === undefined ? {} : { port: Target.Port }),
  ...(Target?.AvailabilityZone === undefined ? {} : { zone: Target.AvailabilityZone }),
  ...(HealthCheckPort === undefined ? {} : { healthCheckPort: HealthCheckPort }),
});

const described = ({
  id,
  port,
  zone,
  healthCheckPort,
}: Registration["targets"][number]): TargetHealthDescription => ({
  Target: { Id: id, Port: port, AvailabilityZone: zone },
  ...(healthCheckPort === undefined ? {} : { HealthCheckPort: healthCheckPort }),
});
