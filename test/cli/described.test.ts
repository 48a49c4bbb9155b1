import { rmSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  DescribeTagsCommand,
} from "@aws-sdk/client-ec2";
import {
  DescribeLoadBalancersCommand as DescribeClassicCommand,
  DescribeTagsCommand as DescribeClassicTagsCommand,
} from "@aws-sdk/client-elastic-load-balancing";
import {
  DescribeLoadBalancersCommand,
  DescribeTagsCommand as DescribeTagsV2Command,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startSandbox, type Sandbox } from "../../sandbox/sandbox.ts";
import { clients } from "../contract/backend.ts";
import { elbOnly, newFolder } from "./scene.ts";

let sandbox: Sandbox;
let outputs: Readonly<Record<string, object>>;
let back = "";
let instance = "";

beforeAll(async () => {
  sandbox = await startSandbox({ region: "eu-west-1" });
  const { world } = sandbox;
  const front = world.group({ name: "front" }).id;
  back = world.group({
    name: "back",
    rules: [{ protocol: "tcp", fromPort: 20, toPort: 90, cidr: "0.0.0.0/0" }],
  }).id;
  instance = world.instance({ groups: [back] }).id;
  world.classicLoadBalancer({
    name: "classic",
    groups: [front],
    listeners: [{ protocol: "HTTP", port: 80, instancePort: 80 }],
    instances: [instance],
  });
  const { arn } = world.targetGroup({
    name: "web",
    protocol: "HTTP",
    port: 81,
    targets: [{ id: instance }],
  });
  world.loadBalancer({ name: "web-alb", groups: [front], targetGroup: arn });
  outputs = await describedBy(sandbox);
});
afterAll(() => sandbox.close());

/** What the aws CLI's commands would have written, by file. */
async function describedBy(from: Sandbox): Promise<Readonly<Record<string, object>>> {
  const { ec2, elb, elbv2 } = clients(from);
  const { LoadBalancers = [] } = await elbv2.send(new DescribeLoadBalancersCommand({}));
  const { TargetGroups = [] } = await elbv2.send(new DescribeTargetGroupsCommand({}));
  const ResourceArns = LoadBalancers.flatMap((one) => one.LoadBalancerArn ?? []);
  const { TargetGroupArn } = TargetGroups[0] ?? {};
  const answers = {
    "describe-security-groups": await ec2.send(new DescribeSecurityGroupsCommand({})),
    "describe-security-group-rules": await ec2.send(new DescribeSecurityGroupRulesCommand({})),
    "describe-network-interfaces": await ec2.send(new DescribeNetworkInterfacesCommand({})),
    "describe-tags": await ec2.send(new DescribeTagsCommand({})),
    "elb-describe-load-balancers": await elb.send(new DescribeClassicCommand({})),
    "elb-describe-tags": await elb.send(
      new DescribeClassicTagsCommand({ LoadBalancerNames: ["classic"] }),
    ),
    "elbv2-describe-load-balancers": { LoadBalancers },
    "describe-target-groups": { TargetGroups },
    "describe-target-health.web": await elbv2.send(
      new DescribeTargetHealthCommand({ TargetGroupArn }),
    ),
    "elbv2-describe-tags": await elbv2.send(new DescribeTagsV2Command({ ResourceArns })),
  };
  return answers;
}

function folderWith(change: Readonly<Record<string, object | undefined>> = {}): string {
  const folder = newFolder();
  for (const [name, output] of Object.entries({ ...outputs, ...change }))
    if (output !== undefined)
      writeFileSync(join(folder, `${name}.json`), JSON.stringify(output, undefined, 4));
  return folder;
}

const plan = (folder: string, ...args: readonly string[]) =>
  elbOnly(["plan", "--from", ".", ...args], folder);

