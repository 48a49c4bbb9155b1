import { DescribeRegionsCommand } from "@aws-sdk/client-ec2";
import { DescribeLoadBalancersCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { mockClient } from "aws-sdk-client-mock";
import { describe, expect, it } from "vitest";
import { ec2, elb, elbv2, eventBridge } from "../../lib/aws/clients.ts";
import { connect } from "../../lib/aws/connect.ts";
import { createOtherRegions } from "../../lib/aws/otherRegions.ts";
import { createInProcessSandbox, type InProcessSandbox } from "../../sandbox/inProcess.ts";

const client = ec2({ region: "eu-west-1" });
const enabled = mockClient(client);

/** The other regions, each an AWS of its own. */
function regionsOf(sandboxes: Readonly<Record<string, InProcessSandbox>>) {
  const services = { elb, elbv2, eventBridge };
  return createOtherRegions(client, "eu-west-1", "elb-only.", (region) =>
    connect(services, { ...sandboxes[region]?.clientConfig, region }),
  );
}

describe("createOtherRegions", () => {
  it("lists the regions that are enabled, its home apart", async () => {
    enabled.on(DescribeRegionsCommand, {}).resolves({
      Regions: [
        { RegionName: "us-east-1" },
        { RegionName: "eu-west-1" },
        { RegionName: "ap-east-1" },
      ],
    });
    expect(await regionsOf({}).list()).toEqual(["ap-east-1", "us-east-1"]);
  });

  it("knows a stack by the names of its rules, where there are load balancers of either kind", async () => {
    const withRules = (...names: readonly string[]): InProcessSandbox =>
      createInProcessSandbox({
        patterns: Object.fromEntries(names.map((name) => [name, { source: ["aws.ec2"] }])),
      });
    const [bare, classic, latest] = [withRules(), withRules(), withRules()];
    const [covered, stranger] = [withRules("elb-only.tags"), withRules("elb-only-2.tags")];
    classic.world.classicLoadBalancer({ name: "shop", groups: [], listeners: [] });
    for (const { world } of [latest, covered, stranger]) world.loadBalancer({ name: "alb" });
    const regions = regionsOf({ bare, classic, latest, covered, stranger });
    const kinds = await Promise.all(
      ["bare", "classic", "latest", "covered", "stranger"].map(
        async (name) => (await regions.coverOf(name)).kind,
      ),
    );
    expect(kinds).toEqual(["empty", "uncovered", "uncovered", "covered", "uncovered"]);
  });

  it("makes one call of each API, and a third only where there are load balancers", async () => {
    const [bare, latest] = [createInProcessSandbox(), createInProcessSandbox()];
    latest.world.loadBalancer({ name: "alb" });
    const regions = regionsOf({ bare, latest });
    await regions.coverOf("bare");
    await regions.coverOf("latest");
    expect(bare.calls.map(({ action }) => action)).toEqual(
      Array.from({ length: 2 }, () => "DescribeLoadBalancers"),
    );
    expect(latest.calls.map(({ action }) => action)).toContain("ListRules");
    expect(latest.calls).toHaveLength(3);
  });

  it("says what it may not read, and passes over what the organization closes", async () => {
    const denied = createInProcessSandbox();
    denied.inject({ kind: "deny", action: "DescribeLoadBalancers" });
    const regions = regionsOf({ denied });
    expect(await regions.coverOf("denied")).toEqual({
      kind: "unread",
      why: expect.stringMatching(/^elasticloadbalancing:DescribeLoadBalancers: AccessDenied/),
    });

    const closed = createOtherRegions(client, "eu-west-1", "elb-only.", (region) => {
      const services = connect({ elb, elbv2, eventBridge }, { ...denied.clientConfig, region });
      mockClient(services.elbv2)
        .on(DescribeLoadBalancersCommand)
        .rejects(
          Object.assign(
            new Error(
              "User: arn:aws:sts::123456789012:assumed-role/verify/verify is not authorized to perform: elasticloadbalancing:DescribeLoadBalancers on resource: * with an explicit deny in a service control policy",
            ),
            { name: "AccessDenied" },
          ),
        );
      return services;
    });
    expect(await closed.coverOf("ap-east-1")).toEqual({ kind: "closed" });
  });
});
