import { describe, expect, it } from "vitest";
import { memoryStore } from "../support/memoryStore.ts";
import { type Account, awsError, standIn } from "./account.ts";
import * as a from "./things.ts";

/** A group each for: an instance in a target group, one with a Classic Load Balancer, a pod's node, one that nobody serves; and one that nothing is attached to. */
const region = {
  groups: ["sg-web", "sg-old", "sg-pod", "sg-office", "sg-empty"].map((id) => a.group(id)),
  interfaces: [
    a.instanceInterface("i-web", ["sg-web"]),
    a.instanceInterface("i-old", ["sg-old"]),
    a.instanceInterface("node", ["sg-pod"], {
      Attachment: {},
      Ipv4Prefixes: [{ Ipv4Prefix: "10.0.5.16/28" }],
    }),
    a.instanceInterface("i-office", ["sg-office"]),
  ],
  classic: [a.classic("shop", ["i-old"])],
  balancers: [a.balancer("alb")],
  targetGroups: [
    a.targetGroup("web", ["alb"]),
    a.targetGroup("pods", ["alb"], { TargetType: "ip" }),
  ],
  registered: {
    [a.targetGroupArn("web")]: [a.registered("i-web", 80)],
    [a.targetGroupArn("pods")]: [a.registered("10.0.5.20", 8080)],
  },
} satisfies Account;

const hours = 3_600_000;
const ids = region.groups.map(({ GroupId = "" }) => GroupId);
const opened = (group: string, event = "AuthorizeSecurityGroupIngress") => ({
  ...a.trigger({ kind: "group", group }),
  event,
});

/** An account after a sweep, and which of its groups an event concerns there. */
async function swept(account: Account = region) {
  const { aws, called, newWorld, wait } = standIn(account);
  const store = memoryStore(aws.clock);
  await newWorld({ store, glance: true }).sweep();
  called.splice(0);
  return {
    store,
    called,
    newWorld,
    wait,
    concerned: async (event?: string) => [
      ...(await newWorld({ store }).affected(ids.map((group) => opened(group, event)))).keys(),
    ],
  };
}

describe("a change of rules", () => {
  it.each([
    "AuthorizeSecurityGroupIngress",
    "RevokeSecurityGroupIngress",
    "ModifySecurityGroupRules",
  ])("(%s) concerns those groups alone that a load balancer may reach", async (event) => {
    const { concerned } = await swept();
    expect(await concerned(event)).toEqual(["sg-web", "sg-old", "sg-pod"]);
  });

  it("takes one call where it concerns none", async () => {
    const { called, newWorld, store } = await swept();
    const world = newWorld({ store });
    expect(await world.affected([opened("sg-office"), opened("sg-empty")])).toEqual(new Map());
    expect(called.map(({ operation }) => operation)).toEqual(["DescribeNetworkInterfaces"]);
  });

  it("begins what its look will ask of ELB, which then asks nothing twice", async () => {
    const { called, newWorld, store } = await swept();
    const world = newWorld({ store });
    await world.affected([opened("sg-web")]);
    const lists = [
      "elb.DescribeLoadBalancers",
      "elbv2.DescribeLoadBalancers",
      "DescribeTargetGroups",
    ];
    const begun = called.map(({ operation }) => operation);
    expect(begun).toEqual(expect.arrayContaining([...lists, "DescribeTargetHealth"]));
    const { gaps } = await world.look(["sg-web"]);
    const elb = called.filter(({ operation }) =>
      [...lists, "DescribeTargetHealth"].includes(operation),
    );
    expect([gaps, elb.length]).toEqual([[], 4]);
  });

  it("says in its look what could not be read, where that failed before the look began", async () => {
    const failing: Record<string, Error> = {};
    const { newWorld, store } = await swept({ ...region, failing });
    failing["DescribeTargetHealth"] = awsError("AccessDenied");
    const world = newWorld({ store });
    await world.affected([opened("sg-web")]);
    await new Promise(setImmediate);
    const { unreadTargets = [] } = await world.look(["sg-web"]);
    expect(unreadTargets.map(({ why }) => why)).toEqual([
      expect.stringMatching(/^elasticloadbalancing:DescribeTargetHealth: AccessDenied: no/),
    ]);
  });

  it("takes no call for interfaces again where a look follows", async () => {
    const { called, newWorld, store } = await swept();
    const world = newWorld({ store });
    await world.affected([opened("sg-web")]);
    await world.look(["sg-web"]);
    const asked = called.filter(({ operation }) => operation === "DescribeNetworkInterfaces");
    expect(asked.filter(({ input }) => JSON.stringify(input).includes("sg-web"))).toHaveLength(1);
  });

  it("is read again as a whole by the look after that", async () => {
    const { called, newWorld, store } = await swept();
    const world = newWorld({ store });
    await world.affected([opened("sg-web")]);
    await world.look(["sg-web"]);
    called.splice(0);
    await world.look(["sg-web"]);
    expect(called.map(({ operation }) => operation)).toContain("DescribeNetworkInterfaces");
  });

  it("concerns a group at once that somebody was registered of since the sweep", async () => {
    const account = { ...region, registered: { ...region.registered } };
    const { newWorld, store, concerned, wait } = await swept(account);
    wait(1);
    account.registered[a.targetGroupArn("web")] = [a.registered("i-office", 80)];
    await newWorld({ store }).affected([
      a.trigger({ kind: "targetGroup", arn: a.targetGroupArn("web") }),
    ]);
    expect(await concerned()).toContain("sg-office");
  });

  it("concerns a group at once whose instance a Classic Load Balancer has since the sweep", async () => {
    const classic = [...region.classic];
    const { newWorld, store, concerned, wait } = await swept({ ...region, classic });
    wait(1);
    classic[0] = a.classic("shop", ["i-office"]);
    await newWorld({ store }).affected([a.trigger({ kind: "classicLoadBalancer", name: "shop" })]);
    expect(await concerned()).toContain("sg-office");
  });

  it.each<[string, Account, number]>([
    [
      "could not read all",
      { ...region, failing: { DescribeTargetHealth: awsError("AccessDenied") } },
      0,
    ],
    ["was two hours ago", region, 2 * hours],
    [
      "read more of one target group than an item holds",
      {
        ...region,
        registered: {
          ...region.registered,
          [a.targetGroupArn("web")]: Array.from({ length: 20_000 }, (_, id) =>
            a.registered(`i-${id}`, 80),
          ),
        },
      },
      0,
    ],
  ])(
    "concerns every group that something is attached to where the sweep %s",
    async (_, account, later) => {
      const { wait, concerned } = await swept(account);
      wait(later);
      expect(await concerned()).toEqual(ids.filter((id) => id !== "sg-empty"));
    },
  );
});

describe("an event of another kind", () => {
  it("concerns every group that it names", async () => {
    const { concerned } = await swept();
    expect(await concerned("CreateTags")).toEqual(ids);
  });
});