describe("--from a folder with what the aws CLI's describe-... wrote", () => {
  it("plans as from the account itself", async () => {
    const { code, out, err } = await plan(folderWith());
    expect({ code, err }).toEqual({ code: 2, err: "" });
    expect(out).toMatch(/^123456789012 eu-west-1, read .*: 1 security group/);
    expect(out).toMatch(/behind {8}classic on tcp\/80\n +web-alb on tcp\/81/);
    expect(out).toMatch(/loses {9}everybody \(0\.0\.0\.0\/0\): tcp\/80-81/);
  });

  it("explains, and makes a snapshot of it", async () => {
    const folder = folderWith();
    const explained = await elbOnly(["explain", instance, "--from", "."], folder);
    expect(explained.out).toMatch(/tcp\/20-90 from everybody/);
    await elbOnly(["snapshot", "--from", ".", "--out", "snapshot.json"], folder);
    const planned = await elbOnly(["plan", "--from", "snapshot.json"], folder);
    rmSync(join(folder, "snapshot.json"));
    expect((await plan(folder)).out).toBe(planned.out);
  });

  it.each([
    ["describe-security-groups", /aws ec2 describe-security-groups > /],
    ["describe-security-group-rules", /aws ec2 describe-security-group-rules > /],
    ["describe-network-interfaces", /aws ec2 describe-network-interfaces --include-managed/],
    ["elb-describe-load-balancers", /aws elb describe-load-balancers > elb-/],
    ["elb-describe-tags", /aws elb describe-tags --load-balancer-names classic > elb-/],
    ["elbv2-describe-load-balancers", /aws elbv2 describe-load-balancers > elbv2-/],
    ["elbv2-describe-tags", /aws elbv2 describe-tags --resource-arns arn:\S+ > elbv2-/],
    ["describe-target-groups", /aws elbv2 describe-target-groups > /],
    [
      "describe-target-health.web",
      /aws elbv2 describe-target-health --target-group-arn \S+ > describe-target-health\.web\.json/,
    ],
  ])("without %s.json says by which command to make it", async (name, command) => {
    const { code, out, err } = await plan(folderWith({ [name]: undefined }));
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(/^elb-only: \. lacks what/);
    expect(err).toMatch(command);
  });

  it("takes a list in several files, whatever they are called", async () => {
    const rules = outputs["describe-security-group-rules"] as { SecurityGroupRules: object[] };
    const folder = folderWith({
      "describe-security-group-rules": undefined,
      one: { SecurityGroupRules: rules.SecurityGroupRules.slice(0, 1) },
      two: { SecurityGroupRules: rules.SecurityGroupRules.slice(1) },
    });
    expect((await plan(folder)).out).toMatch(/- {2}tcp\/20-90/);
  });

  it.each<[string, object, RegExp]>([
    ["holds only a part", { Vpcs: [], NextToken: "x" }, /bad\.json holds only a part of its list/],
    ["was made with --query", [["sg-1"]], /bad\.json holds none of the lists that are read/],
    ["holds no list", { Vpcs: {} }, /bad\.json: Vpcs is no list/],
  ])("refuses a file that %s", async (_, bad, says) => {
    const { code, err } = await plan(folderWith({ bad }));
    expect(code).toBe(1);
    expect(err).toMatch(says);
  });

  it("refuses another region", async () => {
    const { err } = await plan(folderWith(), "--region", "us-east-1");
    expect(err).toMatch(/is of eu-west-1, not of us-east-1/);
  });

  it("shows in docs/cli.md every command that it may ask for", () => {
    const docs = readFileSync(new URL("../../docs/cli.md", import.meta.url), "utf8");
    for (const command of [
      "aws ec2 describe-security-groups",
      "aws ec2 describe-security-group-rules",
      "aws ec2 describe-network-interfaces --include-managed-resources",
      "aws ec2 describe-vpcs",
      "aws ec2 describe-tags",
      "aws ec2 describe-managed-prefix-lists",
      "aws ec2 get-managed-prefix-list-entries",
      "aws elb describe-load-balancers",
      "aws elb describe-tags",
      "aws elbv2 describe-load-balancers",
      "aws elbv2 describe-target-groups",
      "aws elbv2 describe-target-health",
      "aws elbv2 describe-tags",
    ])
      expect(docs).toContain(command);
  });
});
