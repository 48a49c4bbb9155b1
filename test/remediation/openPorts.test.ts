import { expect, it } from "vitest";
import { observe } from "../../lib/remediation/remediate.ts";
import { rangeText } from "../../lib/values/portRange.ts";
import { defaultPolicy, type Policy } from "../../lib/values/policy.ts";
import { type Rule, ruleText } from "../../lib/values/rule.ts";
import type { Group, Interface } from "../../lib/values/snapshot.ts";
import {
  application,
  database,
  group,
  hiddenPrefixList,
  instance,
  otherAccount,
  region,
  rule,
  tagged,
  target,
} from "../support/builders.ts";
import { cloud, fakeWorld } from "../support/fakeWorld.ts";

/** What is open in sg-web, as "tcp/80 by tcp/80 from 0.0.0.0/0 at eni-1: public, audit". */
async function openIn(
  web: Group,
  policy: Partial<Policy> = {},
  more: readonly Interface[] = [],
): Promise<readonly string[]> {
  const where = cloud(
    region({
      groups: [web, group("sg-lb"), group("sg-app")],
      interfaces: [instance("i-1", ["sg-web"]), instance("i-2", ["sg-web"]), ...more],
      loadBalancers: [
        application("alb", { groups: ["sg-lb"], targets: [target("i-1", 80), target("i-2", 80)] }),
      ],
      prefixLists: [hiddenPrefixList("pl-1")],
    }),
  );
  const outcomes = await observe(
    new Map([["sg-web", []]]),
    { ...defaultPolicy, defaultMode: "enforce", ...policy },
    fakeWorld(where),
  );
  return (outcomes[0]?.open ?? []).map(
    ({ ports, rule: by, interfaces, isPublic, because }) =>
      `${ports.protocol}/${rangeText(ports)} by ${ruleText(by)} at ${interfaces.join()}: ${isPublic ? "public" : "private"}, ${because.kind}`,
  );
}

const web = (...rules: readonly (string | Rule)[]): Group => group("sg-web", ...rules);
const world = web("tcp 80 0.0.0.0/0");
const keep = { "elb-only:keep": "tcp/80 203.0.113.7/32 feed" };

it.each<[string, string, Group, Partial<Policy>, readonly Interface[]]>([
  ["0.0.0.0/0", "public, toClose", world, {}, []],
  ["0.0.0.0/0", "public, audit", world, { defaultMode: "audit" }, []],
  ["0.0.0.0/0", "public, ignored", tagged(world, { "elb-only": "ignore" }), {}, []],
  ["0.0.0.0/0", "public, foreignGroup", { ...world, owner: otherAccount }, {}, []],
  ["0.0.0.0/0", "public, managedGroup", { ...world, name: "FMManagedSecurityGroup1" }, {}, []],
  ["0.0.0.0/0", "public, admitOnly", world, {}, [database("eni-db", ["sg-web"], "10.0.0.7")]],
  [
    "0.0.0.0/0",
    "public, allowed",
    world,
    { allowedSources: ["0.0.0.0/1", "128.0.0.0/1", "0.0.0.0/0"] },
    [],
  ],
  ["203.0.113.7/32", "public, kept", web(rule("tcp 80 203.0.113.7/32", { tags: keep })), {}, []],
  [
    "203.0.113.7/32",
    "private, allowed",
    web("tcp 80 203.0.113.7/32"),
    { allowedSources: ["203.0.113.0/24"] },
    [],
  ],
  ["sg-web", "private, self", web("tcp 80 sg-web"), {}, []],
  ["pl-1", "public, unresolvable", web("tcp 80 pl-1"), {}, []],
  ["sg-app", "private, toClose", tagged(web("-1 sg-app"), { "elb-only": "enforce" }), {}, []],
  ["10.0.0.0/8", "private, allProtocols", web("-1 10.0.0.0/8"), {}, []],
  ["sg-app", "private, notToClose", web("tcp 80 sg-app"), { close: "addresses" }, []],
  ["10.0.0.0/8", "private, notToClose", web("tcp 80 10.0.0.0/8"), { close: "public" }, []],
])("is open to %s: %s", async (_, how, group, policy, more) => {
  expect(await openIn(group, policy, more)).toEqual([
    `tcp/80 by ${group.rules.map(ruleText).join()} at eni-1,eni-2: ${how}`,
  ]);
});

it.each<[string, Group, Partial<Policy>]>([
  ["the load balancer gets in", web("tcp 80 sg-lb"), {}],
  ["another port is open", web("tcp 8080 0.0.0.0/0"), {}],
  ["the port is protected", world, { protectedPorts: [{ protocol: "tcp", from: 80, to: 80 }] }],
])("is not open where only %s", async (_, group, policy) => {
  expect(await openIn(group, policy)).toEqual([]);
});
