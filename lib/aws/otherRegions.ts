import { DescribeRegionsCommand, type EC2Client } from "@aws-sdk/client-ec2";
import { DescribeLoadBalancersCommand as DescribeClassicLoadBalancersCommand } from "@aws-sdk/client-elastic-load-balancing";
import { DescribeLoadBalancersCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { ListRulesCommand } from "@aws-sdk/client-eventbridge";
import type { OtherRegions, RegionCover } from "../remediation/ports.ts";
import { call, failureOf } from "./api/errors.ts";
import { elb, elbv2, eventBridge } from "./clients.ts";
import { connect, type Connection } from "./connect.ts";

type Region = Connection<"elb" | "elbv2" | "eventBridge">;

const connectTo = (region: string): Region => connect({ elb, elbv2, eventBridge }, { region });

/** The regions that the account uses beside its home. A stack is there if rules are whose names begin as they do at home. */
export const createOtherRegions = (
  ec2: EC2Client,
  home: string,
  rulePrefix: string,
  open: (region: string) => Region = connectTo,
): OtherRegions => ({
  list: async () => {
    // Those that are not enabled are left out: nothing can be there.
    const asked = ec2.send(new DescribeRegionsCommand({}));
    const { Regions = [] } = await call("ec2:DescribeRegions", asked);
    const names = Regions.flatMap(({ RegionName }) => RegionName ?? []);
    return names.filter((name) => name !== home).sort();
  },
  coverOf: async (name) => {
    const region = open(name);
    try {
      if (!(await hasLoadBalancers(region))) return { kind: "empty" };
      const asked = new ListRulesCommand({ NamePrefix: rulePrefix, Limit: 1 });
      const { Rules = [] } = await call("events:ListRules", region.eventBridge.send(asked));
      return { kind: Rules.length > 0 ? "covered" : "uncovered" };
    } catch (error) {
      return whyUnread(error);
    } finally {
      for (const client of [region.elb, region.elbv2, region.eventBridge]) client.destroy();
    }
  },
});

/** One is enough, of either API. */
async function hasLoadBalancers({ elb: classic, elbv2: latest }: Region): Promise<boolean> {
  const name = "elasticloadbalancing:DescribeLoadBalancers";
  const v2 = latest.send(new DescribeLoadBalancersCommand({ PageSize: 1 }));
  const v1 = classic.send(new DescribeClassicLoadBalancersCommand({ PageSize: 1 }));
  const [{ LoadBalancers = [] }, { LoadBalancerDescriptions = [] }] = await Promise.all([
    call(name, v2),
    call(name, v1),
  ]);
  return LoadBalancers.length + LoadBalancerDescriptions.length > 0;
}

/** A region that the organization closes is denied to us as to everybody: there is nothing to tell of it. */
const isClosed = (why: string): boolean => /explicit deny in a service control policy/.test(why);

function whyUnread(error: unknown): RegionCover {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const isByOrganization = cause instanceof Error && isClosed(cause.message);
  return isByOrganization ? { kind: "closed" } : { kind: "unread", why: failureOf(error).text };
}
