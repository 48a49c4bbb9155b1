import { stripVTControlCharacters } from "node:util";
import { afterEach, beforeAll, describe, it } from "vitest";
import type { Backend } from "../contract/backend.ts";
import { instancesAsAws } from "../contract/instances-as-aws.ts";
import { loadBalancersAsAws } from "../contract/load-balancers-as-aws.ts";
import { loadBalancers } from "../contract/load-balancers.ts";
import { messages } from "../contract/messages.ts";
import { securityGroupsAsAws } from "../contract/security-groups-as-aws.ts";
import { securityGroups } from "../contract/security-groups.ts";
import { targetGroupsAsAws } from "../contract/target-groups-as-aws.ts";
import { targetGroups } from "../contract/target-groups.ts";
import { differences } from "./differences.ts";
import { newBackend, reset } from "./moto.ts";

let backend: Backend;
const met = new Set<string>();

beforeAll(async () => {
  await reset();
  backend = await newBackend();
});

// What moto is known to do otherwise has to fail, and in the way that is known: then it is an expected failure. Anything else is news.
afterEach(({ task }) => {
  const name = `${task.suite?.name} > ${task.name}`;
  const known = differences[name];
  if (known === undefined) return;
  met.add(name);
  const { state, errors = [] } = task.result ?? {};
  if (state !== "fail")
    throw new Error(
      `moto does as AWS does now: take this test out of test/moto/differences.ts (${known.because})`,
    );
  const said = stripVTControlCharacters(
    errors.map(({ message, diff = "" }) => `${message}\n${diff}`).join("\n"),
  );
  if (!said.includes(known.shows))
    throw new Error(
      `This fails otherwise than test/moto/differences.ts says: "${known.shows}" (${known.because})`,
    );
  // Decided only now, as the way in which it failed has to be seen first.
  Object.assign(task, { fails: true });
});

describe("moto", () => {
  for (const contract of [
    securityGroups,
    securityGroupsAsAws,
    instancesAsAws,
    loadBalancers,
    loadBalancersAsAws,
    targetGroups,
    targetGroupsAsAws,
    messages,
  ])
    contract(() => backend);
});

describe("the list of differences", () => {
  it("names only tests of the contract", ({ expect }) => {
    expect(Object.keys(differences).filter((name) => !met.has(name))).toEqual([]);
  });
});
