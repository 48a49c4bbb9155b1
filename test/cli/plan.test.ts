import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { snapshotText } from "../../cli/picture/snapshotFile.ts";
import { ruleText, type Rule } from "../../lib/values/rule.ts";
import { application, group, instance, region, target } from "../support/builders.ts";
import { snapshotOf } from "../support/region.ts";
import { elbOnly, shopFolder, shopPicture } from "./scene.ts";

interface Planned {
  readonly hash: string;
  readonly totals: Readonly<Record<string, number>>;
  readonly pictures: readonly {
    readonly groups: readonly {
      readonly group: string;
      readonly state: string;
      readonly add: readonly Rule[];
      readonly remove: readonly Rule[];
      readonly loses: readonly { readonly passage: object }[];
      readonly uses?: readonly { readonly flows: number; readonly sources: number }[];
    }[];
  }[];
}

const from = ["--from", "snapshot.json"];
const planned = async (folder: string, ...args: readonly string[]): Promise<Planned> =>
  JSON.parse((await elbOnly(["plan", ...from, "--json", ...args], folder)).out) as Planned;
const groupIn = ({ pictures }: Planned, id: string) => {
  const found = pictures.flatMap(({ groups }) => groups).find(({ group }) => group === id);
  if (found === undefined) throw new Error(`no ${id}`);
  return found;
};

/** A group whose load balancer alone gets in. */
const tidy = {
  region: "eu-west-1",
  snapshot: snapshotOf(
    region({
      groups: [group("sg-lb"), group("sg-ok", "tcp 80 sg-lb")],
      interfaces: [instance("i-ok", ["sg-ok"])],
      loadBalancers: [application("ok-alb", { groups: ["sg-lb"], targets: [target("i-ok", 80)] })],
    }),
    ["sg-ok"],
  ),
};

describe("elb-only plan", () => {
  it("prints the changes of a group as a diff, with who loses and who gains what", async () => {
    const { code, out, err } = await elbOnly(["plan", ...from, "--group", "sg-web"], shopFolder());
    expect({ code, err }).toEqual({ code: 2, err: "" });
    expect(out).toMatch(
      /^1 group of 1 would change: 3 rules added, 2 removed, at 2 interfaces\.$/m,
    );
    expect(out).toMatch(/- {2}tcp\/8000-8999 {2}everybody \(0\.0\.0\.0\/0\)/);
    expect(out).toMatch(/\+ {2}tcp\/8082-8999 {2}everybody \(0\.0\.0\.0\/0\)/);
    expect(out).toMatch(/\+ {2}tcp\/8080-8081 {2}sg-alb \(alb\), of load balancer web-alb/);
    expect(out).toMatch(/loses {9}everybody \(0\.0\.0\.0\/0\): tcp\/8080-8081/);
    expect(out).toMatch(/gains {9}sg-alb \(alb\), of load balancer web-alb: tcp\/8080-8081/);
  });

  it("says the totals before any group", async () => {
    const { out } = await elbOnly(["plan", ...from], shopFolder());
    expect(out.indexOf("would change")).toBeLessThan(out.indexOf("sg-web"));
    expect(out).toMatch(/^3 groups would still be open to others/m);
  });

  it("says why a group stays open, and what to do next", async () => {
    const { out } = await elbOnly(["plan", ...from, "--group", "sg-shared"], shopFolder());
    expect(out).toMatch(/stays open {4}tcp\/7000 to 10\.0\.0\.0\/8 \(private\), by sgr-shared-0/);
    expect(out).toMatch(/\(foreign-interface\)\s+Next: Give it another group/);
  });

  it("ends with 0 where nothing would change", async () => {
    const { code, out } = await elbOnly(["plan", ...from], shopFolder([tidy]));
    expect(code).toBe(0);
    expect(out).toMatch(/^Nothing would change\.$/m);
  });

  it("says that not everything could be read, and what", async () => {
    const half = {
      ...shopPicture,
      snapshot: { ...shopPicture.snapshot, gaps: ["ec2:DescribeVpcs: denied"] },
    };
    const { out } = await elbOnly(["plan", ...from], shopFolder([half]));
    expect(out).toMatch(/Not everything could be read.*\n {2}ec2:DescribeVpcs: denied/);
    expect(groupIn(await planned(shopFolder([half])), "sg-web").remove).toEqual([]);
  });

  it("keeps a description that would move the cursor, or forge a line, to one plain line", async () => {
    const hostile = {
      ...tidy,
      snapshot: {
        ...tidy.snapshot,
        groups: new Map(
          [...tidy.snapshot.groups].map(([id, one]) => [
            id,
            {
              ...one,
              name: "a\u001b[2Jb",
              rules: one.rules.map((rule) => ({ ...rule, description: "x\nNothing\u0007" })),
            },
          ]),
        ),
      },
    };
    const folder = shopFolder([hostile]);
    const { out } = await elbOnly(["plan", ...from], folder);
    // eslint-disable-next-line no-control-regex
    expect(out).not.toMatch(/[\u0007\u001b]/);
    const explained = await elbOnly(["explain", "sg-ok", ...from], folder);
    expect(explained.out).not.toContain("\u001b");
  });

  it("colours only what a terminal shows", async () => {
    const { out } = await elbOnly(["plan", ...from], shopFolder(), { FORCE_COLOR: "1", CI: "1" });
    expect(out).not.toContain("\u001b");
  });
});

