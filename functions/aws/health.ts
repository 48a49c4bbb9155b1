import { DescribeInstanceHealthCommand } from "@aws-sdk/client-elastic-load-balancing";
import type { GroupId } from "../core/rule.ts";
import type { Health, Interface, InterfaceId, LoadBalancer, Target } from "../core/snapshot.ts";
import { elb, elbTurn } from "./clients.ts";
import { withDelegatedAddresses } from "./delegated.ts";
import { call, isNotFound } from "./errors.ts";
import { readInterfaces } from "./interfaces.ts";
import { listLoadBalancers } from "./loadBalancers.ts";
import { nothingMayMiss } from "./missing.ts";
import { sideBySide } from "./pages.ts";
import { mayServe, placesOf, readRegistered } from "./targetGroups.ts";

interface Checked extends Pick<Target, "at"> {
  readonly health: Health;
}

/**
 * How the wearers of these groups fare as targets; unhealthy where any load balancer says so. Those that nobody checks, or that are just being registered
 * or drained, are left out. Read completely, or thrown.
 */
export async function healthOf(groups: readonly GroupId[]): Promise<ReadonlyMap<InterfaceId, Health>> {
  const [{ loadBalancers, targetGroups }, wearers] = await Promise.all([listLoadBalancers(nothingMayMiss), readInterfaces("group-id", groups)]);
  const instances = new Set(wearers.flatMap(({ use }) => (use.kind === "instance" ? [use.instance] : [])));
  const classic = loadBalancers.filter(({ targets }) => targets.some(({ at }) => at.kind === "instance" && instances.has(at.instance)));
  const [ofClassic, ofGroups] = await Promise.all([
    sideBySide(classic, 2, checkedByClassic),
    sideBySide(
      targetGroups.filter((group) => mayServe(group, wearers)),
      4,
      async (group) => {
        const registered = await readRegistered(group);
        return registered.flatMap((one): readonly Checked[] => {
          const health = healthSaid(one.TargetHealth?.State, one.TargetHealth?.Reason);
          return health === undefined ? [] : placesOf(group, one, () => []).map((at) => ({ at, health }));
        });
      },
    ),
  ]);
  const checked = [...ofClassic.flat(), ...ofGroups.flat()];
  return new Map(
    withDelegatedAddresses(wearers, checked).flatMap((wearer) => {
      const found = checked.filter(({ at }) => isAt(at, wearer)).map(({ health }) => health);
      const worst = found.find((health) => health !== "healthy") ?? found[0];
      return worst === undefined ? [] : [[wearer.id, worst] as const];
    }),
  );
}

function healthSaid(state: string | undefined, reason: string | undefined): Health | undefined {
  if (state === "healthy" || state === "InService") return "healthy";
  return state === "unhealthy" || state === "OutOfService" ? `unhealthy:${reason ?? "no reason given"}` : undefined;
}

async function checkedByClassic({ name }: LoadBalancer): Promise<readonly Checked[]> {
  await elbTurn();
  try {
    const answer = await call("elasticloadbalancing:DescribeInstanceHealth", elb.send(new DescribeInstanceHealthCommand({ LoadBalancerName: name })));
    return (answer.InstanceStates ?? []).flatMap(({ InstanceId, State, ReasonCode }) => {
      const health = healthSaid(State, ReasonCode);
      return InstanceId && health !== undefined ? [{ at: { kind: "instance", instance: InstanceId }, health }] : [];
    });
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}

const isAt = (at: Target["at"], { vpc, addresses, use }: Interface): boolean =>
  at.kind === "instance" ? use.kind === "instance" && use.primary && use.instance === at.instance : vpc === at.vpc && addresses.includes(at.address);
