import { ModifyManagedPrefixListCommand } from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { field, rulesOf, toldOf } from "../attacks/field.ts";
import { unique } from "../contract/backend.ts";
import { tcp } from "../contract/groups.ts";
import { type Bundled, bundled } from "../sandbox/bundled.ts";

let product: Bundled;
let publicOnly: Sandbox;

beforeAll(async () => {
  product = await bundled();
  publicOnly = await product.start({ ELB_ONLY_CLOSE: "public" });
});
afterAll(async () => {
  await publicOnly.close();
  await product.remove();
});

describe("a managed prefix list", () => {
  const list = async (where: Sandbox) => {
    const here = field(where);
    const { id } = where.world.prefixList({
      name: unique("office"),
      entries: ["10.8.0.0/16"],
      maxEntries: 5,
    });
    const front = here.group("front");
    const back = here.group("back", [{ protocol: "tcp", fromPort: 80, prefixList: id }]);
    here.serve(80, [front], here.instance(back));
    await here.authorize(back, tcp(80, "10.9.0.0/16"));
    const add = async (Cidr: string): Promise<void> => {
      await here.mallory.ec2.send(
        new ModifyManagedPrefixListCommand({
          PrefixListId: id,
          CurrentVersion: 1,
          AddEntries: [{ Cidr }],
        }),
      );
      await where.idle();
    };
    return { front, back, id, add };
  };

  it("that gets everybody among its entries is closed at once in the groups that let it in, and told", async () => {
    const { add, back, front, id } = await list(publicOnly);
    const before = ["tcp 80-80 10.9.0.0/16", `tcp 80-80 ${front}`, `tcp 80-80 ${id}`].sort();
    expect(rulesOf(publicOnly, back)).toEqual(before);
    publicOnly.forget();
    await add("0.0.0.0/0");
    expect(rulesOf(publicOnly, back)).toEqual(before.filter((rule) => !rule.endsWith(id)));
    expect(toldOf(publicOnly, back).at(-1)?.message).toContain("ModifyManagedPrefixList");
  });
});

describe("where public addresses alone are closed", () => {
  it("a VPC's own ranges are private, of both families, public as they look", async () => {
    const { world } = publicOnly;
    const { id: vpc } = world.vpc({ cidr: "11.7.0.0/16", ipv6: ["2600:1f00:7::/56"] });
    const { authorize } = field(publicOnly);
    const subnets = [...publicOnly.cloud.subnets.values()].flatMap((one) =>
      one.vpc === vpc ? one.id : [],
    );
    const [front, back] = ["front", "back"].map(
      (name) => world.group({ name: unique(name), vpc, rules: [] }).id,
    ) as [string, string];
    const { id } = world.instance({ groups: [back], subnet: subnets[0] ?? "" });
    const { arn } = world.targetGroup({
      name: unique("tg"),
      protocol: "HTTP",
      port: 80,
      vpc,
      targets: [{ id }],
    });
    world.loadBalancer({ name: unique("site"), groups: [front], subnets, targetGroup: arn });
    world.rule(back, { protocol: "tcp", fromPort: 80, ipv6: "2600:1f00:7::/56" });
    world.rule(back, { protocol: "tcp", fromPort: 80, cidr: "11.8.0.0/16" });
    await authorize(back, tcp(80, "11.7.3.0/24"));
    expect(rulesOf(publicOnly, back)).toEqual(
      ["tcp 80-80 11.7.3.0/24", "tcp 80-80 2600:1f00:7::/56", `tcp 80-80 ${front}`].sort(),
    );
  });
});

it("no source makes a function fail or leaves a dead letter", () => {
  expect([publicOnly.failures, publicOnly.deadLetters]).toEqual([[], []]);
});
