import type { TargetGroup } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Clock } from "../../remediation/ports.ts";
import type { Tags } from "../../values/rule.ts";
import type { LoadBalancerId } from "../../values/snapshot.ts";
import type { Aws } from "../connect.ts";
import { readClassicLoadBalancers } from "./classic.ts";
import { type ElbReadings, standsFor } from "./elbReadings.ts";
import { readLoadBalancers, readTags } from "./loadBalancers.ts";
import type { Registrations } from "./registrations.ts";
import { readingRegistered, readTargetGroups, rememberingRegistered } from "./targetGroups.ts";

/** Beyond this many the lists are the smaller part of it, and not all may be needed. */
const fewEnough = 10;

/** `glance`: in one pass over everything that changes nothing, each thing is read but once. */
export function readElb(
  aws: Aws,
  registrations: Registrations,
  glance: boolean,
  remainingMs: () => number,
): ElbReadings {
  const { clock } = aws;
  const stands = glance ? Infinity : standsFor;
  let isOutOfTime = false;
  const rateLimit = async (): Promise<void> => {
    try {
      await aws.elbRateLimit(remainingMs);
    } catch (error) {
      isOutOfTime = true;
      throw error;
    }
  };
  // A glance verifies what the index says, but for what was verified since it began.
  let verifiedSince = Infinity;
  const remembering = rememberingRegistered(
    readingRegistered(aws.elbv2, rateLimit),
    registrations,
    clock,
    stands,
  );
  const tags = new Map<LoadBalancerId, { readonly at: number; readonly tags: Tags }>();
  const lists = {
    classic: standing(clock, stands, () => readClassicLoadBalancers(aws.elb)),
    others: standing(clock, stands, () => readLoadBalancers(aws.elbv2)),
    targetGroups: standing(clock, stands, () => readTargetGroups(aws.elbv2)),
  };
  return {
    ...lists,
    begin: (targetGroups) => {
      if (targetGroups.length === 0 || targetGroups.length > fewEnough) return;
      const begun = [
        ...Object.values(lists).map((read): Promise<unknown> => read()),
        ...targetGroups.map((group) => remembering(group)),
      ];
      // Whoever needs it asks again, and is told what is wrong.
      for (const one of begun) one.catch(() => {});
    },
    registeredIn: glance
      ? Object.assign((group: TargetGroup) => remembering(group, undefined, verifiedSince), {
          lastKnown: remembering.lastKnown,
        })
      : remembering,
    beginAt: (since) => {
      verifiedSince = since;
    },
    isOutOfTime: () => isOutOfTime,
    tagsOf: async (loadBalancers) => {
      const now = clock.now();
      const unknown = loadBalancers.filter(({ id }) => {
        const known = tags.get(id);
        return known === undefined || now - known.at >= stands;
      });
      const read = await readTags(aws, unknown);
      for (const { id } of unknown) tags.set(id, { at: now, tags: read.get(id) ?? {} });
      return new Map(loadBalancers.map(({ id }) => [id, tags.get(id)?.tags ?? {}]));
    },
    everyone: (vpcs) => registrations.everyone(vpcs),
    keepClassic: (loadBalancers, at) => registrations.keepClassic(loadBalancers, at),
    complete: (since) => registrations.complete(since),
    settled: () => registrations.settled(),
    rateLimit,
  };
}

function standing<Answer>(
  clock: Clock,
  stands: number,
  ask: () => Promise<Answer>,
): () => Promise<Answer> {
  let known: { readonly at: number; readonly answer: Promise<Answer> } | undefined;
  return async () => {
    const now = clock.now();
    if (known === undefined || now - known.at >= stands) known = { at: now, answer: ask() };
    const asked = known;
    try {
      return await asked.answer;
    } catch (error) {
      if (known === asked) known = undefined;
      throw error;
    }
  };
}