describe("elb-only plan --json", () => {
  it("holds what is to be added and removed, and the exact difference", async () => {
    const document = await planned(shopFolder());
    expect(document.totals).toMatchObject({
      groups: 5,
      toChange: 2,
      rulesToAdd: 4,
      rulesToRemove: 2,
    });
    const web = groupIn(document, "sg-web");
    expect(web.remove.map(ruleText)).toEqual([
      "tcp/8000-8999 from 0.0.0.0/0",
      "tcp/8080 from ::/0",
    ]);
    expect(web.add.map(ruleText).sort()).toEqual([
      "tcp/8000-8079 from 0.0.0.0/0",
      "tcp/8080-8081 from sg-alb",
      "tcp/8082-8999 from 0.0.0.0/0",
    ]);
    expect(web.loses.map(({ passage }) => passage)).toMatchObject([
      { protocol: "tcp", from: 8080, to: 8081, who: { text: "0.0.0.0/0" } },
      { protocol: "tcp", from: 8080, to: 8080, who: { text: "::/0" } },
    ]);
  });

  it("gives a group another state once anything changes that its plan hangs on", async () => {
    const withRule = {
      ...shopPicture,
      snapshot: {
        ...shopPicture.snapshot,
        groups: new Map(
          [...shopPicture.snapshot.groups].map(([id, one]) => [
            id,
            id === "sg-api" ? { ...one, tags: { team: "api" } } : one,
          ]),
        ),
      },
    };
    const [one, again, other] = [
      await planned(shopFolder()),
      await planned(shopFolder()),
      await planned(shopFolder([withRule])),
    ];
    expect(groupIn(one, "sg-api").state).toMatch(/^[0-9a-f]{64}$/);
    expect(groupIn(one, "sg-api").state).toBe(groupIn(again, "sg-api").state);
    expect(one.hash).toBe(again.hash);
    expect(groupIn(other, "sg-api").state).not.toBe(groupIn(one, "sg-api").state);
    expect(groupIn(other, "sg-web").state).toBe(groupIn(one, "sg-web").state);
    expect(other.hash).not.toBe(one.hash);
  });

  it("is what --out writes, beside the text", async () => {
    const folder = shopFolder();
    const { out, code } = await elbOnly(["plan", ...from, "--out", "plan.json"], folder);
    expect(code).toBe(2);
    expect(out).toContain("Written to plan.json");
    expect(JSON.parse(readFileSync(join(folder, "plan.json"), "utf8"))).toEqual(
      await planned(folder),
    );
  });
});

