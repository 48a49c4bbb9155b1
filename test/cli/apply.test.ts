import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { putHold } from "../../lib/remediation/holds.ts";
import { type Deployed, deployment } from "./deployed.ts";
import { elbOnly, newFolder } from "./scene.ts";

let on: Deployed;
let folder: string;
beforeEach(async () => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIASANDBOXALICE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
  vi.stubEnv("AWS_CONFIG_FILE", "/dev/null");
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
  on = await deployment();
  folder = newFolder();
  await run("plan", "--out", "plan.json");
});
afterEach(async () => {
  await on.sandbox.close();
  vi.unstubAllEnvs();
});

const run = (...args: readonly string[]) =>
  elbOnly([...args, "--endpoint-url", on.sandbox.endpoint, "--region", "us-east-1"], folder, {
    ELB_ONLY_STATE_TABLE: "elb-only-state",
  });
const writes = () =>
  on.sandbox.calls.filter(({ action }) => /^(Authorize|Revoke|Modify)/.test(action)).length;

describe("apply", () => {
  it("does what the plan says, proves it, and can be undone by the id that it says", async () => {
    const before = await on.rules();
    const { code, out, err } = await run("apply", "plan.json", "--yes");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/- tcp\/20-90 from 0\.0\.0\.0\/0/);
    expect(out).toMatch(
      /3 rules added, 2 removed; to undo it: elb-only undo \d{8}-\d{6}-[0-9a-f]{6}/,
    );
    expect(out).toMatch(/proven: \d+ questions asked before and after/);
    expect(await on.rules()).toEqual([
      "tcp/20-79 0.0.0.0/0",
      `tcp/80-80 ${on.front}`,
      "tcp/81-90 0.0.0.0/0",
    ]);
    expect((await run("plan")).code).toBe(0);
    const [, id = ""] = /elb-only undo (\S+)/.exec(out) ?? [];
    expect((await run("undo", id, "--yes")).code).toBe(0);
    expect(await on.rules()).toEqual([...before, `tcp/80-80 ${on.front}`].sort());
  });

  it("does nothing else: not what became open since in another group", async () => {
    const other = on.sandbox.world.group({
      name: "other",
      rules: [{ protocol: "tcp", fromPort: 80, cidr: "0.0.0.0/0" }],
    }).id;
    await run("apply", "plan.json", "--yes");
    const touched = on.sandbox.calls.filter(({ action }) => /^(Authorize|Revoke)/.test(action));
    expect(touched.every(({ params }) => JSON.stringify(params).includes(on.back))).toBe(true);
    expect((await on.world.look([other])).groups.get(other)?.rules).toHaveLength(1);
  });

  it.each<[string, () => Promise<unknown>, string]>([
    [
      "whose rules have changed since",
      () =>
        on.world.add(on.back, [
          {
            protocol: "tcp",
            fromPort: 81,
            toPort: 81,
            source: { kind: "ipv6", cidr: "::/0" },
            tags: {},
          },
        ]),
      "refused, since it has changed: make a new plan.",
    ],
    [
      "that somebody holds",
      () =>
        putHold(on.store, {
          on: on.back,
          stops: "removals",
          by: "bob",
          why: "freeze",
          since: "2026-11-25T08:00:00Z",
        }),
      "refused, since it is held until somebody ends it, by bob: freeze.",
    ],
    [
      "that is behind no load balancer any more",
      () => {
        on.sandbox.world.classicLoadBalancer({
          name: "classic",
          groups: [on.front],
          listeners: [],
          instances: [],
        });
        return Promise.resolve();
      },
      "refused, since",
    ],
  ])("refuses a group %s", async (_, happens, says) => {
    await happens();
    const [calls, before] = [writes(), await on.rules()];
    const { code, out } = await run("apply", "plan.json", "--yes");
    expect(code).toBe(2);
    expect(out).toContain(says);
    expect([writes(), await on.rules()]).toEqual([calls, before]);
  });

  it("asks, and without anybody to ask changes nothing", async () => {
    const { code, err } = await run("apply", "plan.json");
    expect(code).toBe(1);
    expect(err).toContain("to go ahead give --yes");
    expect(writes()).toBe(0);
  });

  it("refuses what would not be planned so, whoever wrote it into the file", async () => {
    const file = join(folder, "plan.json");
    const plan = JSON.parse(readFileSync(file, "utf8"));
    const [group] = plan.pictures[0].groups;
    // As if the load balancer's way in had not to stand first.
    plan.pictures[0].groups = [{ ...group, add: group.add.slice(1) }];
    writeFileSync(file, JSON.stringify(plan));
    const { code, out } = await run("apply", "plan.json", "--yes");
    expect(code).toBe(2);
    expect(out).toContain("something else would be planned by now");
    expect(writes()).toBe(0);
  });

  it("works where elb-only is not deployed, without a journal", async () => {
    const { code, out } = await run("apply", "plan.json", "--yes", "--no-journal", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ kind: "elb-only apply", refused: [] });
    expect(JSON.parse(out).applied[0]).not.toHaveProperty("change");
    expect((await run("plan")).code).toBe(0);
  });

  it.each([
    ["{", "plan.json is not JSON"],
    ["{}", "plan.json is no plan of this tool's. Make one with: elb-only plan --out plan.json"],
  ])("says what is wrong with a file that holds %s", async (text, says) => {
    writeFileSync(join(folder, "plan.json"), text);
    const { code, err } = await run("apply", "plan.json", "--yes");
    expect(code).toBe(1);
    expect(err).toContain(says);
  });
});
