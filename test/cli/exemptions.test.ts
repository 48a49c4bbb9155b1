import { describe, expect, it } from "vitest";
import { exemptionsIn } from "../../cli/exempt.ts";
import { application, group, instance, region, rule, tagged, target } from "../support/builders.ts";
import { snapshotOf } from "../support/region.ts";
import { elbOnly, shopFolder } from "./scene.ts";

const kept = (value: string, until?: string) =>
  rule("tcp 80 203.0.113.7/32", {
    tags: {
      "elb-only:keep": value,
      ...(until === undefined ? {} : { "elb-only:keep-until": until }),
    },
  });

const found = (groupTags: Readonly<Record<string, string>>, ...rules: ReturnType<typeof rule>[]) =>
  exemptionsIn(
    snapshotOf(
      region({
        groups: [tagged(group("sg-web", ...rules), groupTags), group("sg-lb")],
        interfaces: [instance("i-1", ["sg-web"])],
        loadBalancers: [application("alb", { groups: ["sg-lb"], targets: [target("i-1", 80)] })],
      }),
      ["sg-web"],
    ),
  );

describe("exemptions", () => {
  it("are kept rules, with why and until when", () => {
    const value = "tcp/80 203.0.113.7/32 partner feed";
    expect(found({}, kept(value, "2026-12-31"), rule("tcp 81 10.0.0.0/8"))).toEqual([
      {
        on: "sg-web",
        name: "web",
        what: "tcp/80 from 203.0.113.7/32",
        state: "exempt",
        until: "2026-12-31",
        why: "partner feed",
      },
    ]);
  });

  it.each([
    ["exempt", kept("tcp/80 203.0.113.7/32 partner"), undefined],
    ["expired", kept("tcp/80 203.0.113.7/32 partner", "2026-01-01"), "2026-01-01"],
    ["unreadable", kept("for the partner"), undefined],
    ["outgrown", kept("tcp/80 203.0.113.8/32"), undefined],
  ])("say that one is %s", (state, one, until) => {
    expect(found({}, one)[0]).toMatchObject({ state, ...(until === undefined ? {} : { until }) });
  });

  it("are groups that are ignored or audited by tag, and what a group allows; not those that enforce", () => {
    expect(found({ "elb-only": "enforce" })).toEqual([]);
    expect(
      found({ "elb-only": "ignore", "elb-only:allow": "tcp/80 10.0.0.0/8 2026-12-31" }),
    ).toMatchObject([
      { what: "the whole group", why: "tagged elb-only=ignore" },
      { what: "elb-only:allow tcp/80 10.0.0.0/8 2026-12-31", until: "2026-12-31" },
    ]);
  });

  it("are listed from a snapshot, as text and as JSON", async () => {
    const folder = shopFolder();
    const { code, out } = await elbOnly(["exemptions", "--from", "snapshot.json"], folder);
    expect(code).toBe(2);
    expect(out).toBe(
      "1 exemption:\nsg-old old  the whole group  exempt, without an end: tagged elb-only=ignore\n",
    );
    const json = await elbOnly(["exemptions", "--from", "snapshot.json", "--json"], folder);
    expect(JSON.parse(json.out)).toMatchObject({
      exemptions: [{ account: "111111111111", region: "us-east-1", on: "sg-old" }],
    });
  });
});
