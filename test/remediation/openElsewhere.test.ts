import { describe, expect, it } from "vitest";
import { remediate } from "../support/remediate.ts";
import type { Outcome } from "../../lib/values/outcome.ts";
import { defaultPolicy, type Policy } from "../../lib/values/policy.ts";
import type { Group, Interface } from "../../lib/values/snapshot.ts";
import {
  application,
  database,
  group,
  instance,
  otherAccount,
  region,
  rule,
  tagged,
  target,
} from "../support/builders.ts";
import { cloud, fakeWorld } from "../support/fakeWorld.ts";

const enforced: Policy = { ...defaultPolicy, defaultMode: "enforce" };
const alb = application("alb", { groups: ["sg-lb"], targets: [target("i-1", 80)] });

/** What becomes of sg-web, open to the world, whose interface has another group, too. */
async function beside(
  other: Group,
  policy: Partial<Policy> = {},
  more: readonly Interface[] = [],
): Promise<Outcome> {
  const where = cloud(
    region({
      groups: [group("sg-web", "tcp 80 0.0.0.0/0"), other, group("sg-lb")],
      interfaces: [instance("i-1", ["sg-web", "sg-other"]), ...more],
      loadBalancers: [alb],
    }),
  );
  const asked = new Map([["sg-web", []]]);
  const [outcome] = await remediate(asked, { ...enforced, ...policy }, fakeWorld(where));
  if (outcome === undefined) throw new Error("no outcome");
  return outcome;
}

const internet = ({ proof }: Outcome): readonly string[] =>
  proof.flatMap(({ who, before, after }) =>
    who.kind === "internet" && who.family === "ipv4" ? [`${before} -> ${after}`] : [],
  );
const elsewhere = ({ findings }: Outcome) =>
  findings.filter(({ code }) => code === "open-elsewhere");

const open = group("sg-other", "tcp 80 0.0.0.0/0");
const keep = { "elb-only:keep": "tcp/80 0.0.0.0/0 status page" };

describe("a served port that stays open through another group of the interface", () => {
  it.each<[string, Group, string, readonly Interface[]]>([
    [
      "another account's",
      { ...open, owner: otherAccount },
      `which belongs to account ${otherAccount}`,
      [],
    ],
    ["an ignored one", tagged(open, { "elb-only": "ignore" }), "which is ignored", []],
    [
      "a managed one",
      tagged(open, { "elbv2.k8s.aws/cluster": "blue" }),
      "which somebody else manages",
      [],
    ],
    [
      "one in which nothing is closed",
      open,
      "in which nothing is closed (foreign-interface)",
      [database("eni-db", ["sg-other"], "10.0.0.7")],
    ],
    ["an audited one", tagged(open, { "elb-only": "audit" }), "which is only audited", []],
    [
      "one with a kept rule",
      group("sg-other", rule("tcp 80 0.0.0.0/0", { tags: keep })),
      "where it is kept without an end",
      [],
    ],
  ])("is told, high, and no proof says that it is closed: %s", async (_, other, why, more) => {
    const outcome = await beside(other, {}, more);
    expect(outcome).toMatchObject({ result: "changed" });
    expect(internet(outcome)).toEqual(["true -> true"]);
    expect(elsewhere(outcome)).toMatchObject([
      {
        severity: "high",
        text: `tcp/80 of sg-web (web) stays open to the internet through sg-other (other), ${why}: tcp/80 from 0.0.0.0/0 at eni-1.`,
      },
    ]);
  });

  it.each<[string, readonly string[]]>([
    ["halves of it", ["tcp 80 0.0.0.0/1", "tcp 80 128.0.0.0/1"]],
    ["a /7", ["tcp 70-90 54.0.0.0/7"]],
    ["all protocols", ["-1 0.0.0.0/0"]],
    ["IPv6", ["tcp 80 ::/0"]],
  ])("is open to the internet by %s", async (_, rules) => {
    const outcome = await beside(tagged(group("sg-other", ...rules), { "elb-only": "ignore" }));
    expect(elsewhere(outcome).map(({ severity }) => severity)).toEqual(rules.map(() => "high"));
  });

  it("is medium where private addresses get in", async () => {
    const other = tagged(group("sg-other", "tcp 80 10.0.0.0/16"), { "elb-only": "ignore" });
    const outcome = await beside(other);
    expect(internet(outcome)).toEqual(["true -> false"]);
    expect(elsewhere(outcome)).toMatchObject([{ severity: "medium" }]);
  });

  it.each<[string, Group, Partial<Policy>]>([
    ["the other group is closed, too", open, {}],
    ["only the load balancer gets in", group("sg-other", "tcp 80 sg-lb"), {}],
    [
      "another port is open",
      tagged(group("sg-other", "tcp 8080 0.0.0.0/0"), { "elb-only": "ignore" }),
      {},
    ],
    [
      "the port is protected",
      tagged(open, { "elb-only": "ignore" }),
      { protectedPorts: [{ protocol: "tcp", from: 80, to: 80 }] },
    ],
  ])("is not told where %s", async (_, other, policy) => {
    expect(elsewhere(await beside(other, policy))).toEqual([]);
  });
});
