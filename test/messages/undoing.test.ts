import { describe, expect, it } from "vitest";
import { message } from "../../lib/messages/message.ts";
import { isKept } from "../../lib/values/exemption.ts";
import type { Outcome } from "../../lib/values/outcome.ts";
import type { Rule } from "../../lib/values/rule.ts";
import { admission, outcome, rule } from "./outcome.ts";

const change = "20261122-100000-3fa9c1";
const world = rule("tcp/20-90 from 0.0.0.0/0", {
  description: "temporary",
  tags: { team: "web", "aws:x": "y" },
});
const remainder = rule("tcp/20-79 from 0.0.0.0/0", { description: "temporary" });
const letIn = admission("tcp/80 from sg-0e1f2a3b");
const closed: Partial<Outcome> = {
  change,
  result: "changed",
  removed: [world],
  added: [letIn, remainder],
  at: "2026-11-22T10:00:41Z",
};

const textOf = (more: Partial<Outcome>): string => message(outcome(more)).text;
const commandsIn = (text: string): readonly string[] =>
  text.split("\n").filter((line) => line.startsWith("  aws ec2"));

describe("a message about a change", () => {
  it("carries the command that undoes it", () => {
    expect(textOf(closed)).toContain(`  elb-only undo ${change} --region us-east-1\n`);
  });

  it("carries the plain commands, too: what went comes back, what stayed of it goes, load balancers stay in", () => {
    const [add = "", remove = "", ...others] = commandsIn(textOf(closed));
    expect(others).toEqual([]);
    expect(add).toContain(
      '"FromPort": 20, "ToPort": 90, "IpRanges": [ { "CidrIp": "0.0.0.0/0", "Description": "temporary" } ] } ]',
    );
    expect(add).toContain('{ "Key": "team", "Value": "web" }');
    expect(add).not.toContain("aws:x");
    expect(remove).toContain("revoke-security-group-ingress");
    expect(remove).toContain('"FromPort": 20, "ToPort": 79');
    expect(remove).not.toContain("sg-0e1f2a3b");
  });

  it.each([
    rule("tcp/20-90 from 0.0.0.0/0"),
    rule("udp/53 from 2001:db8::/32"),
    rule("-1 from sg-9cd8a3f4"),
    rule("tcp/80 from pl-63a5400a"),
  ])("has what comes back exempt for a day, so that it is not closed again: %j", (gone) => {
    const [add = ""] = commandsIn(textOf({ ...closed, added: [], removed: [gone] }));
    const [, json = ""] = /--tag-specifications '(.*)'$/.exec(add) ?? [];
    const [{ Tags }] = JSON.parse(json) as [{ Tags: { Key: string; Value: string }[] }];
    const back: Rule = {
      ...gone,
      tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])),
    };
    expect(isKept(back, "2026-11-23T23:59:00Z")).toBe(true);
    expect(isKept(back, "2026-11-24T00:00:00Z")).toBe(false);
  });

  it("names the command alone where there is too much to paste, and in a chat, which would change the others", () => {
    const many = Array.from({ length: 11 }, (_, n) => rule(`tcp/${n + 1} from 10.0.0.0/8`));
    expect(commandsIn(textOf({ ...closed, removed: many }))).toEqual([]);
    const chat = message(outcome(closed), { format: "chat" }).text;
    expect(chat).toContain(`elb-only undo ${change}`);
    expect(chat).not.toContain("aws ec2");
  });

  it.each([
    ["nothing was changed", { change, added: [], removed: [] }],
    ["the journal does not know it", { added: [letIn] }],
    ["the id is none", { ...closed, change: "$(reboot)" }],
  ])("carries no command where %s", (_, more) => {
    expect(textOf(more)).not.toContain("elb-only undo");
  });
});
