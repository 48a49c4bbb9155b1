import type { GroupId } from "../../values/rule.ts";
import type { Aws } from "../connect.ts";
import { standsFor } from "./elbReadings.ts";
import { type ReadInterface, readInterfaces } from "./interfaces.ts";

type ReadAttached = (groups: readonly GroupId[]) => Promise<readonly ReadInterface[]>;

/** Milliseconds. What was read to find out which groups are concerned is the beginning of their first look. */
const handedOn = 1_000;

/** The interfaces of groups: as they are; for a look after which groups are concerned; or as they were a moment ago, to ask how a look's targets fare. */
export function interfacesAttached({ ec2, clock }: Aws): {
  readonly read: ReadAttached;
  readonly begun: ReadAttached;
  readonly recent: ReadAttached;
} {
  let last:
    | {
        readonly at: number;
        readonly groups: ReadonlySet<GroupId>;
        readonly interfaces: readonly ReadInterface[];
      }
    | undefined;
  const read: ReadAttached = async (groups) => {
    const at = clock.now();
    const interfaces = await readInterfaces(ec2, "group-id", groups);
    last = { at, groups: new Set(groups), interfaces };
    return interfaces;
  };
  const readWithin =
    (milliseconds: number): ReadAttached =>
    (groups) =>
      last !== undefined &&
      clock.now() - last.at < milliseconds &&
      groups.every((group) => last?.groups.has(group))
        ? Promise.resolve(
            last.interfaces.filter((one) => one.groups.some((group) => groups.includes(group))),
          )
        : read(groups);
  let isBegun = false;
  return {
    read: (groups) => {
      isBegun = true;
      return read(groups);
    },
    begun: (groups) => {
      const reading = isBegun ? readWithin(handedOn)(groups) : read(groups);
      isBegun = false;
      return reading;
    },
    recent: readWithin(standsFor),
  };
}
