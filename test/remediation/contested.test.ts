import { describe, expect, it } from "vitest";
import type { Store } from "../../lib/remediation/ports.ts";
import { remediate as remediateIn } from "../../lib/remediation/remediate.ts";
import { freeHand, remediate } from "../support/remediate.ts";
import { restraintsBy } from "../../lib/remediation/restraints.ts";
import type { Outcome } from "../../lib/values/outcome.ts";
import { defaultPolicy } from "../../lib/values/policy.ts";
import { type Rule, ruleText } from "../../lib/values/rule.ts";
import type { Actor, Trigger } from "../../lib/values/trigger.ts";
import { application, group, instance, region, rule, target } from "../support/builders.ts";
import { change, cloud, type Cloud, fakeWorld } from "../support/fakeWorld.ts";
import { memoryStore } from "../support/memoryStore.ts";
import { rulesOf, withRules } from "../support/region.ts";

const start = Date.parse("2026-11-22T12:00:00Z");

const caution = { limits: { groups: 9, interfaces: 9, sources: 9 }, privateGrace: 0 };

const site = (): Cloud =>
  cloud(
    region({
      groups: [
        group("sg-a", "tcp 80 sg-lb"),
        group("sg-b", "tcp 80 sg-lb"),
        group("sg-lb", "tcp 443 0.0.0.0/0"),
      ],
      interfaces: [instance("i-1", ["sg-a"]), instance("i-2", ["sg-b"])],
      loadBalancers: [
        application("alb", { groups: ["sg-lb"], targets: [target("i-1", 80), target("i-2", 80)] }),
      ],
    }),
  );

let ids = 0;
/** Somebody writes a rule: it has an id that no rule had before. */
function write(where: Cloud, id: string, text: string): Rule {
  ids += 1;
  const made = { ...rule(text), id: `sgr-again-${ids}` };
  change(
    where,
    withRules(where.now, id, (rules) => [...rules, made]),
  );
  return made;
}

const terraform: Actor = {
  principal: "arn:aws:iam::111111111111:user/ci",
  userAgent: "APN/1.0 HashiCorp/1.0 Terraform/1.9.0",
};

const event = (actor: Actor, ...rules: readonly Rule[]): Trigger => ({
  event: "AuthorizeSecurityGroupIngress",
  eventId: `e-${ids}`,
  at: "2026-11-22T11:59:30Z",
  actor,
  touched: [],
  rules,
});

async function run(
  where: Cloud,
  store: Store,
  now: number,
  triggers: readonly Trigger[],
  stubborn: readonly string[] = [],
) {
  const world = fakeWorld(where, {
    afterCall: (_, call) => {
      if (call.kind === "revoke" && stubborn.includes(call.group))
        for (const one of call.rules)
          write(where, call.group, `tcp 80 ${"cidr" in one.source ? one.source.cidr : ""}`);
    },
  });
  const restraint = restraintsBy(store, { now: () => now }, caution);
  const policy = { ...defaultPolicy, defaultMode: "enforce" } as const;
  const asked = new Map(["sg-a", "sg-b"].map((id) => [id, triggers]));
  const [a, b] = await remediate(asked, policy, world, () => true, restraint);
  if (a === undefined || b === undefined) throw new Error("an outcome is missing");
  return { a, b, calls: world.calls };
}

const said = ({ result, findings }: Outcome): string =>
  [result, ...findings.map(({ code }) => code)].join(" ");

