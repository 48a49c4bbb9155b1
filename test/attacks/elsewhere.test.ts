import {
  ModifyInstanceAttributeCommand,
  ModifyManagedPrefixListCommand,
} from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { tcp } from "../contract/groups.ts";
import { type Bundled, bundled } from "../sandbox/bundled.ts";
import { field, findingsOf, fromInternet, rulesOf, toldOf } from "./field.ts";

/** A prefix list that the account allows. */
const partners = "pl-0a1b2c3d4e5f60718";
let product: Bundled;
let sandbox: Sandbox;

beforeAll(async () => {
  product = await bundled();
  sandbox = await product.start({ ELB_ONLY_ALLOWED_SOURCES: partners });
});
afterAll(async () => {
  await sandbox.close();
  await product.remove();
});

describe("with rights to attach groups to instances", () => {
  it("nobody opens one by another group unheard, and no message says that it is closed", async () => {
    const { authorize, group, instance, serve, mallory } = field(sandbox);
    const [front, back] = [group("front"), group("back")];
    const victim = instance(back);
    serve(80, [front], victim);
    const other = group("other", [fromInternet], { "elb-only": "ignore" });
    await mallory.ec2.send(
      new ModifyInstanceAttributeCommand({ InstanceId: victim, Groups: [back, other] }),
    );
    await sandbox.idle();
    expect(findingsOf(sandbox, other)).toContain("high served-and-open");
    await authorize(back, tcp(80, "0.0.0.0/0"));
    expect(rulesOf(sandbox, back)).toEqual([`tcp 80-80 ${front}`]);
    expect(findingsOf(sandbox, back)).toContain("high open-elsewhere");
    const proofs = toldOf(sandbox, back).flatMap(({ message }) => [
      ...message.matchAll(/the internet \(IPv4\) +tcp\/80 +(\w+ -> \w+)/g),
    ]);
    expect([...new Set(proofs.map(([, answer]) => answer))]).toEqual(["yes -> yes"]);
  });
});

describe("with rights to change prefix lists", () => {
  it("nobody adds the internet to an allowed one unheard: it is told at the event", async () => {
    const { authorize, group, instance, serve, mallory } = field(sandbox);
    sandbox.world.prefixList({
      id: partners,
      name: "partners",
      entries: ["10.1.0.0/16"],
      maxEntries: 5,
    });
    const back = group("back");
    serve(80, [group("front")], instance(back));
    await authorize(back, {
      IpProtocol: "tcp",
      FromPort: 80,
      ToPort: 80,
      PrefixListIds: [{ PrefixListId: partners }],
    });
    expect(findingsOf(sandbox, back)).not.toContain("medium allowed-public");
    sandbox.forget();
    const AddEntries = [{ Cidr: "0.0.0.0/1" }, { Cidr: "128.0.0.0/1" }];
    await mallory.ec2.send(
      new ModifyManagedPrefixListCommand({ PrefixListId: partners, CurrentVersion: 1, AddEntries }),
    );
    await sandbox.idle();
    expect(findingsOf(sandbox, back)).toContain("medium allowed-public");
    expect(toldOf(sandbox, back)[0]?.attributes["severity"]).toBe("high");
  });
});
