import type { AccountId, GroupId, Rule } from "../../lib/values/rule.ts";
import type {
  Group,
  Interface,
  LoadBalancer,
  PrefixList,
  Snapshot,
  VpcId,
} from "../../lib/values/snapshot.ts";

/** All that stands in one region of an account at one time: what a snapshot is a part of. */
export interface Region {
  readonly at: string;
  readonly account: AccountId;
  /** Ours and, in shared VPCs, other accounts'. */
  readonly groups: readonly Group[];
  readonly interfaces: readonly Interface[];
  readonly loadBalancers: readonly LoadBalancer[];
  readonly prefixLists: readonly PrefixList[];
  readonly vpcRanges: ReadonlyMap<VpcId, readonly string[]>;
  /** Inbound rules that fit into a group, counted for each address family. */
  readonly quota: number;
  /** Deleted groups: no rule can be made that refers to one. */
  readonly gone: readonly GroupId[];
}

export const groupOf = (region: Region, id: GroupId): Group | undefined =>
  region.groups.find((group) => group.id === id);

/** The rules of a group, or none. */
export const rulesOf = (region: Region, id: GroupId): readonly Rule[] =>
  groupOf(region, id)?.rules ?? [];

const withGroup = (region: Region, id: GroupId, change: (group: Group) => Group): Region => ({
  ...region,
  groups: region.groups.map((group) => (group.id === id ? change(group) : group)),
});

export const withTags = (region: Region, id: GroupId, tags: Group["tags"]): Region =>
  withGroup(region, id, (group) => ({ ...group, tags }));

export const withRules = (
  region: Region,
  id: GroupId,
  change: (rules: readonly Rule[]) => readonly Rule[],
): Region => withGroup(region, id, (group) => ({ ...group, rules: change(group.rules) }));

/** The marked ones among groups that rules let in. */
function clustersOf(
  region: Region,
  sources: ReadonlySet<GroupId>,
): Pick<Snapshot, "sourceClusters"> {
  const marked = region.groups.flatMap(({ id, tags }) => {
    const cluster = tags["KubernetesCluster"];
    return sources.has(id) && cluster !== undefined ? [[id, cluster] as const] : [];
  });
  return marked.length > 0 ? { sourceClusters: new Map(marked) } : {};
}

/** What a whole and fresh reading says about some groups. */
export function snapshotOf(region: Region, asked: readonly GroupId[]): Snapshot {
  const inQuestion = asked.filter((id) => groupOf(region, id) !== undefined);
  const wornBeside = region.interfaces
    .filter((one) => one.groups.some((id) => inQuestion.includes(id)))
    .flatMap((one) => one.groups);
  const read = new Set([
    ...inQuestion,
    ...wornBeside,
    ...region.loadBalancers.flatMap((one) => one.groups),
  ]);
  const groups = region.groups.filter((group) => read.has(group.id));
  const worn = new Set([...inQuestion, ...wornBeside]);
  const sources = new Set(
    groups
      .flatMap(({ id, rules }) => (worn.has(id) ? rules : []))
      .flatMap(({ source }) => (source.kind === "group" ? [source.group] : [])),
  );
  const interfaces = region.interfaces.filter(
    (one) =>
      one.groups.some((id) => read.has(id)) ||
      (one.use.kind === "loadBalancer" && one.groups.some((id) => sources.has(id))),
  );
  const inPlay = new Set(
    [...groups, ...interfaces, ...region.loadBalancers].flatMap((one) => one.vpc ?? []),
  );
  return {
    at: region.at,
    account: region.account,
    inQuestion,
    groups: new Map(groups.map((group) => [group.id, group])),
    interfaces,
    loadBalancers: region.loadBalancers,
    prefixLists: new Map(region.prefixLists.map((list) => [list.id, list])),
    ...clustersOf(region, sources),
    vpcRanges: new Map([...region.vpcRanges].filter(([id]) => inPlay.has(id))),
    gaps: [],
  };
}
