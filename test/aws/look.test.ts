import { describe, expect, it } from "vitest";
import { type Account, awsError, standIn, type StandIn } from "./account.ts";
import * as a from "./things.ts";

/** Two served instances behind one Classic Load Balancer. */
const served: Account = {
  groups: [
    a.group("sg-web", { Tags: [{ Key: "elb-only", Value: "enforce" }] }),
    a.group("sg-front"),
    a.group("sg-base"),
  ],
  rules: [
    a.rule("sg-web", {
      SecurityGroupRuleId: "sgr-open",
      Description: "for all",
      Tags: [{ Key: "team", Value: "web" }],
    }),
    a.rule("sg-base", { FromPort: 22, ToPort: 22, CidrIpv4: "10.0.0.0/8" }),
    a.rule("sg-front", { IsEgress: true, IpProtocol: "-1", FromPort: -1, ToPort: -1 }),
  ],
  interfaces: [
    a.instanceInterface("i-1", ["sg-web", "sg-base"], { PrivateIpAddress: "10.0.0.1" }),
    a.instanceInterface("i-2", ["sg-web"]),
    a.instanceInterface("i-3", ["sg-base"]),
    a.frontInterface("eni-front", ["sg-front"]),
  ],
  classic: [
    a.classic("shop", ["i-1", "i-2"]),
    a.classic("other", [], { SecurityGroups: ["sg-other"] }),
  ],
  tags: { shop: { "elb-only": "enforce" } },
};

describe("look", () => {
  it("reads the groups in question, what is attached to their interfaces, and the groups of their load balancers", async () => {
    const { newWorld } = standIn(served);
    const snapshot = await newWorld().look(["sg-web"]);
    expect(snapshot.gaps).toEqual([]);
    expect(snapshot.account).toBe(a.account);
    expect(snapshot.inQuestion).toEqual(["sg-web"]);
    expect([...snapshot.groups.keys()].sort()).toEqual(["sg-base", "sg-front", "sg-web"]);
    expect(snapshot.groups.get("sg-web")).toEqual({
      id: "sg-web",
      name: "web",
      owner: a.account,
      vpc: "vpc-1",
      tags: { "elb-only": "enforce" },
      rules: [
        {
          id: "sgr-open",
          protocol: "tcp",
          fromPort: 80,
          toPort: 80,
          source: { kind: "ipv4", cidr: "0.0.0.0/0" },
          description: "for all",
          tags: { team: "web" },
        },
      ],
      egress: [],
    });
    expect(snapshot.groups.get("sg-front")?.egress).toMatchObject([
      { protocol: "-1", fromPort: -1, toPort: -1 },
    ]);
    expect(snapshot.interfaces.map(({ id }) => id).sort()).toEqual([
      "eni-front",
      "eni-i-1",
      "eni-i-2",
      "eni-i-3",
    ]);
    expect(snapshot.interfaces.find(({ id }) => id === "eni-i-1")).toEqual({
      id: "eni-i-1",
      vpc: "vpc-1",
      groups: ["sg-web", "sg-base"],
      addresses: ["10.0.0.1"],
      use: { kind: "instance", instance: "i-1", primary: true },
    });
  });

  it("knows every load balancer of the region, and the tags of those that serve somebody here", async () => {
    const { newWorld } = standIn(served);
    const { loadBalancers } = await newWorld().look(["sg-web"]);
    expect(loadBalancers).toEqual([
      {
        id: "shop",
        name: "shop",
        kind: "classic",
        vpc: "vpc-1",
        groups: ["sg-front"],
        tags: { "elb-only": "enforce" },
        targets: ["i-1", "i-2"].map((instance) => ({
          at: { kind: "instance", instance },
          ports: [{ protocol: "tcp", from: 80, to: 80, purpose: "listener" }],
        })),
      },
      expect.objectContaining({ id: "other", tags: {}, targets: [] }),
    ]);
  });

  it("takes two round trips and eight calls where nothing is unusual", async () => {
    const { called, newWorld } = standIn(served);
    await newWorld().look(["sg-web"]);
    expect(called.map(({ operation, depth }) => `${depth} ${operation}`).sort()).toEqual([
      "0 DescribeNetworkInterfaces",
      "0 DescribeTargetGroups",
      "0 elb.DescribeLoadBalancers",
      "0 elbv2.DescribeLoadBalancers",
      "1 DescribeNetworkInterfaces",
      "1 DescribeSecurityGroupRules",
      "1 DescribeSecurityGroups",
      "1 elb.DescribeTags",
    ]);
  });

  it("reads the same with pages of one", async () => {
    const { newWorld } = standIn(served);
    const { at: _, ...whole } = await newWorld().look(["sg-web"]);
    const inPages = standIn({ ...served, pageSize: 1 });
    const { at: __, ...paged } = await inPages.newWorld().look(["sg-web"]);
    expect(paged).toEqual(whole);
  });

  it("leaves out a group that is not there, and reads the others", async () => {
    const { newWorld } = standIn(served);
    const snapshot = await newWorld().look(["sg-gone", "sg-web"]);
    expect(snapshot.inQuestion).toEqual(["sg-web"]);
    expect(snapshot.groups.has("sg-gone")).toBe(false);
    expect(snapshot.gaps).toEqual([]);
  });

  it("asks nothing about nothing", async () => {
    const { called, newWorld } = standIn(served);
    expect((await newWorld().look([])).inQuestion).toEqual([]);
    expect(called).toEqual([]);
  });

  it("costs few calls for a group that is attached to nobody", async () => {
    const { called, newWorld } = standIn({
      ...served,
      groups: [...(served.groups ?? []), a.group("sg-idle")],
      targetGroups: [a.targetGroup("t", ["alb"])],
    });
    await newWorld().look(["sg-idle"]);
    expect(called).toHaveLength(6);
  });

  it("says when it was read", async () => {
    const { newWorld } = standIn(served);
    const { at } = await newWorld().look(["sg-web"]);
    expect(at).toBe("1970-01-01T00:00:00.000Z");
  });
});

