import { describe, expect, it } from "vitest";
import { readClassicLoadBalancers, readClassicTags } from "../../lib/aws/read/classic.ts";
import { standIn } from "./account.ts";
import * as a from "./things.ts";

const listener = (InstancePort: number, Protocol = "TCP") => ({
  Listener: { Protocol, LoadBalancerPort: 1, InstancePort },
});

describe("readClassicLoadBalancers", () => {
  it.each([
    ["TCP:5000", 5000],
    ["SSL:5001", 5001],
    ["HTTP:8080/ping/me", 8080],
    ["HTTPS:8443/", 8443],
    ["http:81/a:b/90", 81],
  ])(
    "contacts instances on each listener's instance port and on that of the health check %s",
    async (Target, port) => {
      const { aws } = standIn({
        classic: [
          a.classic("shop", ["i-1", "i-2"], {
            ListenerDescriptions: [listener(80), listener(443), listener(80)],
            HealthCheck: { ...health, Target },
          }),
        ],
      });
      const [shop] = await readClassicLoadBalancers(aws.elb);
      const ports = [
        { protocol: "tcp", from: port, to: port, purpose: "health check" },
        { protocol: "tcp", from: 80, to: 80, purpose: "listener" },
        { protocol: "tcp", from: 443, to: 443, purpose: "listener" },
      ];
      expect(shop?.targets).toEqual([
        { at: { kind: "instance", instance: "i-1" }, ports },
        { at: { kind: "instance", instance: "i-2" }, ports },
      ]);
    },
  );

  const health = { Interval: 30, Timeout: 5, UnhealthyThreshold: 2, HealthyThreshold: 10 };

  it("has one port where the health check is on a listener's, and an instance once that was registered twice", async () => {
    const { aws } = standIn({ classic: [a.classic("shop", ["i-1", "i-1"])] });
    expect((await readClassicLoadBalancers(aws.elb))[0]?.targets).toEqual([
      {
        at: { kind: "instance", instance: "i-1" },
        ports: [{ protocol: "tcp", from: 80, to: 80, purpose: "listener" }],
      },
    ]);
  });

  it("throws for a health check that it cannot read: a port would be missing", async () => {
    const { aws } = standIn({
      classic: [a.classic("shop", ["i-1"], { HealthCheck: { ...health, Target: "QUIC:80" } })],
    });
    await expect(readClassicLoadBalancers(aws.elb)).rejects.toThrow(
      'The health check of shop is "QUIC:80", which cannot be read.',
    );
  });

  it("has no groups and no VPC in EC2-Classic", async () => {
    const { aws } = standIn({
      classic: [
        {
          LoadBalancerName: "old",
          Instances: [],
          SourceSecurityGroup: { OwnerAlias: "amazon-elb", GroupName: "amazon-elb-sg" },
        },
      ],
    });
    expect(await readClassicLoadBalancers(aws.elb)).toEqual([
      { id: "old", name: "old", kind: "classic", groups: [], tags: {}, targets: [] },
    ]);
  });

  it("reads every page of 400", async () => {
    const { aws, called } = standIn({
      classic: Array.from({ length: 801 }, (_, index) => a.classic(`lb-${index}`, [])),
    });
    expect(await readClassicLoadBalancers(aws.elb)).toHaveLength(801);
    expect(called).toHaveLength(3);
  });
});

describe("readClassicTags", () => {
  const names = Array.from({ length: 41 }, (_, index) => `lb-${index}`);
  const tags = Object.fromEntries(names.map((name) => [name, { name }]));

  it("names 20 load balancers a call", async () => {
    const { aws, called } = standIn({ tags });
    const read = await readClassicTags(aws.elb, names);
    expect(read.get("lb-40")).toEqual({ name: "lb-40" });
    expect(read.size).toBe(41);
    expect(called).toHaveLength(3);
  });

  it("asks one by one where one of the twenty is gone", async () => {
    const { "lb-7": _, ...left } = tags;
    const { aws, called } = standIn({ tags: left });
    const read = await readClassicTags(aws.elb, names);
    expect(read.size).toBe(40);
    expect(read.has("lb-7")).toBe(false);
    expect(called).toHaveLength(3 + 20);
  });

  it("makes no call for none", async () => {
    const { aws, called } = standIn({});
    expect((await readClassicTags(aws.elb, [])).size).toBe(0);
    expect(called).toEqual([]);
  });
});
