import { describe, expect, it } from "vitest";
import { defaultPolicy } from "../../lib/values/policy.ts";
import { observe } from "../../lib/remediation/remediate.ts";
import { application, group, instance, region, target } from "../support/builders.ts";
import { cloud, fakeWorld } from "../support/fakeWorld.ts";

const open = () =>
  cloud(
    region({
      groups: [group("sg-web", "tcp 80 0.0.0.0/0"), group("sg-lb", "tcp 443 0.0.0.0/0")],
      interfaces: [instance("i-1", ["sg-web"])],
      loadBalancers: [application("alb", { groups: ["sg-lb"], targets: [target("i-1", 80)] })],
    }),
  );

describe("observe", () => {
  it.each([
    ["enforce", "incomplete"],
    ["audit", "drift"],
  ] as const)(
    "in mode %s says what is to be done, and neither does it nor claims to have failed at it",
    async (defaultMode, result) => {
      const world = fakeWorld(open());
      const [outcome] = await observe(
        new Map([["sg-web", []]]),
        { ...defaultPolicy, defaultMode },
        world,
      );
      expect(outcome).toMatchObject({ result, writes: 0, looks: 1, added: [], removed: [] });
      expect(outcome?.remaining).toMatchObject({
        add: [{ fromPort: 80, source: { group: "sg-lb" } }],
        remove: [{ source: { cidr: "0.0.0.0/0" } }],
      });
      expect(outcome?.findings.map(({ code }) => code)).not.toContain("could-not-remove");
      expect(world.calls).toEqual([]);
    },
  );
});
