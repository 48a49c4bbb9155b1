import type { Policy } from "../../lib/values/policy.ts";
import { type Rule, ruleText, sourceKey, type Tags } from "../../lib/values/rule.ts";
import type { Interface, LoadBalancer } from "../../lib/values/snapshot.ts";
import type { Call } from "./calls.ts";
import type { Region } from "./region.ts";

const tagsText = (tags: Tags): string =>
  Object.entries(tags)
    .map(([key, value]) => ` [${key}=${value}]`)
    .join("");

const foreign = (rule: Rule): string =>
  rule.source.kind === "group" ? ` @${rule.source.owner ?? "?"}` : "";

export const ruleLine = (rule: Rule): string =>
  `${ruleText(rule)}${foreign(rule)}${tagsText(rule.tags)}${rule.description === undefined ? "" : ` "${rule.description}"`}${rule.id ? ` ${rule.id}` : ""}`;

function useText({ use }: Interface): string {
  switch (use.kind) {
    case "instance":
      return `${use.instance}${use.primary ? "" : " secondary"}${use.autoScalingGroup ? ` of ${use.autoScalingGroup}` : ""}`;
    case "loadBalancer":
    case "ecsTask":
      return use.kind;
    case "other":
      return use.what;
  }
}

const targetsText = (one: LoadBalancer): string =>
  one.targets
    .map(({ at, ports }) => {
      const where = at.kind === "instance" ? at.instance : `${at.address} in ${at.vpc}`;
      return `${where}:${ports.map((port) => `${port.protocol}/${port.from}${port.to === port.from ? "" : `-${port.to}`}`).join(",")}`;
    })
    .join(" ");

/** A region in a few lines, for whoever reads a failure. */
export const draw = (region: Region): string =>
  [
    ...region.groups.flatMap((group) => [
      `${group.id} (${group.name}, ${group.owner}, ${group.vpc ?? "EC2-Classic"})${tagsText(group.tags)}`,
      ...group.rules.map((rule) => `    ${ruleLine(rule)}`),
    ]),
    ...region.interfaces.map(
      (one) =>
        `${one.id} ${useText(one)} ${one.addresses.join(",")} ${one.vpc ?? ""} wears ${one.groups.join(" ")}`,
    ),
    ...region.loadBalancers.map(
      (one) =>
        `${one.kind} ${one.name} ${one.vpc ?? ""} wears ${one.groups.join(" ") || "-"}${tagsText(one.tags)} -> ${targetsText(one)}`,
    ),
    ...region.prefixLists.map(
      (list) => `${list.id} ${list.name}: ${list.entries?.join(" ") ?? "unreadable"}`,
    ),
    `quota ${region.quota}; gone ${region.gone.join(" ") || "-"}; ranges ${JSON.stringify([...region.vpcRanges])}; at ${region.at}`,
  ].join("\n");

export const drawPolicy = (policy: Policy): string =>
  `default ${policy.defaultMode}, close ${policy.close}, keepSelf ${policy.keepSelf}, allowed ${policy.allowedSources.join(" ") || "-"}, protected ${
    policy.protectedPorts.map((port) => `${port.protocol}/${port.from}-${port.to}`).join(" ") || "-"
  }`;

export const drawCall = (call: Call): string =>
  `${call.kind} ${call.group}: ${call.rules.map((rule) => `${ruleText(rule)} (${sourceKey(rule.source)})`).join("; ")}`;
