import { remainingIn } from "../lib/values/groupPlan.ts";
import { plan } from "../lib/plan/plan.ts";
import { defaultPolicy, type Policy } from "../lib/values/policy.ts";
import { ruleKey } from "../lib/values/rule.ts";
import type { Snapshot } from "../lib/values/snapshot.ts";
import { regionOf, sharedGroup } from "./region.ts";

const runs = 7;
const policy: Policy = { ...defaultPolicy, defaultMode: "enforce" };

/** Milliseconds of each of some runs, after one that is not counted; the middle one. */
function middle(work: () => unknown): number {
  work();
  const times = Array.from({ length: runs }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return times.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? Number.NaN;
}

/** The least that anything could do with a region: spell each rule's identity once. */
function touchEveryRule(snapshot: Snapshot): number {
  let length = 0;
  for (const { rules } of snapshot.groups.values())
    for (const rule of rules) length += ruleKey(rule).length;
  return length;
}

function measure(name: string, snapshot: Snapshot): void {
  const rules = [...snapshot.groups.values()].reduce((sum, group) => sum + group.rules.length, 0);
  const open = [...plan(snapshot, policy).groups.values()].filter(
    (one) => Object.values(remainingIn(one)).flat().length > 0,
  ).length;
  const [planning, least] = [
    middle(() => plan(snapshot, policy)),
    middle(() => touchEveryRule(snapshot)),
  ];
  console.log(
    [
      name.padEnd(44),
      `${snapshot.groups.size} groups, ${rules} rules, ${open} to change`.padEnd(48),
      `${planning.toFixed(0)} ms`.padStart(8),
      `${((planning * 1000) / rules).toFixed(2)} us a rule`.padStart(16),
      `${(planning / least).toFixed(1)} x spelling each rule once`.padStart(32),
    ].join(""),
  );
}

/** One group, all of whose interfaces all of the load balancers serve. */
function measureShared(attached: number, balancers: number, isAdmitted: boolean): void {
  const snapshot = sharedGroup(attached, balancers, isAdmitted);
  const name = `${attached.toLocaleString("en")} interfaces x ${balancers} load balancers, ${isAdmitted ? "admitted" : "new"}`;
  const planning = middle(() => plan(snapshot, policy));
  console.log(`${name.padEnd(92)}${planning.toFixed(0).padStart(5)} ms`);
}

const size = {
  groups: 10_000,
  rulesPerGroup: 20,
  loadBalancers: 400,
  inBaseline: 0,
  isAdmitted: true,
};

console.log(`plan(), the middle of ${runs} runs`);
measure("1,000 groups", regionOf({ ...size, groups: 1000, loadBalancers: 40 }));
measure("10,000 groups", regionOf(size));
measure("10,000 groups, 2,000 wear a baseline group", regionOf({ ...size, inBaseline: 2000 }));
measure(
  "the same, seen for the first time",
  regionOf({ ...size, inBaseline: 2000, isAdmitted: false }),
);
measure("10,000 groups behind one load balancer", regionOf({ ...size, loadBalancers: 1 }));
for (const [attached, balancers] of [
  [5000, 5],
  [1000, 200],
] as const)
  for (const isAdmitted of [true, false]) measureShared(attached, balancers, isAdmitted);
console.log(
  `Memory at most, the regions themselves included: ${Math.round(process.resourceUsage().maxRSS / 1000)} MB`,
);