describe("the groups that are chosen", () => {
  it.each([
    [
      ["--group", "sg-web,sg-api"],
      ["sg-web", "sg-api"],
    ],
    [
      ["--group", "web", "--group", "api"],
      ["sg-web", "sg-api"],
    ],
    [["--load-balancer", "tcp-nlb"], ["sg-nlb-back"]],
    [["--vpc", "vpc-1", "--load-balancer", "tcp-nlb"], ["sg-nlb-back"]],
    [["--load-balancer", "tcp-nlb", "--group", "sg-web"], []],
  ])("%j: %j", async (args, groups) => {
    const { pictures } = await planned(shopFolder(), ...args);
    expect(pictures.flatMap((one) => one.groups.map(({ group }) => group))).toEqual(groups);
  });

  it("must be there", async () => {
    const { code, err } = await elbOnly(["plan", ...from, "--group", "sg-none"], shopFolder());
    expect({ code, err }).toMatchObject({
      code: 1,
      err: expect.stringMatching(/--group sg-none: none of the 5 security groups/) as string,
    });
  });

  it("may be of one region of several", async () => {
    const folder = shopFolder([shopPicture, tidy]);
    const { pictures } = await planned(folder, "--region", "eu-west-1");
    expect(pictures.flatMap((one) => one.groups.map(({ group }) => group))).toEqual(["sg-ok"]);
    const { err } = await elbOnly(["plan", ...from, "--region", "us-west-2"], folder);
    expect(err).toMatch(/holds nothing of us-west-2; it holds: us-east-1, eu-west-1/);
  });
});

describe("elb-only plan --flow-logs", () => {
  const header =
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status";
  const line = (eni: string, from: string, port: number): string =>
    `2 111111111111 ${eni} ${from} 10.0.1.11 40000 ${port} 6 10 84000 1763000000 1764209600 ACCEPT OK`;

  it("says who came in only by what would be closed, and where nobody did", async () => {
    const folder = shopFolder();
    const lines = [
      header,
      line("eni-web1", "203.0.113.9", 8080),
      line("eni-web1", "10.0.1.20", 8080),
      line("eni-web1", "10.0.0.5", 8080),
      line("eni-web1", "203.0.113.9", 8443),
    ];
    writeFileSync(join(folder, "flows.log"), `${lines.join("\n")}\n`);
    const args = [...from, "--group", "sg-web", "--flow-logs", "flows.log"];
    const { out } = await elbOnly(["plan", ...args], folder);
    expect(out).toMatch(/tcp\/8000-8999 from 0\.0\.0\.0\/0: 2 sources came in only by it: 2 flows/);
    expect(out).toMatch(/203\.0\.113\.9 \(public\): 1 flow/);
    expect(out).toMatch(/10\.0\.1\.20 \(eni-api of instance i-api\): 1 flow/);
    expect(out).toMatch(/tcp\/8080 from ::\/0: nobody in 14 days/);
    expect(out).toMatch(/The logs say nothing of eni-web2/);
    expect(out).toMatch(/addresses are reused/);
  });

  it.each([
    [["missing.log"], /--flow-logs missing\.log: there is no such file/],
    [["snapshot.json"], /snapshot\.json has no header, and is not in the default format/],
  ])("refuses %j in words", async (files, says) => {
    const { code, err } = await elbOnly(["plan", ...from, "--flow-logs", ...files], shopFolder());
    expect(code).toBe(1);
    expect(err).toMatch(says);
  });
});

describe("a snapshot that cannot be read", () => {
  it.each([
    ["is no JSON", "x", /snapshot\.json is not JSON/],
    ["is something else", "{}", /is no snapshot\. Make one with: elb-only snapshot/],
    [
      "is of another version",
      JSON.stringify({ kind: "elb-only snapshot", version: 7 }),
      /version 7; this elb-only reads version 1/,
    ],
    [
      "was edited",
      snapshotText([shopPicture]).replaceAll('"fromPort": 22', '"fromPort": "ssh"'),
      /groups\.sg-web\.rules\.\d+\.fromPort/,
    ],
  ])("%s: says so", async (_, text, says) => {
    const folder = shopFolder();
    writeFileSync(join(folder, "snapshot.json"), text);
    const { code, err } = await elbOnly(["plan", ...from], folder);
    expect(code).toBe(1);
    expect(err).toMatch(says);
    expect(err).not.toMatch(/\n\s+at /);
  });
});
