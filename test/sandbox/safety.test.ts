import { AuthorizeSecurityGroupIngressCommand } from "@aws-sdk/client-ec2";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { sourceKey } from "../../sandbox/ec2/permissions.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { elbOnly, newFolder, type Ran } from "../cli/scene.ts";
import { clients } from "../contract/backend.ts";
import { tcp } from "../contract/groups.ts";
import { type Bundled, bundled } from "./bundled.ts";

let product: Bundled;
let sandbox: Sandbox;
let back: string;
let front: string;

beforeAll(async () => {
  product = await bundled();
});
afterAll(() => product.remove());

beforeEach(async () => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIASANDBOXALICE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
  vi.stubEnv("AWS_CONFIG_FILE", "/dev/null");
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await sandbox.close();
});

/** A back end that its load balancer gets in to, and nobody else. */
async function start(
  environment: Readonly<Record<string, string>> = {},
  ...others: readonly string[]
): Promise<void> {
  sandbox = await product.start(environment);
  front = sandbox.world.group({ name: "front" }).id;
  back = sandbox.world.group({
    name: "back",
    rules: [
      { protocol: "tcp", fromPort: 80, group: front },
      ...others.map((cidr) => ({ protocol: "tcp", fromPort: 80, cidr })),
    ],
  }).id;
  const { id } = sandbox.world.instance({ groups: [back] });
  sandbox.world.classicLoadBalancer({
    name: "classic",
    groups: [front],
    listeners: [{ protocol: "HTTP", port: 80, instancePort: 80 }],
    instances: [id],
  });
}

const rules = (): readonly string[] =>
  [...(sandbox.cloud.groups.get(back)?.rules.values() ?? [])]
    .filter(({ egress }) => !egress)
    .map((rule) => `${rule.protocol} ${rule.fromPort}-${rule.toPort} ${sourceKey(rule.source)}`)
    .sort((a, b) => a.localeCompare(b));

const open = async (from: number, to: number, cidr: string): Promise<void> => {
  await clients(sandbox).ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId: back,
      IpPermissions: [{ ...tcp(from, cidr), ToPort: to }],
    }),
  );
  await sandbox.idle();
};

const cli = (...args: readonly string[]): Promise<Ran> =>
  elbOnly(
    [...args, "--endpoint-url", sandbox.endpoint, "--region", "us-east-1"],
    newFolder(),
    { ELB_ONLY_STATE_TABLE: "elb-only-state" },
    () => new Date(),
  );

const said = (): string => sandbox.alerts.at(-1)?.message ?? "";

describe("people beside the bundled functions", () => {
  it("undo what a message tells of, by the command in it; it stays undone until they go on", async () => {
    await start();
    await open(79, 81, "0.0.0.0/0");
    const closed = ["tcp 79-79 0.0.0.0/0", `tcp 80-80 ${front}`, "tcp 81-81 0.0.0.0/0"];
    expect(rules()).toEqual(closed);
    const [, command = ""] = /^ {2}elb-only (undo \S+)/m.exec(said()) ?? [];
    const undone = await cli(...command.split(" "), "--yes");
    expect(undone).toMatchObject({ code: 0, err: "" });
    await sandbox.idle();
    expect(rules()).toEqual(["tcp 79-81 0.0.0.0/0", `tcp 80-80 ${front}`]);
    expect(said()).toContain("medium: held: Nothing is removed");
    expect((await cli("resume", back, "--yes")).code).toBe(0);
    await open(9999, 9999, "10.0.0.0/8");
    expect(rules()).toEqual(
      [
        "tcp 79-79 0.0.0.0/0",
        `tcp 80-80 ${front}`,
        "tcp 81-81 0.0.0.0/0",
        "tcp 9999-9999 10.0.0.0/8",
      ].sort((a, b) => a.localeCompare(b)),
    );
    const { out } = await cli("history");
    expect(out.match(/\d{8}-\d{6}-[0-9a-f]{6}/g)?.length).toBeGreaterThanOrEqual(3);
  });

  it("pause everything, and nothing is written until they go on", async () => {
    await start();
    expect((await cli("pause")).code).toBe(0);
    await open(80, 80, "0.0.0.0/0");
    expect(rules()).toContain("tcp 80-80 0.0.0.0/0");
    expect(sandbox.alerts.map(({ attributes }) => attributes["result"])).toEqual(["drift"]);
    expect((await cli("resume", "--yes")).code).toBe(0);
    await sandbox.invoke("verify", {});
    await sandbox.idle();
    expect(rules()).toEqual([`tcp 80-80 ${front}`]);
  });

  it("let go what the breaker holds", async () => {
    const before = ["10.1.0.0/16", "10.9.0.0/16"];
    await start({ ELB_ONLY_BREAKER_SOURCES: "1" }, ...before);
    const sweep = async (): Promise<void> => {
      await sandbox.invoke("verify", {});
      await sandbox.idle();
    };
    await sweep();
    expect(rules()).toHaveLength(3);
    expect(said()).toContain("high: breaker: Nothing is removed");
    expect((await cli("resume", "--yes")).out).toContain("The breaker does not hold it again");
    await sweep();
    expect(rules()).toEqual([`tcp 80-80 ${front}`]);
  });
});
