import { describe, expect, it } from "vitest";
import { withDelegatedAddresses } from "../../lib/aws/read/delegated.ts";
import type { ReadInterface } from "../../lib/aws/read/interfaces.ts";

const node = (id: string, vpc: string): ReadInterface => ({
  id,
  vpc,
  groups: [],
  addresses: ["10.0.0.1"],
  use: { kind: "instance", instance: id, primary: true },
  isEcs: false,
  prefixes: ["10.0.5.16/28", "10.0.5.32/28"],
});

describe("withDelegatedAddresses", () => {
  it("gives each target's address to the interface of its own VPC whose range holds it", () => {
    const at = (address: string, vpc: string) => ({
      at: { kind: "address", address, vpc } as const,
    });
    const instance = { at: { kind: "instance", instance: "a" } as const };
    const found = withDelegatedAddresses(
      [node("a", "vpc-1"), node("b", "vpc-2")],
      [at("10.0.5.17", "vpc-1"), at("10.0.5.33", "vpc-2"), at("10.0.5.48", "vpc-1"), instance],
    );
    expect(found.map(({ addresses }) => addresses)).toEqual([
      ["10.0.0.1", "10.0.5.17"],
      ["10.0.0.1", "10.0.5.33"],
    ]);
    expect(found[0]).not.toHaveProperty("prefixes");
  });
});
