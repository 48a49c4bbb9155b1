import type { Policy } from "../../lib/values/policy.ts";
import type { GroupId } from "../../lib/values/rule.ts";
import type { Interface } from "../../lib/values/snapshot.ts";
import { type Oracle, oracle, type Serving } from "./oracle.ts";
import {
  type Door,
  doorText,
  type Entries,
  entriesBy,
  entriesOf,
  exists,
  type Packets,
  senderText,
} from "./packets.ts";
import { fullness } from "./calls.ts";
import { type Region, rulesOf, snapshotOf } from "./region.ts";

/** A region at one time as the judge sees it: who gets in where, and what the oracle makes of it. */
export interface View {
  readonly region: Region;
  readonly packets: Packets;
  readonly entries: Entries;
  readonly oracle: Oracle;
  readonly policy: Policy;
}

export const viewOf = (region: Region, policy: Policy, packets: Packets): View => ({
  region,
  packets,
  policy,
  entries: entriesOf(region, packets),
  oracle: oracle(
    snapshotOf(
      region,
      region.groups.map((group) => group.id),
    ),
    policy,
  ),
});

/** One packet in one group for which a law does not hold. */
export interface Breach {
  readonly law: string;
  readonly group: GroupId;
  readonly door: Door;
  /** Indexes into the packets' senders: who sends it (a load balancer has an address and groups). */
  readonly senders: readonly number[];
}

export const breachText = ({ law, group, door, senders }: Breach, packets: Packets): string =>
  `${law}: ${group} ${doorText(door)} from ${senders.map((one) => senderText(packets.senders[one] ?? { groups: [] })).join("+")}`;

const isOn = ({ port }: Serving, door: Door): boolean =>
  port.protocol === door.protocol && port.from <= door.port && door.port <= port.to;

/** Does any of these senders' packets get through to the interface? Groups of an interface add up. */
const isThrough = (
  entries: Entries,
  packets: Packets,
  to: Interface,
  door: number,
  senders: readonly number[],
): boolean =>
  to.groups.some((group) =>
    senders.some((sender) => entries.get(group)?.[door * packets.senders.length + sender] === 1),
  );

/** The senders that a load balancer is: its groups, where a reference can name it; its addresses, which may be anybody's where clients' are kept. */
function identity(
  { region, packets }: View,
  { by, to }: Serving,
): { readonly groups: readonly number[]; readonly addresses: readonly number[] } {
  const own = region.interfaces.filter(
    (one) =>
      one.use.kind === "loadBalancer" && one.groups.some((group) => by.groups.includes(group)),
  );
  const ownAddresses = new Set(own.flatMap((one) => one.addresses));
  const isAnybody = by.kind === "network" || by.kind === "gateway" || by.groups.length === 0;
  const indexes = (is: (sender: Packets["senders"][number]) => boolean): readonly number[] =>
    packets.senders.flatMap((sender, index) => (is(sender) ? [index] : []));
  return {
    groups:
      by.vpc === to.vpc ? indexes((sender) => by.groups.includes(sender.groups[0] ?? "")) : [],
    addresses: indexes(
      (sender) => sender.address !== undefined && (isAnybody || ownAddresses.has(sender.address)),
    ),
  };
}

/** Law 1: one load balancer that got through to an interface's service port still does. */
export function cutOff(before: View, after: Entries): readonly Breach[] {
  const { packets, oracle } = before;
  return oracle.servings.flatMap((serving) => {
    const { groups, addresses } = identity(before, serving);
    return packets.doors.flatMap((door, index) =>
      isOn(serving, door)
        ? [[], ...addresses.map((one) => [one])]
            .map((address) => [...groups, ...address])
            .filter(
              (senders) =>
                isThrough(before.entries, packets, serving.to, index, senders) &&
                !isThrough(after, packets, serving.to, index, senders),
            )
            .slice(0, 1)
            .map((senders) => ({
              law: `${serving.by.name} is cut off from ${serving.to.id}`,
              group: serving.to.groups.join("+"),
              door,
              senders,
            }))
        : [],
    );
  });
}

const isNew = (before: View, after: Entries, group: GroupId, packet: number): boolean =>
  after.get(group)?.[packet] === 1 && before.entries.get(group)?.[packet] !== 1;

/** Every packet of a group for which `is` holds. */
function each(
  law: string,
  { packets }: View,
  group: GroupId,
  is: (packet: number) => boolean,
): readonly Breach[] {
  const width = packets.senders.length;
  return packets.doors.flatMap((door, row) =>
    packets.senders.flatMap((sender, column) =>
      is(row * width + column) && exists(door, sender)
        ? [{ law, group, door, senders: [column] }]
        : [],
    ),
  );
}

/** Who is attached to a group besides load balancers and did not enter before: senders, one for each address, each of whom gains by the group's name. */
function gainers(before: View, to: GroupId, door: number, sender: GroupId): readonly number[] {
  const { packets, entries, region } = before;
  const isIn = (column: number): boolean =>
    entries.get(to)?.[door * packets.senders.length + column] === 1;
  const columns = (is: (sender: Packets["senders"][number]) => boolean): readonly number[] =>
    packets.senders.flatMap((one, index) => (is(one) ? [index] : []));
  return region.interfaces
    .filter(({ use, groups }) => use.kind !== "loadBalancer" && groups.includes(sender))
    .filter(({ groups }) => !columns((one) => groups.includes(one.groups[0] ?? "")).some(isIn))
    .flatMap(({ addresses }) =>
      columns((one) => one.address !== undefined && addresses.includes(one.address)).filter(
        (column) => !isIn(column),
      ),
    );
}

