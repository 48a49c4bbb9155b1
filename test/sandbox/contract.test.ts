import { afterAll, beforeAll, describe } from "vitest";
import { queueUrl } from "../../sandbox/sqs/sqs.ts";
import { topicArn } from "../../sandbox/sns/sns.ts";
import { names } from "../../sandbox/functions.ts";
import { startSandbox, type Sandbox } from "../../sandbox/sandbox.ts";
import type { Backend, Place } from "../contract/backend.ts";
import { instancesAsAws } from "../contract/instances-as-aws.ts";
import { loadBalancersAsAws } from "../contract/load-balancers-as-aws.ts";
import { loadBalancers } from "../contract/load-balancers.ts";
import { messages } from "../contract/messages.ts";
import { securityGroupsAsAws } from "../contract/security-groups-as-aws.ts";
import { targetGroupsAsAws } from "../contract/target-groups-as-aws.ts";
import { targetGroups } from "../contract/target-groups.ts";
import { securityGroups } from "../contract/security-groups.ts";

let sandbox: Sandbox;
let backend: Backend;

beforeAll(async () => {
  sandbox = await startSandbox({ region: "eu-central-1" });
  const { cloud, world } = sandbox;
  const place = (vpc: string): Place => ({
    vpc,
    subnets: [...cloud.subnets.values()]
      .filter((subnet) => subnet.vpc === vpc)
      .map(({ id }) => id) as [string, string],
  });
  backend = {
    endpoint: sandbox.endpoint,
    region: sandbox.region,
    defaultVpc: place([...cloud.vpcs.values()].find(({ isDefault }) => isDefault)?.id ?? ""),
    otherVpc: place(world.vpc({ cidr: "10.0.0.0/16" }).id),
    queueUrl: queueUrl(cloud, names.notifyQueue),
    topicArn: topicArn(cloud, names.alertTopic),
  };
});

afterAll(() => sandbox.close());

describe("the sandbox", () => {
  for (const contract of [
    securityGroups,
    securityGroupsAsAws,
    instancesAsAws,
    loadBalancers,
    loadBalancersAsAws,
    targetGroups,
    targetGroupsAsAws,
    messages,
  ])
    contract(() => backend);
});
