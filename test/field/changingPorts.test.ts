import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { field, findingsOf, fromInternet, rulesOf } from "../attacks/field.ts";
import { unique } from "../contract/backend.ts";
import { tcp } from "../contract/groups.ts";
import { type Bundled, bundled } from "../sandbox/bundled.ts";

let product: Bundled;
let sandbox: Sandbox;

beforeAll(async () => {
  product = await bundled();
  sandbox = await product.start();
});
afterAll(async () => {
  await sandbox.close();
  await product.remove();
});

/** An instance that a target group on port 80 has on other ports. Others come in on ports of that range that nobody serves. */
function host(ports: readonly number[], tags: Readonly<Record<string, string>> = {}) {
  const here = field(sandbox);
  const front = here.group("front");
  const others = [33_060, 61_616].map((port) => ({ ...fromInternet, fromPort: port }));
  const back = here.group("back", others, tags);
  const id = here.instance(back);
  const { arn } = sandbox.world.targetGroup({
    name: unique("tg"),
    protocol: "HTTP",
    port: 80,
    vpc: here.vpc,
    targets: ports.map((port) => ({ id, port })),
  });
  sandbox.world.loadBalancer({
    name: unique("site"),
    groups: [front],
    subnets: [here.subnet],
    targetGroup: arn,
  });
  return {
    ...here,
    front,
    back,
    kept: others.map(({ fromPort }) => `tcp ${fromPort}-${fromPort} 0.0.0.0/0`),
  };
}

describe("a target group on port 80", () => {
  it("with an instance on gRPC's 50051 is no ECS: that port alone is admitted and closed", async () => {
    const { authorize, front, back, kept } = host([50_051]);
    await authorize(back, tcp(50_051, "0.0.0.0/0"));
    expect(rulesOf(sandbox, back)).toEqual([...kept, `tcp 50051-50051 ${front}`].sort());
    expect(findingsOf(sandbox, back)).not.toContain("medium dynamic-ports");
  });

  it("with an instance on several changing ports has one rule for the range, and nobody is closed out", async () => {
    const { authorize, front, back, kept } = host([49_153, 49_154]);
    await authorize(back, tcp(49_153, "0.0.0.0/0"));
    expect(rulesOf(sandbox, back)).toEqual(
      [...kept, `tcp 32768-65535 ${front}`, "tcp 49153-49153 0.0.0.0/0"].sort(),
    );
    expect(findingsOf(sandbox, back)).toContain("medium dynamic-ports");
  });

  it("closes that range to everybody else where the group's own tag says enforce", async () => {
    const { authorize, front, back } = host([49_153, 49_154], { "elb-only": "enforce" });
    await authorize(back, tcp(49_153, "0.0.0.0/0"));
    expect(rulesOf(sandbox, back)).toEqual([`tcp 32768-65535 ${front}`]);
  });

  it("has the range for one such port, too, where the group's owner says that ports change", async () => {
    const { authorize, front, back, kept } = host([49_153], { "elb-only:ports": "dynamic" });
    await authorize(back, tcp(49_153, "0.0.0.0/0"));
    expect(rulesOf(sandbox, back)).toEqual(
      [...kept, `tcp 32768-65535 ${front}`, "tcp 49153-49153 0.0.0.0/0"].sort(),
    );
  });
});

it("no changing port makes a function fail or leaves a dead letter", () => {
  expect([sandbox.failures, sandbox.deadLetters]).toEqual([[], []]);
});
