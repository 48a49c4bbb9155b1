import { describe, expect, it } from "vitest";
import type { Snapshot, UnreadTargets } from "../../lib/values/snapshot.ts";
import {
  application,
  database,
  front,
  group,
  instance,
  region,
  target,
} from "../support/builders.ts";
import type { Region } from "../support/region.ts";
import { codes, frontDoor, frontGroup, outcomeOf, result, rules, settling } from "./scene.ts";

const port = (number: number, to = number) =>
  ({ protocol: "tcp", from: number, to, purpose: "target" }) as const;

/** All was read but the targets of one target group. */
const lacking =
  (at: UnreadTargets["at"], ...ports: UnreadTargets["ports"]) =>
  (snapshot: Snapshot): Snapshot => ({
    ...snapshot,
    unreadTargets: [{ why: "denied (target group other)", at, ports }],
  });

const anywhere: UnreadTargets["at"] = [{ kind: "anyInstance", vpc: "vpc-1" }];

const open = (...others: Region["interfaces"]): Region =>
  region({
    groups: [group("sg-web", "tcp 80 0.0.0.0/0", "tcp 443 0.0.0.0/0"), frontGroup],
    interfaces: [instance("i-a", ["sg-web"]), frontDoor, ...others],
    loadBalancers: [
      application("site", { groups: ["sg-lb"], targets: [target("i-a", 80), target("i-a", 443)] }),
    ],
  });

const played = (before: Region, partial: (snapshot: Snapshot) => Snapshot) =>
  settling(before, undefined, { partial });

describe("a target group whose targets could not be read", () => {
  it("keeps its own port open, closes the others, and is told", async () => {
    const run = await played(open(), lacking(anywhere, port(443)));
    expect(rules(run)).toEqual([
      "tcp/443 from 0.0.0.0/0",
      "tcp/443 from sg-lb",
      "tcp/80 from sg-lb",
    ]);
    expect(outcomeOf(run).findings.filter(({ code }) => code === "incomplete-picture")).toEqual([
      expect.objectContaining({
        text: "Nothing in sg-web (web) is closed on tcp/443, since targets could not be read: denied (target group other).",
      }),
    ]);
    expect(result(run)).toBe("failed");
  });

  it.each<[string, UnreadTargets["at"]]>([
    ["of another VPC", [{ kind: "anyInstance", vpc: "vpc-2" }]],
    ["of which another instance was known", [{ kind: "instance", instance: "i-z" }]],
    [
      "of which an address elsewhere was known",
      [{ kind: "address", address: "10.0.0.9", vpc: "vpc-1" }],
    ],
  ])("is nobody's matter here: %s", async (_, at) => {
    const run = await played(open(), lacking(at, port(80), port(443)));
    expect(rules(run)).toEqual(["tcp/443 from sg-lb", "tcp/80 from sg-lb"]);
    expect(codes(run)).not.toContain("incomplete-picture");
    expect(result(run)).toBe("changed");
  });

  it.each([
    ["database", database("eni-other", ["sg-web"], "10.0.0.7")],
    ["load balancer", front("eni-other", ["sg-web"], "10.0.0.7")],
  ])("opens no %s that may be registered with it", async (_, other) => {
    const run = await played(open(other), lacking([{ kind: "anything" }], port(443)));
    expect(rules(run)).toEqual([
      "tcp/443 from 0.0.0.0/0",
      "tcp/80 from 0.0.0.0/0",
      "tcp/80 from sg-lb",
    ]);
  });
});
