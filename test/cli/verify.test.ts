import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { application, group, instance, region, target } from "../support/builders.ts";
import { snapshotOf } from "../support/region.ts";
import { elbOnly, shopFolder, shopPicture } from "./scene.ts";

const verify = (folder: string, ...args: readonly string[]) =>
  elbOnly(["verify", "--from", "snapshot.json", ...args], folder);

const asItShouldBe = {
  region: "eu-west-1",
  snapshot: snapshotOf(
    region({
      groups: [group("sg-lb"), group("sg-ok", "tcp 80 sg-lb", "tcp 80 sg-ok")],
      interfaces: [instance("i-ok", ["sg-ok"])],
      loadBalancers: [application("ok-alb", { groups: ["sg-lb"], targets: [target("i-ok", 80)] })],
    }),
    ["sg-ok"],
  ),
};

describe("elb-only verify", () => {
  it("ends with 0 where all is as it should be", async () => {
    const { code, out } = await verify(shopFolder([asItShouldBe]));
    expect(code).toBe(0);
    expect(out).toMatch(/^As it should be: 1 security group/);
  });

  it("ends with 2 where something is not, the verdict first and the worst next", async () => {
    const { code, out } = await verify(shopFolder());
    expect(code).toBe(2);
    expect(out).toMatch(/^NOT as it should be: 7 problems in 4 of 5 security groups/);
    expect(out).toMatch(
      /high {4}sg-web \(web\) is open on tcp\/8080-8081 to everybody \(0\.0\.0\.0\/0\)/,
    );
    expect(out).toMatch(/\(not-admitted\)/);
    expect(out).toMatch(/\(load-balancer-without-group\)/);
  });

  it("counts only what is bad enough", async () => {
    const folder = shopFolder([asItShouldBe]);
    expect(await verify(folder, "--fail-on", "info")).toMatchObject({
      code: 2,
      out: expect.stringContaining("self-reference"),
    });
    expect(await verify(shopFolder(), "--group", "sg-shared", "--fail-on", "high")).toMatchObject({
      code: 0,
    });
  });

  it("ends with 1 where not everything could be read, as then nobody can say", async () => {
    const half = { ...asItShouldBe, snapshot: { ...asItShouldBe.snapshot, gaps: ["x: denied"] } };
    const { code, out } = await verify(shopFolder([half]), "--fail-on", "high");
    expect(code).toBe(1);
    expect(out).toMatch(/^Nobody can say: not everything could be read/);
    expect(out).toMatch(/^Not read: x: denied$/m);
  });

  it("says who used what is open, where there are flow logs", async () => {
    const folder = shopFolder();
    const flow =
      "2 111111111111 eni-web1 203.0.113.9 10.0.1.11 40000 8080 6 10 84000 1763000000 1764209600 ACCEPT OK";
    writeFileSync(join(folder, "flows.log"), `${flow}\n`);
    const args = ["--group", "sg-web", "--flow-logs", "flows.log"];
    const { out } = await verify(folder, ...args);
    expect(out).toMatch(/0\.0\.0\.0\/0: 1 source came in only by it: 1 flow/);
    expect(out).toMatch(/from ::\/0: nobody in 14 days/);
    expect(out).toMatch(/addresses are reused/);
    for (const format of ["--json", "--sarif", "--junit"])
      expect((await verify(folder, ...args, format)).out).toMatch(/1 source came in only by it/);
  });

  it("writes JSON for programs, to a file if one is named", async () => {
    const folder = shopFolder([shopPicture]);
    const { code, out } = await verify(folder, "--json", "--out", "verdict.json");
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(JSON.parse(readFileSync(join(folder, "verdict.json"), "utf8"))).toMatchObject({
      kind: "elb-only verdict",
      version: 1,
      isAsItShouldBe: false,
      looked: [{ account: "111111111111", region: "us-east-1" }],
      problems: expect.arrayContaining([
        expect.objectContaining({
          code: "open-to-others",
          severity: "high",
          group: "sg-web",
          fails: true,
        }),
      ]),
    });
  });
});
