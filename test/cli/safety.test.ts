import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readHolds, putHold } from "../../lib/remediation/holds.ts";
import { changesOn } from "../../lib/remediation/journal.ts";
import { breaker } from "../../lib/values/hold.ts";
import { type Deployed, deployment } from "./deployed.ts";

const change = "20261125-085900-3fa9c1";
const alice = "arn:aws:iam::123456789012:user/alice";

let on: Deployed;
beforeEach(async () => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIASANDBOXALICE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
  vi.stubEnv("AWS_CONFIG_FILE", "/dev/null");
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
  on = await deployment();
});
afterEach(async () => {
  await on.sandbox.close();
  vi.unstubAllEnvs();
});

/** As one line, wherever it was folded. */
const flat = (out: string): string => out.replaceAll(/\s+/g, " ");

const writes = () =>
  on.sandbox.calls.filter(({ action }) => /^(Authorize|Revoke|Modify)/.test(action)).length;

describe("pause, hold and resume", () => {
  it("a pause stops every write until it is ended", async () => {
    const paused = await on.cli("pause", "--why", "incident 42");
    expect(paused).toEqual({
      code: 0,
      err: "",
      out: "Nothing is written in 123456789012 us-east-1 until 2026-11-25 13:00 UTC. To end it: elb-only resume\n",
    });
    const before = await on.rules();
    expect(await on.enforce()).toMatchObject({ result: "drift", added: [], removed: [] });
    expect(await on.rules()).toEqual(before);
    const { code, out } = await on.cli("status");
    expect(code).toBe(2);
    expect(flat(out)).toMatch(
      new RegExp(`everything +paused +until 2026-11-25T13:00:00.000Z, by ${alice}: incident 42`),
    );
    expect((await on.cli("resume", "--yes")).out).toMatch(/1 hold ended. The next event or sweep/);
    expect(await on.enforce()).toMatchObject({ result: "changed" });
  });

  it("a hold on a group lets the load balancer in and removes nothing", async () => {
    const until = "2026-12-01T08:00Z";
    const { out } = await on.cli("hold", on.back, "--until", until, "--json");
    expect(JSON.parse(out)).toMatchObject({
      kind: "elb-only holds",
      holds: [{ on: on.back, stops: "removals", by: alice, until: "2026-12-01T08:00:00.000Z" }],
    });
    expect(await on.enforce()).toMatchObject({ result: "drift", removed: [] });
    expect(await on.rules()).toContain(`tcp/80-80 ${on.front}`);
    expect((await on.cli("resume", "--yes")).code).toBe(2);
    expect((await on.cli("resume", on.back, "--yes")).code).toBe(0);
    expect((await on.enforce()).removed).toHaveLength(2);
  });

  it("what the breaker holds is let go, and is not held again for a day", async () => {
    const held = { on: on.back, stops: "removals", by: breaker, why: "too much" } as const;
    await putHold(on.store, { ...held, since: "2026-11-25T08:00:00Z" });
    expect((await on.enforce()).findings.map(({ code }) => code)).toContain("breaker");
    const { out } = await on.cli("resume", on.back, "--yes");
    expect(out).toContain("The breaker does not hold it again for a day.");
    expect(await readHolds(on.store)).toMatchObject([
      { on: on.back, stops: "nothing", by: alice, until: "2026-11-26T09:00:00.000Z" },
    ]);
    expect((await on.enforce()).removed).toHaveLength(2);
  });

  it("a hold that cannot be read can be ended, too", async () => {
    await on.store.write({ of: "hold", at: "*" }, { forged: true }, undefined);
    expect((await on.enforce()).findings.map(({ code }) => code)).toContain("no-state");
    expect((await on.cli("status")).err).toMatch(/^elb-only: The hold "\*" cannot be read/);
    expect((await on.cli("resume", "--yes")).out).toContain("a hold that could not be read");
    expect((await on.cli("status")).out).toContain("Nothing is held.");
  });

  it.each([
    [["hold", "web"], "'web' is no security group. Allowed: ids as in sg-0123456789abcdef0."],
    [["hold", "sg-12345678", "--for", "4 hours"], "Allowed: a time as in 30m, 4h, 7d"],
    [["pause", "--until", "soon"], "Allowed: a time as in 2026-12-01T08:00Z"],
    [["pause", "--until", "2026-01-01T00:00Z"], "is over"],
    [["resume"], "There is no terminal to ask on. Nothing was done; to go ahead give --yes."],
    [["pause", "--table", "elsewhere"], "dynamodb:PutItem: ResourceNotFoundException"],
    [["pause", "--region", "eu-west-1"], "one region of one account"],
  ])("%j says what is wrong", async (args, says) => {
    const { code, out, err } = await on.cli(...args);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain(says);
    expect(err).not.toMatch(/\n\s+at /);
  });
});

describe("history", () => {
  it("lists changes with their ids, by group and by time", async () => {
    await on.enforce();
    const { code, out } = await on.cli("history");
    expect(code).toBe(0);
    expect(flat(out)).toContain(
      `2026-11-25 08:59 UTC ${change} closed tcp/80 to the internet on back (${on.back})`,
    );
    expect((await on.cli("history", "sg-00000000000000000")).out).toContain("Nothing was changed");
    const { changes } = JSON.parse((await on.cli("history", "--since", "30d", "--json")).out);
    expect(changes).toMatchObject([{ change, outcome: { result: "changed" } }]);
  });
});

