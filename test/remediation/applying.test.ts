import { describe, expect, it } from "vitest";
import { apply } from "../../lib/remediation/applying.ts";
import { defaultPolicy } from "../../lib/values/policy.ts";
import { ruleText } from "../../lib/values/rule.ts";
import { application, group, instance, region, rule, target } from "../support/builders.ts";
import { cloud, fakeWorld, type Moods } from "../support/fakeWorld.ts";
import { rulesOf } from "../support/region.ts";

const letIn = rule("tcp 80 sg-lb");
const world = rule("tcp 80 0.0.0.0/0", { description: "temporary" });

async function applied(
  wanted: { readonly add: readonly (typeof world)[]; readonly remove: readonly (typeof world)[] },
  standing: readonly (typeof world)[] = [world],
  moods: Moods = {},
) {
  const where = cloud(
    region({
      groups: [group("sg-web", ...standing), group("sg-lb")],
      interfaces: [instance("i-1", ["sg-web"])],
      loadBalancers: [application("alb", { groups: ["sg-lb"], targets: [target("i-1", 80)] })],
    }),
  );
  const { problems } = await apply(
    { group: "sg-web", ...wanted },
    defaultPolicy,
    fakeWorld(where, moods),
  );
  return { problems, standing: rulesOf(where.now, "sg-web").map(ruleText) };
}

describe("apply", () => {
  it("adds, looks, and removes", async () => {
    expect(await applied({ add: [letIn], remove: [world] })).toEqual({
      problems: [],
      standing: ["tcp/80 from sg-lb"],
    });
  });

  it("removes nothing that the judge does not agree to, whatever was wanted", async () => {
    const { problems, standing } = await applied({ add: [], remove: [world] });
    expect(standing).toEqual(["tcp/80 from 0.0.0.0/0"]);
    expect(problems).toEqual([
      expect.stringMatching(/^tcp\/80 from 0\.0\.0\.0\/0 stays: alb would lose tcp\/80/),
    ]);
  });

  it("removes nothing that somebody has changed since", async () => {
    const theirs = { ...world, description: "mine now" };
    const { standing } = await applied({ add: [letIn], remove: [world] }, [theirs]);
    expect(standing).toContain("tcp/80 from 0.0.0.0/0");
  });

  it("comes to the same end where looks are late", async () => {
    const { problems, standing } = await applied({ add: [letIn], remove: [world] }, [world], {
      behind: (look) => (look === 2 || look === 4 ? 1 : 0),
    });
    expect({ problems, standing }).toEqual({ problems: [], standing: ["tcp/80 from sg-lb"] });
  });
});
