import { execFile } from "node:child_process";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { classic, group } from "../../demo/classic.ts";
import { invitation } from "../../demo/invitation.ts";
import { paperFor } from "../../demo/paper.ts";
import { setStage, type Stage } from "../../demo/stage.ts";

const bin = join(import.meta.dirname, "../../.venv/awscli/bin");
const paper = paperFor({ isTTY: false, columns: 80, write: () => true }, {}, false);

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
  classic.build(stage);
  // The load balancer gets its back ends, as the story begins; port 80 is closed then.
  await classic.steps[0]?.act(stage);
  await stage.settled();
});
beforeEach(() => stage.sandbox.forget());
afterAll(() => stage.close());

/** The printed commands under a title, as somebody would paste them. */
function printed(title: string): string {
  const [, commands] = invitation(stage.sandbox, "http://127.0.0.1:1/", paper).split(
    `\n# ${title}\n`,
  );
  if (commands === undefined) throw new Error(`Nothing is printed under "${title}".`);
  return commands.split("\n\n", 1)[0] ?? "";
}

/** In a shell that knows no AWS, and stops at the first command that fails. */
const paste = (commands: string) =>
  promisify(execFile)("bash", ["-ec", commands], {
    env: { PATH: `${bin}${delimiter}${process.env["PATH"]}`, HOME: join(bin, "nobody") },
  });

/** Who did what, of the people. */
const done = (): readonly string[] =>
  stage.sandbox.calls
    .filter(({ caller }) => !caller.startsWith("elb-only-"))
    .map(({ caller, action, ok }) => `${caller} ${action} ${ok ? "ok" : "failed"}`);

/** Is tcp/80 open to everybody? */
const isOpen = (): boolean =>
  [...(stage.sandbox.cloud.groups.get(group)?.rules.values() ?? [])].some(
    ({ fromPort, source }) => fromPort === 80 && "cidr" in source && source.cidr === "0.0.0.0/0",
  );

describe("what is printed to paste", () => {
  it("opens the port by the AWS CLI, reads the rules, and the functions close it again", async () => {
    const { stdout, stderr } = await paste(printed("The same with the AWS CLI, version 1 or 2"));
    expect(stderr).toBe("");
    expect(stdout).toContain(`"GroupId": "${group}"`);
    expect(done()).toEqual([
      "bob AuthorizeSecurityGroupIngress ok",
      "bob DescribeSecurityGroupRules ok",
    ]);
    await stage.settled();
    expect(isOpen()).toBe(false);
  });

  it("opens the port by curl, and the functions close it again", async () => {
    const { stdout } = await paste(printed("Open port 80 by hand, and watch it close"));
    expect(stdout).toContain("<return>true</return>");
    expect(done()).toEqual(["anonymous AuthorizeSecurityGroupIngress ok"]);
    await stage.settled();
    expect(isOpen()).toBe(false);
  });

  it("reads the rules by curl", async () => {
    const { stdout } = await paste(printed("Look at its rules"));
    expect(stdout).toContain(`<groupId>${group}</groupId>`);
  });
});
