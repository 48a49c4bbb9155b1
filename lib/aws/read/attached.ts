import type { GroupId } from "../../values/rule.ts";
import type { Aws } from "../connect.ts";
import { standsFor } from "./elbReadings.ts";
import { type ReadInterface, readInterfaces } from "./interfaces.ts";

type ReadAttached = (groups: readonly GroupId[]) => Promise<readonly ReadInterface[]>;

/** The interfaces of groups: read, or as they were read a moment ago, for those who only ask how a look's targets fare. */
export function interfacesAttached({ ec2, clock }: Aws): {
  readonly read: ReadAttached;
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
  return {
    read,
    recent: (groups) =>
      last !== undefined &&
      clock.now() - last.at < standsFor &&
      groups.every((group) => last?.groups.has(group))
        ? Promise.resolve(
            last.interfaces.filter((one) => one.groups.some((group) => groups.includes(group))),
          )
        : read(groups),
  };
}
