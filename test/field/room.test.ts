import { RevokeSecurityGroupIngressCommand } from "@aws-sdk/client-ec2";
import {
  CreateTargetGroupCommand,
  DeleteLoadBalancerCommand,
  DeleteTargetGroupCommand,
  DeregisterTargetsCommand,
  ModifyListenerCommand,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import type { RuleWanted } from "../../sandbox/world.ts";
import { field, findingsOf, from, rulesOf, toldOf, writesTo } from "../attacks/field.ts";
import { unique } from "../contract/backend.ts";
import { type Bundled, bundled } from "../sandbox/bundled.ts";

/** AWS's 60, scaled down. */
const quota = 10;

let product: Bundled;
let sandbox: Sandbox;

beforeAll(async () => {
  product = await bundled();
});
afterAll(() => product.remove());
// An account each, so that no sweep has to look at another test's groups: ELB takes ten calls a second.
beforeEach(async () => {
  sandbox = await product.start(
    { ELB_ONLY_RULES_PER_GROUP: String(quota) },
    { quotas: { rulesPerGroup: quota } },
  );
});
afterEach(() => sandbox.close());

const rules = (group: string) => rulesOf(sandbox, group);
const open = (fromPort: number, toPort: number, cidr: string): RuleWanted => ({
  protocol: "tcp",
  fromPort,
  toPort,
  cidr,
});

/** The hourly sweep, and all that comes of it. */
async function sweep(): Promise<void> {
  await sandbox.invoke("verify", {});
  await sandbox.idle();
}

/** A sweep that writes nothing to the group. */
async function isCalm(group: string): Promise<void> {
  const before = writesTo(sandbox, group).length;
  await sweep();
  expect(writesTo(sandbox, group).slice(before)).toEqual([]);
}

describe("a group that has no room", { timeout: 60_000 }, () => {
  it("lets in the living release of many, each of which brought a port of its own", async () => {
    const here = field(sandbox);
    const { elbv2 } = here.mallory;
    const [front, back] = [here.group("front"), here.group("back")];
    const machine = here.instance(back);
    const { arn } = here.serve(8000, [front], machine);
    const listener = [...sandbox.cloud.v2.listeners.values()].find(
      (one) => one.loadBalancer === arn,
    );
    let old = [...sandbox.cloud.v2.targetGroups.values()].find((one) => one.port === 8000)?.arn;
    for (let release = 1; release <= 12; release += 1) {
      const port = 8000 + 10 * release;
      const { TargetGroups: [made] = [] } = await elbv2.send(
        new CreateTargetGroupCommand({
          Name: unique("release"),
          Protocol: "HTTP",
          Port: port,
          VpcId: here.vpc,
        }),
      );
      const TargetGroupArn = made?.TargetGroupArn;
      await elbv2.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: machine }] }));
      await elbv2.send(
        new ModifyListenerCommand({
          ListenerArn: listener?.arn,
          DefaultActions: [{ Type: "forward", TargetGroupArn }],
        }),
      );
      await elbv2.send(
        new DeregisterTargetsCommand({ TargetGroupArn: old, Targets: [{ Id: machine }] }),
      );
      await elbv2.send(new DeleteTargetGroupCommand({ TargetGroupArn: old }));
      old = TargetGroupArn;
      await sandbox.idle();
      expect(rules(back)).toContain(`tcp ${port}-${port} ${front}`);
    }
    expect(rules(back)).toHaveLength(quota - 2);
    await isCalm(back);
  });

  it("is not taken back and added to again at every sweep for the sake of a wide rule", async () => {
    const here = field(sandbox);
    const [front, back] = [here.group("front"), here.group("back")];
    const others = Array.from({ length: quota - 2 }, (_, index) =>
      open(22, 22, `10.1.${index}.0/24`),
    );
    for (const one of [...others, from(front, 80), open(79, 81, "0.0.0.0/0")])
      sandbox.world.rule(back, one);
    here.serve(80, [front], here.instance(back));
    const before = rules(back);
    for (const _ of [1, 2]) await sweep();
    expect(rules(back)).toEqual(before);
    expect(writesTo(sandbox, back)).toEqual([]);
    expect(findingsOf(sandbox, back)).toContain("high rule-quota");
    expect(toldOf(sandbox, back)[0]?.message).toContain(
      `tcp/79-81 from 0.0.0.0/0 stays open: to close it takes 2 more rules in ${back}`,
    );
  });

  it("is written nothing for many services behind one wide rule, since all of them get in already", async () => {
    const here = field(sandbox);
    const back = here.group("hosts", [open(32768, 65535, "10.0.0.0/16")]);
    const machine = here.instance(back);
    for (let service = 0; service < quota; service += 1)
      here.serve(33_000 + 10 * service, [here.group("front")], machine);
    await sweep();
    expect(rules(back)).toEqual(["tcp 32768-65535 10.0.0.0/16"]);
    expect(writesTo(sandbox, back)).toEqual([]);
    expect(findingsOf(sandbox, back)).toContain("high rule-quota");
  });

  it("is closed to the world first, and stays open to private ranges", async () => {
    const here = field(sandbox);
    const wide = ["10.0.0.0/8", "172.16.0.0/12", "0.0.0.0/0"].map((cidr) => open(8000, 9000, cidr));
    const [front, back] = [here.group("front"), here.group("back", wide)];
    const machine = here.instance(back);
    here.serve(8010, [front], machine);
    here.serve(8020, [front], machine);
    await sweep();
    expect(rules(back)).not.toContain("tcp 8000-9000 0.0.0.0/0");
    expect(rules(back)).toEqual(
      expect.arrayContaining(["tcp 8000-9000 10.0.0.0/8", "tcp 8000-9000 172.16.0.0/12"]),
    );
    await isCalm(back);
  });
});

describe("what is ours and nobody needs", { timeout: 60_000 }, () => {
  it("a load balancer's admission goes with it, though another is attached to the same group", async () => {
    const here = field(sandbox);
    const [front, back] = [here.group("front"), here.group("back")];
    const machine = here.instance(back);
    here.serve(80, [front], machine);
    await here.seize(machine, [9999], [front]);
    expect(rules(back)).toEqual([`tcp 80-80 ${front}`, `tcp 9999-9999 ${front}`]);
    const evil = [...sandbox.cloud.v2.loadBalancers.values()].at(-1);
    await here.mallory.elbv2.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: evil?.arn }));
    await sandbox.idle();
    await sweep();
    expect(rules(back)).toEqual([`tcp 80-80 ${front}`]);
  });

  it("copies go that were left beside a wide rule, so that who revokes it leaves SSH open to nobody", async () => {
    const here = field(sandbox);
    const back = here.group("back");
    here.instance(back);
    const wide = sandbox.world.rule(back, open(0, 65535, "0.0.0.0/0"));
    const tags = { "elb-only:remainder-of": wide.id };
    for (const [first, last] of [
      [0, 79],
      [81, 65535],
    ] as const)
      sandbox.world.rule(back, { ...open(first, last, "0.0.0.0/0"), tags });
    await sweep();
    expect(rules(back)).toEqual(["tcp 0-65535 0.0.0.0/0"]);
    await here.mallory.ec2.send(
      new RevokeSecurityGroupIngressCommand({
        GroupId: back,
        SecurityGroupRuleIds: [wide.id],
      }),
    );
    await sandbox.idle();
    expect(rules(back)).toEqual([]);
  });
});
