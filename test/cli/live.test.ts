import { readFileSync } from "node:fs";
import { AuthorizeSecurityGroupIngressCommand, DescribeVpcsCommand } from "@aws-sdk/client-ec2";
import { DeleteLoadBalancerCommand } from "@aws-sdk/client-elastic-load-balancing";
import { DeregisterTargetsCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { ec2, elb, elbv2 } from "../../lib/aws/clients.ts";
import { connect } from "../../lib/aws/connect.ts";
import { readOnly } from "../../lib/aws/readOnly.ts";
import { startSandbox, type Sandbox } from "../../sandbox/sandbox.ts";
import { elbOnly, newFolder } from "./scene.ts";

let sandbox: Sandbox;
const ids = { back: "", front: "", instance: "", alone: "", unserved: "" };

beforeAll(async () => {
  sandbox = await startSandbox({ region: "us-east-1" });
  const { world } = sandbox;
  ids.front = world.group({
    name: "front",
    rules: [{ protocol: "tcp", fromPort: 80, cidr: "0.0.0.0/0" }],
  }).id;
  ids.back = world.group({
    name: "back",
    rules: [{ protocol: "tcp", fromPort: 20, toPort: 90, cidr: "0.0.0.0/0" }],
  }).id;
  ids.unserved = world.group({
    name: "unserved",
    rules: [{ protocol: "tcp", fromPort: 443, cidr: "0.0.0.0/0" }],
  }).id;
  ids.instance = world.instance({ groups: [ids.back] }).id;
  ids.alone = world.instance({ groups: [ids.unserved] }).id;
  world.classicLoadBalancer({
    name: "classic",
    groups: [ids.front],
    listeners: [{ protocol: "HTTP", port: 80, instancePort: 80 }],
    instances: [ids.instance],
  });
  const { arn } = world.targetGroup({
    name: "web",
    protocol: "HTTP",
    port: 81,
    targets: [{ id: ids.instance }],
  });
  world.loadBalancer({ name: "web-alb", groups: [ids.front], targetGroup: arn });
});
afterAll(() => sandbox.close());

beforeEach(() => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIASANDBOXALICE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
  vi.stubEnv("AWS_CONFIG_FILE", "/dev/null");
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
  vi.stubEnv("AWS_PROFILE", undefined);
  vi.stubEnv("AWS_REGION", undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  sandbox.forget();
});

const live = (...args: readonly string[]) =>
  elbOnly([...args, "--endpoint-url", sandbox.endpoint, "--region", "us-east-1"], newFolder());

describe("against an account", () => {
  it("plan reads a region, says what would change, and changes nothing", async () => {
    const { code, out, err } = await live("plan");
    expect({ code, err }).toEqual({ code: 2, err: "" });
    expect(out).toMatch(/^123456789012 us-east-1, read .*: 1 security group behind load balancers/);
    expect(out).toMatch(/- {2}tcp\/20-90 {2}everybody/);
    expect(out).toMatch(/behind {8}classic on tcp\/80\n +web-alb on tcp\/81/);
    const writes = sandbox.calls.filter(({ action }) => !/^(Describe|Get)/.test(action));
    expect(writes).toEqual([]);
    const listed = readFileSync(new URL("../../docs/cli.md", import.meta.url), "utf8");
    for (const { action } of sandbox.calls) expect(listed).toContain(`:${action}\``);
    expect(sandbox.calls.length).toBeGreaterThan(5);
  });

  it("verify ends with 2, and with 1 where nothing can be read", async () => {
    expect((await live("verify")).code).toBe(2);
    vi.stubEnv("AWS_ACCESS_KEY_ID", undefined);
    const { code, err } = await live("verify");
    expect(code).toBe(1);
    expect(err).toMatch(/^elb-only: sts:GetCallerIdentity: .*credentials/i);
    expect(err).not.toMatch(/\n\s+at /);
  });

  it("reads with the credentials of each role, one account after the other", async () => {
    const roles = ["audit", "security"].map((one) => `arn:aws:iam::123456789012:role/${one}`);
    const { code, out } = await live("plan", "--role-arn", roles.join(","));
    expect(code).toBe(2);
    expect(out.match(/^123456789012 us-east-1, read/gm)).toHaveLength(2);
    const callers = sandbox.calls.map(({ action, caller }) =>
      action === "AssumeRole" ? `${caller} assumes` : caller,
    );
    expect([...new Set(callers)]).toEqual(["alice assumes", "audit", "security"]);
  });

  it("says which role cannot be assumed", async () => {
    const { code, err } = await live("plan", "--role-arn", "arn:aws:iam::999999999999:role/audit");
    expect(code).toBe(1);
    expect(err).toMatch(/^elb-only: sts:AssumeRole: AccessDenied: .*999999999999:role\/audit/);
  });

  it("takes the region of the environment, and asks for one where there is none", async () => {
    const args = ["plan", "--endpoint-url", sandbox.endpoint];
    const { code, err } = await elbOnly(args, newFolder());
    expect({ code, err }).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^elb-only: Which region\? Give --region/) as string,
    });
    vi.stubEnv("AWS_REGION", "us-east-1");
    expect((await elbOnly(args, newFolder())).code).toBe(2);
  });

  it("reads no more than the groups that are chosen by id", async () => {
    const { out } = await live("plan", "--group", ids.back);
    expect(out).toMatch(/^1 group of 1 would change/m);
    const listed = sandbox.calls.filter(({ action }) => action === "DescribeNetworkInterfaces");
    expect(listed.every(({ params }) => "Filter" in params || "Filters" in params)).toBe(true);
  });

  it.each([
    ["a group that no load balancer serves", () => ids.unserved, /tcp\/443 from everybody/],
    ["an instance that none serves", () => ids.alone, /behind no load balancer/],
    ["an instance", () => ids.instance, /narrow it to\s+tcp\/20-79, tcp\/82-90/],
    ["a load balancer's name", () => "web-alb", /narrow it to\s+tcp\/20-79, tcp\/82-90/],
  ])("explain knows %s", async (_, what, says) => {
    const { code, out } = await live("explain", what());
    expect(code).toBe(0);
    expect(out).toMatch(says);
  });

  it("snapshot writes what plan then says the same of, without AWS", async () => {
    const folder = newFolder();
    const where = ["--endpoint-url", sandbox.endpoint, "--region", "us-east-1"];
    await elbOnly(["snapshot", ...where], folder);
    const [fromAws, fromFile] = [
      await elbOnly(["plan", ...where], folder),
      await elbOnly(["plan", "--from", "snapshot.json"], folder),
    ];
    expect(fromFile.out.split("\n").slice(1)).toEqual(fromAws.out.split("\n").slice(1));
  });

  it("says what was denied", async () => {
    const undo = sandbox.inject({ kind: "deny", action: "DescribeSecurityGroups" });
    const { code, err } = await live("plan").finally(undo);
    expect(code).toBe(1);
    expect(err).toMatch(/ec2:DescribeSecurityGroups: UnauthorizedOperation/);
  });
});

describe("a connection that only reads", () => {
  const readings = () =>
    readOnly(
      connect(
        { ec2, elb, elbv2 },
        {
          region: "us-east-1",
          endpoint: sandbox.endpoint,
          credentials: { accessKeyId: "AKIASANDBOXALICE", secretAccessKey: "secret" },
        },
      ),
    );

  it("refuses every write before it is sent", async () => {
    const to = readings();
    await expect(
      to.ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: ids.back })),
    ).rejects.toThrow("AuthorizeSecurityGroupIngress is refused: this only reads.");
    await expect(
      to.elb.send(new DeleteLoadBalancerCommand({ LoadBalancerName: "classic" })),
    ).rejects.toThrow("is refused");
    await expect(
      to.elbv2.send(new DeregisterTargetsCommand({ TargetGroupArn: "x", Targets: [] })),
    ).rejects.toThrow("is refused");
    expect(sandbox.calls).toEqual([]);
  });

  it("lets reading through", async () => {
    const { Vpcs } = await readings().ec2.send(new DescribeVpcsCommand({}));
    expect(Vpcs).toHaveLength(1);
  });
});