describe("a contested rule", () => {
  it("is removed three times in an hour, then left and told, with who puts it back and what to change there", async () => {
    const [where, store] = [site(), memoryStore({ now: () => start })];
    const results: string[] = [];
    let last: Outcome | undefined;
    for (let time = 0; time < 5; time += 1) {
      const made = write(where, "sg-a", "tcp 80 10.0.0.0/8");
      const { a } = await run(where, store, start + time * 60_000, [event(terraform, made)]);
      results.push(said(a));
      last = a;
      change(
        where,
        withRules(where.now, "sg-a", (rules) => rules.filter(({ id }) => id !== made.id)),
      );
    }
    expect(results.map((one) => one.split(" ")[0])).toEqual([
      "changed",
      "changed",
      "changed",
      "drift",
      "drift",
    ]);
    expect(last?.findings.find(({ code }) => code === "contested")).toMatchObject({
      severity: "high",
      text: "tcp/80 from 10.0.0.0/8 is put back again and again by arn:aws:iam::111111111111:user/ci with APN/1.0 HashiCorp/1.0 Terraform/1.9.0. It is removed less and less often. Take the rule out of the Terraform or Pulumi code, and write one from the load balancer's security group in its place.",
    });
  });

  it("is told with the same words each time", async () => {
    const [where, store] = [site(), memoryStore({ now: () => start })];
    const texts = new Set<string>();
    for (let time = 0; time < 9; time += 1) {
      const made = write(where, "sg-a", "tcp 80 0.0.0.0/0");
      const { a } = await run(where, store, start + time * 60_000, [event(terraform, made)]);
      for (const { code, text } of a.findings) if (code === "contested") texts.add(text);
      change(
        where,
        withRules(where.now, "sg-a", (rules) => rules.filter(({ id }) => id !== made.id)),
      );
    }
    expect(texts.size).toBe(1);
  });

  it("ends a run that would never end, while other groups are done with at once", async () => {
    const where = site();
    write(where, "sg-a", "tcp 80 0.0.0.0/0");
    write(where, "sg-b", "tcp 80 0.0.0.0/0");
    const { a, b, calls } = await run(
      where,
      memoryStore({ now: () => start }),
      start,
      [],
      ["sg-a"],
    );
    expect(calls.filter(({ kind, group: id }) => kind === "revoke" && id === "sg-a")).toHaveLength(
      2,
    );
    expect(said(a)).toBe("drift contested");
    expect(a.findings[0]?.text).toContain("somebody whom no event names");
    expect(said(b)).toBe("changed");
    expect(a.looks).toBeLessThanOrEqual(4);
  });

  it("keeps no other group waiting: what is done with is told before the rest is", async () => {
    const where = site();
    write(where, "sg-a", "tcp 80 0.0.0.0/0");
    write(where, "sg-b", "tcp 80 0.0.0.0/0");
    const told: string[] = [];
    const world = fakeWorld(where, {
      beforeLook: (look) => void told.push(`look ${look}`),
      afterCall: (_, call) => {
        if (call.kind === "revoke" && call.group === "sg-a") write(where, "sg-a", "tcp 80 ::/0");
      },
    });
    const restraint = restraintsBy(
      memoryStore({ now: () => start }),
      { now: () => start },
      caution,
    );
    const policy = { ...defaultPolicy, defaultMode: "enforce" } as const;
    const rest = await remediateIn(
      new Map(["sg-a", "sg-b"].map((id) => [id, []])),
      policy,
      world,
      freeHand,
      () => true,
      restraint,
      (outcomes) => {
        told.push(...outcomes.map(({ group: id, result }) => `${id} ${result}`));
        return Promise.resolve();
      },
    );
    expect(told.indexOf("sg-b changed")).toBeLessThan(told.indexOf("look 3"));
    expect([...told.filter((one) => !one.startsWith("look")), ...rest.map(said)]).toEqual([
      "sg-b changed",
      "drift contested",
    ]);
  });

  it("costs a group no more than its share of looks, whatever is put in its place each time", async () => {
    const where = site();
    write(where, "sg-a", "tcp 80 10.0.0.0/24");
    let next = 0;
    const world = fakeWorld(where, {
      afterCall: (_, call) => {
        next += 1;
        if (call.kind === "revoke") write(where, "sg-a", `tcp 80 10.0.${next}.0/24`);
      },
    });
    const policy = { ...defaultPolicy, defaultMode: "enforce" } as const;
    const [a] = await remediate(new Map([["sg-a", []]]), policy, world);
    expect(a).toMatchObject({ result: "failed", looks: 10 });
    expect(a?.findings.map(({ text }) => text).join()).toContain(
      "Somebody keeps changing the group",
    );
  });

  it("holds up no other rule of its group", async () => {
    const where = site();
    write(where, "sg-a", "tcp 80 0.0.0.0/0");
    const store = memoryStore({ now: () => start });
    await run(where, store, start, [], ["sg-a"]);
    write(where, "sg-a", "tcp 80 ::/0");
    const { a } = await run(where, store, start, []);
    expect(a.removed.map(ruleText)).toEqual(["tcp/80 from ::/0"]);
    expect(rulesOf(where.now, "sg-a").map(ruleText)).toContain("tcp/80 from 0.0.0.0/0");
  });

  it.each([
    [{ principal: "cfn", invokedBy: "cloudformation.amazonaws.com" }, "CloudFormation template"],
    [{ principal: "lbc", userAgent: "elbv2.k8s.aws/v2.8.0" }, "Kubernetes controller"],
    [{ principal: "alice", userAgent: "aws-cli/2.15.0" }, "Find out what writes it"],
  ])("is told with what to change where %j writes it", async (actor, text) => {
    const [where, store] = [site(), memoryStore({ now: () => start })];
    const made = write(where, "sg-a", "tcp 80 0.0.0.0/0");
    const { a } = await run(where, store, start, [event(actor, made)], ["sg-a"]);
    expect(a.findings.find(({ code }) => code === "contested")?.text).toContain(text);
  });

  it("is not removed where nobody can say whether it is one", async () => {
    const [where, store] = [site(), memoryStore({ now: () => start })];
    write(where, "sg-a", "tcp 80 0.0.0.0/0");
    const at = "sg-a tcp 80-80 0.0.0.0/0";
    await store.write({ of: "contested", at }, { removals: "forged" }, undefined);
    const { a } = await run(where, store, start, []);
    expect(said(a)).toBe("failed no-state");
  });
});