describe("look, when something cannot be read", () => {
  it.each([
    ["elb.DescribeLoadBalancers", "elasticloadbalancing:DescribeLoadBalancers: AccessDenied: no"],
    ["elbv2.DescribeLoadBalancers", "elasticloadbalancing:DescribeLoadBalancers: AccessDenied: no"],
    ["DescribeTargetGroups", "elasticloadbalancing:DescribeTargetGroups: AccessDenied: no"],
    ["elb.DescribeTags", "elasticloadbalancing:DescribeTags: AccessDenied: no"],
  ])("says so: %s", async (operation, sentence) => {
    const { newWorld } = standIn({ ...served, failing: { [operation]: awsError("AccessDenied") } });
    const snapshot = await newWorld().look(["sg-web"]);
    expect(snapshot.gaps).toEqual([sentence]);
    expect(snapshot.inQuestion).toEqual(["sg-web"]);
  });

  it.each(["DescribeNetworkInterfaces", "DescribeSecurityGroups", "DescribeSecurityGroupRules"])(
    "throws what it cannot do without: %s",
    async (operation) => {
      const { newWorld } = standIn({
        ...served,
        failing: { [operation]: awsError("RequestLimitExceeded") },
      });
      await expect(newWorld().look(["sg-web"])).rejects.toMatchObject({
        failure: { kind: "throttled", text: `ec2:${operation}: RequestLimitExceeded: no` },
      });
    },
  );

  it("says so when an attached group is another account's, and not described", async () => {
    const { newWorld } = standIn({
      ...served,
      groups: (served.groups ?? []).filter(({ GroupId }) => GroupId !== "sg-base"),
    });
    const { gaps, groups } = await newWorld().look(["sg-web"]);
    expect(gaps).toEqual(["sg-base, which is attached to eni-i-1, could not be read"]);
    expect(groups.has("sg-web")).toBe(true);
  });

  it("says so when a rule has a source of a new kind", async () => {
    const { CidrIpv4: _, ...sourceless } = a.rule("sg-web", { SecurityGroupRuleId: "sgr-new" });
    const { newWorld } = standIn({ ...served, rules: [sourceless] });
    expect((await newWorld().look(["sg-web"])).gaps).toEqual([
      "sgr-new of sg-web: a source of a kind that is not known",
    ]);
  });

  it("does without the tags of a load balancer that is gone by then, and has the others'", async () => {
    const { newWorld } = standIn({
      ...served,
      classic: [a.classic("gone", ["i-1"]), a.classic("shop", ["i-1"])],
    });
    const { loadBalancers, gaps } = await newWorld().look(["sg-web"]);
    expect(gaps).toEqual([]);
    expect(loadBalancers.map(({ name, tags }) => [name, tags])).toEqual([
      ["gone", {}],
      ["shop", { "elb-only": "enforce" }],
    ]);
  });
});