/**
 * Law 2: nothing enters a group that did not before, except a load balancer's group on a port where it serves an interface of the group and may be let in.
 * What others are attached to names them, too: so none of them may gain by it.
 */
export function gained(before: View, after: Entries): readonly Breach[] {
  const isLoadBalancers = (group: GroupId, door: Door, sender: string | undefined): boolean =>
    before.oracle.servings.some(
      (one) =>
        one.nameable &&
        one.to.groups.includes(group) &&
        isOn(one, door) &&
        sender !== undefined &&
        one.by.groups.includes(sender) &&
        !before.oracle.isProtected(door.protocol, door.port) &&
        before.oracle.isDoor(group, one, sender),
    );
  const isAnybodys = before.policy.admit === "any";
  return [...after.keys()].flatMap((group) =>
    each("somebody gains", before, group, (packet) => isNew(before, after, group, packet)).flatMap(
      (breach) => {
        const name = before.packets.senders[breach.senders[0] ?? -1]?.groups[0];
        const isMeant = isLoadBalancers(group, breach.door, name);
        if (isMeant && isAnybodys) return [];
        const row = before.packets.doors.indexOf(breach.door);
        const others = name === undefined ? [] : gainers(before, group, row, name);
        const isNamed =
          name !== undefined &&
          before.region.interfaces.some(({ groups }) => groups.includes(name)) &&
          before.oracle.isAllowedGroup(group, name, breach.door.protocol, breach.door.port);
        return others.length === 0 && (isMeant || isNamed)
          ? []
          : [{ ...breach, senders: [...breach.senders, ...others] }];
      },
    ),
  );
}

/** Law 3: who gets in by a rule that is no excess, on a port that is not closed, or from an allowed address, still does. */
export const lost = (before: View, after: Entries): readonly Breach[] =>
  [...after].flatMap(([group, now]) => {
    const staying = stayingIn(before, group);
    return each(
      "somebody is lost",
      before,
      group,
      (packet) => staying[packet] === 1 && now[packet] !== 1,
    );
  });

/** With so much room nothing has to make room. */
const plenty = 30;

/**
 * What must stay of a group's entries. The stated exceptions: of a `-1` that is rewritten protocols fall away that have no ports; all of them
 * where the internet comes in by it, else those that networks do not use; and an admission of ours that nobody uses may have to make room.
 */
function stayingIn({ region, packets, oracle }: View, group: GroupId): Uint8Array {
  const width = packets.senders.length;
  const closed = packets.doors.map((door) => oracle.closes(group, door.protocol, door.port));
  const allowed = (id: GroupId, column: number, { protocol, port }: Door): boolean => {
    const from = packets.senders[column]?.address;
    return from !== undefined && oracle.isAllowed(id, from, protocol, port);
  };
  const staying = new Uint8Array(packets.doors.length * width);
  const isShort = region.quota - fullness(region, group) < plenty;
  for (const rule of rulesOf(region, group)) {
    if (isShort && oracle.isUnused(group, rule)) continue;
    const entries = entriesBy([rule], packets);
    const isExcess = packets.doors.map(
      (door, row) => closed[row] === true && oracle.isExcess(group, rule, door.protocol, door.port),
    );
    packets.doors.forEach((door, row) => {
      const fallsAway =
        isExcess.includes(true) &&
        rule.protocol === "-1" &&
        (door.protocol === "99" ||
          ((door.protocol === "47" || door.protocol === "50") &&
            oracle.isFromInternet(group, rule)));
      packets.senders.forEach((_, column) => {
        const packet = row * width + column;
        if (
          entries[packet] === 1 &&
          !fallsAway &&
          (isExcess[row] !== true || allowed(group, column, door))
        )
          staying[packet] = 1;
      });
    });
  }
  return staying;
}

/** Laws 1 to 3, which hold after every single call. */
export const harm = (before: View, after: Entries): readonly Breach[] => [
  ...cutOff(before, after),
  ...gained(before, after),
  ...lost(before, after),
];

/** Law 4: every load balancer that a reference can name is admitted on every service port of each interface it serves. */
export const unreached = (view: View): readonly Breach[] =>
  view.oracle.admitted.flatMap((serving) => {
    const { groups } = identity(view, serving);
    return view.packets.doors.flatMap((door, index) =>
      isOn(serving, door) &&
      !view.oracle.isProtected(door.protocol, door.port) &&
      !isThrough(view.entries, view.packets, serving.to, index, groups)
        ? [
            {
              law: `${serving.by.name} does not reach ${serving.to.id}`,
              group: serving.to.groups.join("+"),
              door,
              senders: groups,
            },
          ]
        : [],
    );
  });

/** Law 5: closed ports admit nobody by a rule that is excess, but for allowed addresses. */
export const stillIn = ({ region, packets, oracle }: View): readonly Breach[] =>
  region.groups.flatMap(({ id, rules }) =>
    rules.flatMap((rule) => {
      const { doors, senders } = packets.by(rule);
      return packets.doors.flatMap((door, index) => {
        const { protocol, port } = door;
        if (
          doors[index] !== true ||
          !oracle.closes(id, protocol, port) ||
          !oracle.isExcess(id, rule, protocol, port)
        )
          return [];
        const intruders = packets.senders.flatMap(({ address }, column) =>
          senders[column] === true &&
          !(address !== undefined && oracle.isAllowed(id, address, protocol, port))
            ? [column]
            : [],
        );
        return intruders.length === 0
          ? []
          : [
              {
                law: "somebody else is still let in",
                group: id,
                door,
                senders: intruders.slice(0, 3),
              },
            ];
      });
    }),
  );
