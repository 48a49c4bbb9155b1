import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { calls } from "./calls.ts";
import { commands } from "./commands.ts";
import { bin, environmentOf, startDriver, type Driver, type Said } from "./driver.ts";
import { filled, startWorld } from "./world.ts";

/** A world of its own for each table: the rows of a table go by those before them. */
function table(run: (driver: () => Driver, things: () => ReadonlyMap<string, string>) => void) {
  let sandbox: Sandbox;
  let driver: Driver;
  let things: ReadonlyMap<string, string>;
  beforeAll(async () => {
    const world = await startWorld();
    ({ sandbox } = world);
    things = world.names;
    driver = startDriver(sandbox.endpoint);
  });
  afterAll(async () => {
    await driver.close();
    await sandbox.close();
  });
  run(
    () => driver,
    () => things,
  );
}

/** Matchers where a table has regular expressions, `$length` or `$includes`. */
function expected(value: unknown, things: ReadonlyMap<string, string>): unknown {
  if (value instanceof RegExp) return expect.stringMatching(value);
  if (typeof value === "string") return filled(value, things);
  if (Array.isArray(value)) return value.map((entry: unknown) => expected(entry, things));
  if (typeof value !== "object" || value === null) return value;
  if ("$length" in value)
    return expect.toSatisfy((list: readonly unknown[]) => list.length === value.$length);
  if ("$includes" in value) return expect.arrayContaining([value.$includes]);
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [name, expected(entry, things)]),
  );
}

function expectSaid(said: Said, wanted: unknown, things: ReadonlyMap<string, string>): void {
  if (typeof wanted === "string")
    expect(said).toEqual({ error: expect.stringContaining(wanted) as string });
  else expect(said).toMatchObject({ answer: expected(wanted, things) as object });
}

describe("the AWS CLI on the sandbox", () => {
  table((driver, things) => {
    it.each(commands)("aws %s", async (command, wanted) => {
      const args = filled(command, things()).split(" ");
      expectSaid(await driver().aws(args), wanted, things());
    });
  });
});

describe("boto3 on the sandbox", () => {
  table((driver, things) => {
    it.each(calls)("%s %s %j", async (service, operation, params, wanted) => {
      const said = await driver().boto3(service, operation, filled(params, things()));
      expectSaid(said, wanted, things());
    });
  });
});

describe("the program `aws`", () => {
  it("runs with an endpoint and credentials in the environment", async () => {
    const { sandbox } = await startWorld();
    const { stdout } = await promisify(execFile)(
      join(bin, "aws"),
      ["sts", "get-caller-identity", "--output", "text"],
      { env: environmentOf(sandbox.endpoint) },
    );
    expect(stdout).toContain("arn:aws:iam::123456789012:user/alice");
    await sandbox.close();
  });
});