describe("look, for what only some rules need", () => {
  const withRules = (...rules: NonNullable<Account["rules"]>): Account => ({ ...served, rules });

  it("reads the entries of prefix lists that let somebody in, and of those that the load balancer may send to", async () => {
    const { newWorld } = standIn({
      ...withRules(
        a.rule("sg-web", { PrefixListId: "pl-office" }),
        a.rule("sg-web", { PrefixListId: "pl-s3", IsEgress: true }),
        a.rule("sg-front", { PrefixListId: "pl-cdn" }),
        a.rule("sg-front", { PrefixListId: "pl-out", IsEgress: true }),
      ),
      prefixLists: ["pl-office", "pl-s3", "pl-cdn", "pl-out"].map((PrefixListId) => ({
        PrefixListId,
        PrefixListName: PrefixListId.slice(3),
        OwnerId: "AWS",
      })),
      entries: { "pl-office": ["192.0.2.0/24", "198.51.100.0/24"], "pl-out": ["10.0.0.0/8"] },
      pageSize: 1,
    });
    const { prefixLists, gaps } = await newWorld().look(["sg-web"]);
    expect(gaps).toEqual([]);
    expect([...prefixLists.values()]).toEqual([
      {
        id: "pl-office",
        name: "office",
        owner: "AWS",
        entries: ["192.0.2.0/24", "198.51.100.0/24"],
      },
      { id: "pl-out", name: "out", owner: "AWS", entries: ["10.0.0.0/8"] },
    ]);
  });

  it("has no entries of a prefix list that is not ours to read, but how many it may have", async () => {
    const { newWorld } = standIn({
      ...withRules(
        a.rule("sg-web", { PrefixListId: "pl-theirs" }),
        a.rule("sg-web", { PrefixListId: "pl-unshared" }),
      ),
      prefixLists: [
        {
          PrefixListId: "pl-theirs",
          PrefixListName: "theirs",
          OwnerId: "444455556666",
          MaxEntries: 20,
        },
      ],
    });
    const { prefixLists, gaps } = await newWorld().look(["sg-web"]);
    expect(gaps).toEqual([]);
    expect([...prefixLists.values()]).toEqual([
      { id: "pl-theirs", name: "theirs", owner: "444455556666", maxEntries: 20 },
      { id: "pl-unshared", name: "pl-unshared", owner: "" },
    ]);
  });

  it("reads a VPC's own ranges where a rule names other public addresses than everybody's", async () => {
    const vpcs = [
      {
        VpcId: "vpc-1",
        CidrBlockAssociationSet: [
          { CidrBlock: "11.0.0.0/16", CidrBlockState: { State: "associated" as const } },
          { CidrBlock: "12.0.0.0/16", CidrBlockState: { State: "disassociated" as const } },
        ],
        Ipv6CidrBlockAssociationSet: [
          {
            Ipv6CidrBlock: "2001:db8:1::/56",
            Ipv6CidrBlockState: { State: "associated" as const },
          },
          {
            Ipv6CidrBlock: "2001:db8:2::/56",
            Ipv6CidrBlockState: { State: "disassociated" as const },
          },
        ],
      },
    ];
    const { newWorld } = standIn({
      ...withRules(a.rule("sg-web", { CidrIpv6: "2001:db8::/32" })),
      vpcs,
    });
    expect((await newWorld().look(["sg-web"])).vpcRanges).toEqual(
      new Map([["vpc-1", ["11.0.0.0/16", "2001:db8:1::/56"]]]),
    );

    for (const plain of [{ CidrIpv6: "::/0" }, { CidrIpv4: "10.0.0.0/8" }]) {
      const { called, newWorld: newPlain } = standIn({
        ...withRules(a.rule("sg-web", plain)),
        vpcs,
      });
      await newPlain().look(["sg-web"]);
      expect(called.map(({ operation }) => operation)).not.toContain("DescribeVpcs");
    }
  });

  it("reads the ranges of the interfaces' VPCs, too: a group may be associated with another than its own", async () => {
    const range = (VpcId: string, CidrBlock: string) => ({
      VpcId,
      CidrBlockAssociationSet: [{ CidrBlock, CidrBlockState: { State: "associated" as const } }],
    });
    const { newWorld } = standIn({
      ...withRules(a.rule("sg-web", { CidrIpv4: "11.2.0.0/16" })),
      interfaces: [
        ...(served.interfaces ?? []),
        a.instanceInterface("i-far", ["sg-web"], { VpcId: "vpc-2" }),
      ],
      vpcs: [range("vpc-1", "11.1.0.0/16"), range("vpc-2", "11.2.0.0/16")],
    });
    expect((await newWorld().look(["sg-web"])).vpcRanges).toEqual(
      new Map([
        ["vpc-1", ["11.1.0.0/16"]],
        ["vpc-2", ["11.2.0.0/16"]],
      ]),
    );
  });

  it.each(["DescribeManagedPrefixLists", "DescribeVpcs"])(
    "says so when it cannot: %s",
    async (operation) => {
      const { newWorld } = standIn({
        ...withRules(a.rule("sg-web", { PrefixListId: "pl-1" })),
        failing: { [operation]: awsError("UnauthorizedOperation") },
      });
      expect((await newWorld().look(["sg-web"])).gaps).toEqual([
        `ec2:${operation}: UnauthorizedOperation: no`,
      ]);
    },
  );

  describe("where a rule names a group that is not read yet", () => {
    const from = (GroupId: string) => ({ ReferencedGroupInfo: { GroupId } });
    const changing: Account = {
      ...withRules(
        a.rule("sg-web", from("sg-former")),
        a.rule("sg-base", from("sg-former")),
        a.rule("sg-web", from("sg-front")),
        a.rule("sg-front", from("sg-clients")),
        a.rule("sg-web", { ...from("sg-egress"), IsEgress: true }),
      ),
      interfaces: [
        ...(served.interfaces ?? []),
        a.frontInterface("eni-former", ["sg-former"]),
        a.instanceInterface("i-former", ["sg-former"]),
        a.instanceInterface("i-client", ["sg-clients"]),
      ],
    };
    const readings = (called: StandIn["called"]) =>
      called.filter(({ operation }) => operation === "DescribeNetworkInterfaces");

    it("reads the load balancers' own interfaces of that group, by one more call", async () => {
      const { called, newWorld } = standIn(changing);
      const { interfaces, gaps } = await newWorld().look(["sg-web"]);
      expect(gaps).toEqual([]);
      expect(interfaces.map(({ id }) => id).sort()).toEqual([
        "eni-former",
        "eni-front",
        "eni-i-1",
        "eni-i-2",
        "eni-i-3",
      ]);
      expect(interfaces.find(({ id }) => id === "eni-former")).toMatchObject({
        groups: ["sg-former"],
        use: { kind: "loadBalancer" },
      });
      expect(called).toHaveLength(9);
      expect(readings(called).at(-1)).toMatchObject({
        depth: 2,
        input: { Filters: [{ Name: "group-id", Values: ["sg-former"] }] },
      });
    });

    it("has an interface once that has a group which is read, too", async () => {
      const both = a.frontInterface("eni-front", ["sg-front", "sg-former"]);
      const { newWorld } = standIn({
        ...changing,
        interfaces: [a.instanceInterface("i-1", ["sg-web", "sg-base"]), both],
      });
      const { interfaces } = await newWorld().look(["sg-web"]);
      expect(interfaces.map(({ id }) => id)).toEqual(["eni-i-1", "eni-front"]);
    });

    it("says so when it cannot", async () => {
      const { called, newWorld }: StandIn = standIn({
        ...changing,
        failing: {
          get DescribeNetworkInterfaces() {
            return readings(called).length > 2
              ? awsError("RequestLimitExceeded")
              : (undefined as never);
          },
        },
      });
      expect((await newWorld().look(["sg-web"])).gaps).toEqual([
        "ec2:DescribeNetworkInterfaces: RequestLimitExceeded: no",
      ]);
    });
  });

  describe("where a cluster's group lets other groups in", () => {
    const owned = (tags: Readonly<Record<string, string>>): Account => ({
      ...withRules(
        a.rule("sg-web", { ReferencedGroupInfo: { GroupId: "sg-control" } }),
        a.rule("sg-web", { ReferencedGroupInfo: { GroupId: "sg-other" } }),
        a.rule("sg-base", { ReferencedGroupInfo: { GroupId: "sg-far" } }),
      ),
      groups: [
        a.group("sg-web", { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }),
        a.group("sg-front"),
        a.group("sg-base"),
        a.group("sg-control", { Tags: [{ Key: "aws:eks:cluster-name", Value: "demo" }] }),
        a.group("sg-other"),
      ],
    });
    const readings = ({ called }: StandIn) =>
      called.filter(({ operation }) => operation === "DescribeSecurityGroups");

    it("reads by one more call whose cluster's these are", async () => {
      const account = standIn(owned({ "kubernetes.io/cluster/demo": "owned" }));
      const { sourceClusters } = await account.newWorld().look(["sg-web"]);
      expect(sourceClusters).toEqual(new Map([["sg-control", "demo"]]));
      expect(readings(account)).toHaveLength(2);
      expect(readings(account).at(-1)).toMatchObject({
        depth: 2,
        input: { Filters: [{ Name: "group-id", Values: ["sg-control", "sg-other"] }] },
      });
    });

    it("asks nothing of the kind where no cluster owns the group", async () => {
      const account = standIn(owned({ team: "web" }));
      expect(await account.newWorld().look(["sg-web"])).not.toHaveProperty("sourceClusters");
      expect(readings(account)).toHaveLength(1);
    });
  });

  it("asks for Auto Scaling groups only where an instance is not served, and then for everybody's", async () => {
    const instanceTags = ["i-1", "i-new"].map((ResourceId) => ({
      ResourceId,
      ResourceType: "instance" as const,
      Key: "aws:autoscaling:groupName",
      Value: "fleet",
    }));
    const { called, newWorld } = standIn({ ...served, instanceTags });
    await newWorld().look(["sg-web"]);
    expect(called.map(({ operation }) => operation)).not.toContain("DescribeTags");

    const growing = standIn({
      ...served,
      instanceTags,
      interfaces: [...(served.interfaces ?? []), a.instanceInterface("i-new", ["sg-web"])],
    });
    const { interfaces } = await growing.newWorld().look(["sg-web"]);
    const fleet = interfaces.filter(
      ({ use }) => use.kind === "instance" && use.autoScalingGroup === "fleet",
    );
    expect(fleet.map(({ id }) => id)).toEqual(["eni-i-1", "eni-i-new"]);
  });

  it("reads the tags of a load balancer that serves only a interface of the other groups, too", async () => {
    const { newWorld } = standIn({
      ...served,
      classic: [...(served.classic ?? []), a.classic("side", ["i-3"])],
      tags: { ...served.tags, side: { "elb-only": "ignore" } },
    });
    const { loadBalancers } = await newWorld().look(["sg-web"]);
    expect(loadBalancers.find(({ name }) => name === "side")?.tags).toEqual({
      "elb-only": "ignore",
    });
  });
});
