import { describe, expect, it } from "vitest";
import { application, front, group, region, target, task } from "../support/builders.ts";
import { snapshotOf } from "../support/region.ts";
import { elbOnly, shopFolder } from "./scene.ts";

const explain = (...args: readonly string[]) =>
  elbOnly(["explain", "--from", "snapshot.json", ...args], shopFolder());

describe("elb-only explain", () => {
  it.each([
    ["sg-web", /security group sg-web \(web\)/],
    ["i-web1", /instance i-web1/],
    ["eni-web1", /eni-web1/],
    ["10.0.1.11", /10\.0\.1\.11/],
    ["web-alb", /targets of load balancer web-alb/],
    [
      "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/app/web-alb/50dc6c495c0c9188",
      /targets of load balancer web-alb/,
    ],
  ])(
    "%s: who can reach it, by which rule of which group, and what would be done",
    async (what, title) => {
      const { code, out } = await explain(what);
      expect(code).toBe(0);
      expect(out).toMatch(title);
      expect(out).toMatch(
        /! tcp\/8000-8999 from everybody \(0\.0\.0\.0\/0\)\n\s+by sgr-web-0 of sg-web \(web\); elb-only would narrow it to tcp\/8000-8079, tcp\/8082-8999/,
      );
      expect(out).toMatch(/ {4}tcp\/22 from 10\.0\.0\.0\/8 \(private\)\n\s+by sgr-web-1.*leave it/);
      expect(out).toMatch(/\+ tcp\/8080-8081 from sg-alb .*\n +elb-only would add it to sg-web/);
    },
  );

  it.each([
    ["i-old", /leave it: the group's mode is ignore/],
    ["i-shared", /leave it: admit only: foreign-interface/],
    ["i-api", /tcp\/9090 from sg-alb .*\n.*elb-only would leave it/],
  ])("%s: why a rule stays", async (what, says) => {
    expect((await explain(what)).out.replaceAll(/\n {8}(?=\S)/g, " ")).toMatch(
      new RegExp(says.source.replace("\\n.*", ".*")),
    );
  });

  it("says where it looked for what is not there", async () => {
    const { code, err } = await explain("i-none");
    expect(code).toBe(1);
    expect(err).toMatch(
      /There is no i-none in 111111111111 us-east-1\.\nAllowed: a security group/,
    );
  });
});

describe("elb-only explain --from-address --port", () => {
  it.each([
    ["203.0.113.9", "8080", "i-web1", /now +gets in\n +by sgr-web-0[^]*would then +is refused/],
    ["203.0.113.9", "8443", "i-web1", /now +gets in\n +by sgr-web-0[^]*would then +gets in\n/],
    ["203.0.113.9", "22", "i-web1", /now +is refused\n +would then +is refused/],
    ["10.0.0.5", "8080", "i-web1", /now +gets in\n[^]*would then +gets in/],
    ["2001:db8::9", "8080", "i-web1", /now +gets in\n +by sgr-web-2[^]*would then +is refused/],
  ])("%s to %s of %s", async (address, port, what, says) => {
    const { code, out } = await explain(what, "--from-address", address, "--port", port);
    expect(code).toBe(0);
    expect(out).toMatch(says);
  });

  it("knows the groups of an address that was read", async () => {
    const { out } = await explain("i-shared", "--from-address", "10.0.1.11", "--port", "5432");
    expect(out).toMatch(/10\.0\.1\.11 is an interface's that was read, with sg-web/);
    expect(out).toMatch(/by sgr-shared-1 of sg-shared \(shared\): tcp\/5432 from sg-web \(web\)/);
  });

  it("is answered for programs, too", async () => {
    const { out } = await explain(
      "i-web1",
      "--from-address",
      "203.0.113.9",
      "--port",
      "8080",
      "--json",
    );
    expect(JSON.parse(out)).toMatchObject({
      kind: "elb-only explanation",
      answers: [{ interfaces: [{ now: { isIn: true }, later: { isIn: false, by: [] } }] }],
    });
  });

  it("needs both", async () => {
    const { code, err } = await explain("i-web1", "--port", "80");
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining("needs both") });
  });
});

describe("elb-only explain, of ECS", () => {
  const attachment = "1a2b3c4d-1111-2222-3333-444455556666";
  const tasks = region({
    groups: [group("sg-alb", "tcp 443 0.0.0.0/0"), group("sg-task", "tcp 8080 0.0.0.0/0")],
    interfaces: [
      {
        ...task("eni-1", ["sg-task"], "10.0.2.11"),
        use: { kind: "ecsTask", service: "shop/web", attachment },
      },
      { ...task("eni-2", ["sg-task"], "10.0.2.12"), use: { kind: "ecsTask", service: "shop/web" } },
      { ...task("eni-3", ["sg-task"], "10.0.2.13"), use: { kind: "ecsTask", service: "shop/api" } },
      front("eni-alb", ["sg-alb"], "10.0.0.5"),
    ],
    loadBalancers: [
      application("web-alb", { groups: ["sg-alb"], targets: [target("10.0.2.11", 8080)] }),
    ],
  });
  const folder = shopFolder([{ region: "us-east-1", snapshot: snapshotOf(tasks, ["sg-task"]) }]);
  const asked = (what: string) =>
    elbOnly(["explain", "--from", "snapshot.json", what], folder).then(({ code, out, err }) => ({
      code,
      said: out.replaceAll(/\s+/g, " ") + err,
    }));

  it.each([attachment, `arn:aws:ecs:us-east-1:111111111111:attachment/${attachment}`])(
    "finds a task's interface by its attachment, and says that only its description tells: %s",
    async (what) => {
      const { code, said } = await asked(what);
      expect(code).toBe(0);
      expect(said).toContain("as its interface's description says");
      expect(said).toMatch(/eni-1 of an ECS task 10\.0\.2\.11.*! tcp\/8080 from everybody/);
      expect(said).not.toContain("eni-2");
    },
  );

  it.each(["shop/web", "arn:aws:ecs:us-east-1:111111111111:service/shop/web"])(
    "finds a service's tasks by ECS's tags: %s",
    async (what) => {
      const { said } = await asked(what);
      expect(said).toMatch(/eni-1 of an ECS task.*eni-2 of an ECS task/);
      expect(said).not.toContain("eni-3");
    },
  );

  it.each([
    ["arn:aws:ecs:us-east-1:111111111111:task/shop/0123456789abcdef0123456789abcdef", "shop"],
    ["0123456789abcdef0123456789abcdef", "CLUSTER"],
  ])("says of a task's own id how to get to its interface: %s", async (what, cluster) => {
    const { code, said } = await asked(what);
    expect(code).toBe(1);
    expect(said).toMatch(/^elb-only: EC2 does not know ECS tasks/);
    expect(said).toContain(
      `aws ecs describe-tasks --cluster ${cluster} --tasks 0123456789abcdef0123456789abcdef --query`,
    );
  });

  it("says of a service that nothing of it was read", async () => {
    expect(await asked("shop/none")).toMatchObject({
      code: 1,
      said: expect.stringContaining("There is no shop/none in") as string,
    });
  });
});