describe("undo", () => {
  it("puts back what a change removed, keeps the load balancer in, and holds it against enforcement", async () => {
    const before = await on.rules();
    const { before: rules } = await on.enforce();
    expect(rules).toHaveLength(2);
    const { code, out, err } = await on.cli("undo", change, "--yes", "--why", "checkout is down");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/Put back: tcp\/20-90 from 0\.0\.0\.0\/0/);
    expect(out).toContain(`Left: tcp/80 from ${on.front} stays: classic has no other way in.`);
    expect(out).toMatch(
      new RegExp(`Nothing is removed from ${on.back} until 2026-11-25 13:00 UTC`),
    );
    const wanted = [...before, `tcp/80-80 ${on.front}`].sort();
    expect(await on.rules()).toEqual(wanted);
    expect(await on.enforce("20261125-085930-3fa9c2")).toMatchObject({ result: "drift" });
    expect(await on.rules()).toEqual(wanted);
    expect(flat((await on.cli("status")).out)).toContain(
      `since change ${change} was undone: checkout`,
    );
    const entries = await changesOn(on.store, "2026-11-25");
    const undone = entries.find(({ intent }) => intent.triggers[0]?.event === "Undo");
    expect(undone?.outcome?.findings).toMatchObject([{ code: "undone", severity: "medium" }]);
    expect(flat((await on.cli("history")).out)).toMatch(/undone: .*because of Undo by user\/alice/);
  });

  it("shows who gets in again and asks; without an answer it changes nothing", async () => {
    await on.enforce();
    const [before, calls] = [await on.rules(), writes()];
    const { code, out, err } = await on.cli("undo", change);
    expect(code).toBe(1);
    expect(err).toContain("to go ahead give --yes");
    expect(out).toMatch(
      /\+ tcp\/20-90 from 0\.0\.0\.0\/0[^]*gets in again: tcp\/80 from 0\.0\.0\.0\/0/,
    );
    expect([await on.rules(), writes(), await readHolds(on.store)]).toEqual([before, calls, []]);
  });

  it("--print prints the aws commands and changes nothing", async () => {
    await on.enforce();
    const calls = writes();
    const { code, out } = await on.cli("undo", change, "--print");
    expect(code).toBe(0);
    expect(out.split("\n").map((line) => line.split(" ").slice(0, 7).join(" "))).toEqual(
      [
        `aws ec2 authorize-security-group-ingress --region us-east-1 --group-id ${on.back}`,
        `aws ec2 revoke-security-group-ingress --region us-east-1 --group-id ${on.back}`,
        "",
      ].map((line) => line.split(" ").slice(0, 7).join(" ")),
    );
    expect([writes(), await readHolds(on.store)]).toEqual([calls, []]);
  });

  it("leaves what somebody changed since, says so, and does the rest", async () => {
    await on.enforce();
    await on.world.add(on.back, [
      {
        protocol: "tcp",
        fromPort: 80,
        toPort: 80,
        source: { kind: "ipv4", cidr: "10.0.0.0/8" },
        description: "mine",
        tags: {},
      },
    ]);
    const { code, out } = await on.cli("undo", change, "--yes");
    expect(code).toBe(2);
    expect(out).toContain(
      "Left: tcp/80 from 10.0.0.0/8 stands again, but reads otherwise; it stays so.",
    );
    expect(await on.rules()).toContain("tcp/20-90 0.0.0.0/0");
  });

  it.each([
    ["20261125-085900-000000", "There is no change 20261125-085900-000000 in elb-only-state"],
    ["yesterday", "There is no change yesterday"],
  ])("says that there is no change %s", async (id, says) => {
    const { code, err } = await on.cli("undo", id, "--yes");
    expect(code).toBe(1);
    expect(err).toContain(says);
  });
});

describe("uninstall", () => {
  it("takes away the rules that nobody needs, and says whose the others are", async () => {
    await on.enforce();
    const said = await on.cli("uninstall");
    expect(said.code).toBe(2);
    expect(said.out).toContain(`tcp/80 from ${on.front}: stays, or classic would be cut off`);
    await on.world.add(on.back, [
      {
        protocol: "tcp",
        fromPort: 79,
        toPort: 81,
        source: { kind: "group", group: on.front },
        tags: {},
      },
    ]);
    const calls = writes();
    expect((await on.cli("uninstall")).out).toContain(
      `tcp/80 from ${on.front}: can go, nobody needs it`,
    );
    expect((await on.cli("uninstall", "--remove-rules")).err).toContain("to go ahead give --yes");
    expect(writes()).toBe(calls);
    const { code, out } = await on.cli("uninstall", "--remove-rules", "--yes");
    expect(code).toBe(0);
    expect(out).toContain(`${on.back}: tcp/80 from ${on.front} is gone`);
    expect(await on.rules()).toEqual([
      "tcp/20-79 0.0.0.0/0",
      `tcp/79-81 ${on.front}`,
      "tcp/81-90 0.0.0.0/0",
    ]);
  });
});
