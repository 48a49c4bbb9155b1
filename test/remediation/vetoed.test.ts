import { expect, it } from "vitest";
import { change } from "../../lib/remediation/change.ts";
import { newRemediation } from "../../lib/remediation/remediation.ts";
import { unrestrained } from "../../lib/remediation/restraint.ts";
import type { Work } from "../../lib/remediation/work.ts";
import { ruleText } from "../../lib/values/rule.ts";
import { policyOf } from "../plan/planned.ts";
import { application, group, instance, region, target } from "../support/builders.ts";
import { cloud, fakeWorld } from "../support/fakeWorld.ts";
import { rulesOf } from "../support/region.ts";

const everything = ["tcp 80 sg-lb", "tcp 443 0.0.0.0/0", "tcp 22 10.0.0.0/8", "icmp 10.0.0.0/8"];

it.each(["removals", "takeBack"] as const)(
  "what a broken planner would remove is stopped by the judge, rule by rule, and that is told (%s)",
  async (as) => {
    const where = cloud(
      region({
        groups: [group("sg-web", ...everything), group("sg-lb")],
        interfaces: [instance("i-1", ["sg-web"])],
        loadBalancers: [application("alb", { groups: ["sg-lb"], targets: [target("i-1", 80)] })],
      }),
    );
    const world = fakeWorld(where);
    const snapshot = await world.look(["sg-web"]);
    const remediation = newRemediation("sg-web", []);
    const none: Work = { admissions: [], remainders: [], removals: [], waiting: [], takeBack: [] };
    const work: Work = { ...none, [as]: rulesOf(where.now, "sg-web") };
    await change([{ remediation, work }], snapshot, policyOf(), world, unrestrained);
    expect(world.calls).toEqual([]);
    expect(rulesOf(where.now, "sg-web").map(ruleText)).toHaveLength(everything.length);
    expect(remediation.findings.map(({ code }) => code)).toEqual(everything.map(() => "unproven"));
  },
);
