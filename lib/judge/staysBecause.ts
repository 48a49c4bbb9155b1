import { cidrContains } from "../values/cidr.ts";
import { allowedBy, keepOf } from "../values/exemption.ts";
import { letsNeighboursInToAll } from "./neighbours.ts";
import type { GroupPlan } from "../values/groupPlan.ts";
import type { Entrance, StaysBecause } from "../values/openPort.ts";
import { isClaimed } from "../values/ownTags.ts";
import type { Policy } from "../values/policy.ts";
import { covers } from "../values/portRange.ts";
import { sourceKey } from "../values/rule.ts";
import type { Group, Snapshot } from "../values/snapshot.ts";

/** Why a way in stays: first what keeps us from its group, then what exempts its rule, then what is not done with it. */
export function staysBecause(
  entrance: Entrance,
  plan: GroupPlan,
  snapshot: Snapshot,
  policy: Policy,
): StaysBecause {
  const group = snapshot.groups.get(entrance.group);
  if (group === undefined) return { kind: "unread" };
  return (
    notOurs(group, plan, snapshot) ??
    exempt(entrance, group, snapshot, policy) ??
    notDone(entrance, plan)
  );
}

type Standing = Pick<GroupPlan, "mode" | "reach" | "findings">;

const standingOf = ({ id }: Pick<Group, "id">, plan: GroupPlan): Standing | undefined =>
  id === plan.group ? plan : plan.neighbours.get(id);

function notOurs(group: Group, plan: GroupPlan, { account }: Snapshot): StaysBecause | undefined {
  const standing = standingOf(group, plan);
  if (group.owner !== account) return { kind: "foreignGroup", owner: group.owner };
  if (standing === undefined) return { kind: "unread" };
  if (standing.mode === "ignore") return { kind: "ignored" };
  if (standing.reach !== "handsOff") return undefined;
  return {
    kind: standing.findings.some(({ code }) => code === "managed-group")
      ? "managedGroup"
      : "unread",
  };
}

function exempt(
  { rule, ports, isPublic }: Entrance,
  group: Group,
  snapshot: Snapshot,
  policy: Policy,
): StaysBecause | undefined {
  const kept = keepOf(rule, snapshot.at);
  if (kept.kind === "granted")
    return {
      kind: "kept",
      why: kept.why,
      ...(kept.until === undefined ? {} : { until: kept.until }),
    };
  const { source } = rule;
  const key = sourceKey(source);
  const own = allowedBy(group.tags, snapshot.at);
  const allowedHere =
    own.kind === "granted" && covers(own.traffic[ports.protocol], [ports])
      ? own.traffic.sources
      : [];
  const cidrs = [...policy.allowedSources, ...allowedHere].flatMap((one) => [
    one,
    ...(snapshot.prefixLists.get(one)?.entries ?? []),
  ]);
  const isAllowed = (one: string): boolean =>
    cidrs.some((allowed) => allowed === one || cidrContains(allowed, one));
  const list = source.kind === "prefixList" ? snapshot.prefixLists.get(source.id) : undefined;
  if (isAllowed(key) || (list?.entries?.every(isAllowed) ?? false)) return { kind: "allowed" };
  if (key === group.id && policy.keepSelf) return { kind: "self" };
  const isForeign =
    source.kind === "group" &&
    (source.owner ?? snapshot.groups.get(source.group)?.owner) !== snapshot.account;
  if (isForeign || source.kind === "groupName") return { kind: "unresolvable" };
  if (source.kind === "prefixList" && list?.entries === undefined) return { kind: "unresolvable" };
  const isLeft =
    policy.close === "public" ? !isPublic : policy.close === "addresses" && source.kind === "group";
  if (isLeft) return { kind: "notToClose" };
  return letsNeighboursInToAll(rule, group, snapshot) && !isClaimed(group)
    ? { kind: "allProtocols" }
    : undefined;
}

function notDone({ group, ports }: Entrance, plan: GroupPlan): StaysBecause {
  const standing = standingOf({ id: group }, plan);
  if (standing?.reach === "admitOnly")
    return { kind: "admitOnly", obstacles: obstaclesIn(standing) };
  if (standing?.mode === "audit") return { kind: "audit" };
  const governed = plan.governed.filter(({ protocol }) => protocol === ports.protocol);
  const isGoverned = group !== plan.group || covers(governed, [ports]);
  return { kind: isGoverned ? "toClose" : "notGoverned" };
}

const obstacles: readonly string[] = [
  "cluster-group",
  "shared-with-load-balancer",
  "not-a-back-end",
  "unserved-interface",
  "foreign-interface",
  "incomplete-picture",
];

const obstaclesIn = ({ findings }: Standing): readonly GroupPlan["findings"][number]["code"][] =>
  findings.map(({ code }) => code).filter((code) => obstacles.includes(code));
