import {
  DescribeInstanceHealthCommand,
  type ElasticLoadBalancingClient,
} from "@aws-sdk/client-elastic-load-balancing";
import type { TargetGroup } from "@aws-sdk/client-elastic-load-balancing-v2";
import type {
  CheckedTarget,
  Health,
  HealthReading,
  Interface,
  LoadBalancer,
  Target,
} from "../../values/snapshot.ts";
import type { Aws } from "../connect.ts";
import { withDelegatedAddresses } from "./delegated.ts";
import { call, isNotFound } from "../api/errors.ts";
import type { ElbReadings } from "./elbReadings.ts";
import type { ReadInterface } from "./interfaces.ts";
import { listLoadBalancers } from "./loadBalancers.ts";
import { throwOnGap } from "./gaps.ts";
import { sideBySide } from "../api/paging.ts";
import { mayServe, placesOf } from "./targetGroups.ts";

interface Checked extends Pick<Target, "at"> {
  readonly by: CheckedTarget["by"];
  readonly health: Health;
}

/**
 * How these interfaces fare, each target by itself. Those that nobody checks, or that are just being registered or drained, are left out.
 * Read completely, or thrown.
 */
export async function healthOf(
  aws: Aws,
  reading: Promise<readonly ReadInterface[]>,
  { rateLimit, ...elb }: ElbReadings,
): Promise<readonly HealthReading[]> {
  const [{ loadBalancers, targetGroups }, attached] = await Promise.all([
    listLoadBalancers({ rateLimit, ...elb }, throwOnGap),
    reading,
  ]);
  const instances = new Set(
    attached.flatMap(({ use }) => (use.kind === "instance" ? [use.instance] : [])),
  );
  const classic = loadBalancers.filter(({ targets }) =>
    targets.some(({ at }) => at.kind === "instance" && instances.has(at.instance)),
  );
  const [ofClassic, ofGroups] = await Promise.all([
    sideBySide(classic, 2, (one) => checkedByClassic(aws.elb, one, rateLimit)),
    sideBySide(
      targetGroups.filter((group) => mayServe(group, attached)),
      4,
      async (group) => {
        const registered = await elb.registeredIn(group, attached);
        return registered.flatMap((one): readonly Checked[] => {
          const health = healthSaid(
            one.TargetHealth?.State,
            one.TargetHealth?.Reason,
            silentIn(group),
          );
          const port = one.Target?.Port ?? group.Port;
          const name = group.TargetGroupName;
          if (health === undefined || name === undefined || port === undefined) return [];
          const by = { kind: "targetGroup" as const, name, port };
          return placesOf(group, one, () => []).map((at) => ({ at, by, health }));
        });
      },
    ),
  ]);
  const checked = [...ofClassic.flat(), ...ofGroups.flat()];
  return withDelegatedAddresses(attached, checked).flatMap((eni) =>
    checked
      .filter(({ at }) => isAt(at, eni))
      .map(({ at, by, health }) => ({
        target: { interface: eni.id, at: at.kind === "instance" ? at.instance : at.address, by },
        health,
      })),
  );
}

/** What a Classic Load Balancer says of instances that do not answer; `ELB` is its own trouble. */
const silentInClassic = ["Instance"];

/** What is said in a target group of targets that do not answer. The other reason is a Network Load Balancer's word for it; elsewhere the application failed. */
const silentIn = ({ Protocol }: TargetGroup): readonly string[] =>
  Protocol === "HTTP" || Protocol === "HTTPS" || Protocol === "GENEVE"
    ? ["Target.Timeout"]
    : ["Target.Timeout", "Target.FailedHealthChecks"];

function healthSaid(
  state: string | undefined,
  reason: string | undefined,
  silent: readonly string[],
): Health | undefined {
  if (state === "healthy" || state === "InService") return { state: "healthy" };
  if (state !== "unhealthy" && state !== "OutOfService") return undefined;
  return reason !== undefined && silent.includes(reason)
    ? { state: "silent", reason }
    : { state: "unhealthy", reason: reason ?? "no reason given" };
}

async function checkedByClassic(
  elb: ElasticLoadBalancingClient,
  { name }: LoadBalancer,
  rateLimit: () => Promise<void>,
): Promise<readonly Checked[]> {
  await rateLimit();
  try {
    const answer = await call(
      "elasticloadbalancing:DescribeInstanceHealth",
      elb.send(new DescribeInstanceHealthCommand({ LoadBalancerName: name })),
    );
    return (answer.InstanceStates ?? []).flatMap(({ InstanceId, State, ReasonCode }) => {
      const health = healthSaid(State, ReasonCode, silentInClassic);
      return InstanceId && health !== undefined
        ? [
            {
              at: { kind: "instance", instance: InstanceId },
              by: { kind: "classicLoadBalancer", name },
              health,
            },
          ]
        : [];
    });
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}

const isAt = (at: Target["at"], { vpc, addresses, use }: Interface): boolean =>
  at.kind === "instance"
    ? use.kind === "instance" && use.primary && use.instance === at.instance
    : vpc === at.vpc && addresses.includes(at.address);
