import { describe, expect, it } from "vitest";
import type { Interface, LoadBalancer } from "../../lib/values/snapshot.ts";
import {
  application,
  classic,
  database,
  gateway,
  group,
  instance,
  network,
  port,
  secondary,
  target,
  task,
} from "../support/builders.ts";
import { sceneIn } from "../plan/planned.ts";

/** "lb-name tcp/80 health check", with a mark where no reference can name it. */
const services = (interfaces: readonly Interface[], ...loadBalancers: readonly LoadBalancer[]) => {
  const { services } = sceneIn({
    groups: [group("sg-web"), group("sg-lb")],
    interfaces,
    loadBalancers,
  });
  return Object.fromEntries(
    [...services].map(([id, some]) => [
      id,
      some.map(({ loadBalancer, port: { protocol, from, to, purpose }, nameable }) =>
        [
          loadBalancer.name,
          `${protocol}/${from === to ? from : `${from}-${to}`}`,
          purpose,
          ...(nameable ? [] : ["nameless"]),
        ].join(" "),
      ),
    ]),
  );
};

describe("servicesOf", () => {
  it("takes a Classic Load Balancer's instance ports and its health check's port", () => {
    const elb = classic("elb", {
      groups: ["sg-lb"],
      targets: [target("i-1", port("tcp 80", "listener"), port("tcp 5000", "health check"))],
    });
    expect(services([instance("i-1", ["sg-web"])], elb)).toEqual({
      "eni-1": ["elb tcp/80 listener", "elb tcp/5000 health check"],
    });
  });

  it("counts a port once that is a listener's and the health check's", () => {
    const elb = classic("elb", {
      groups: ["sg-lb"],
      targets: [target("i-1", port("tcp 80", "listener"), port("tcp 80", "health check"))],
    });
    expect(services([instance("i-1", ["sg-web"])], elb)["eni-1"]).toHaveLength(1);
  });

  it("tells TCP_UDP's two protocols apart", () => {
    const nlb = network("nlb", { groups: ["sg-lb"], targets: [target("i-1", "tcp 53", "udp 53")] });
    expect(services([instance("i-1", ["sg-web"])], nlb)).toEqual({
      "eni-1": ["nlb tcp/53 target", "nlb udp/53 target"],
    });
  });

  it("reaches an instance at its primary interface alone", () => {
    const alb = application("alb", { groups: ["sg-lb"], targets: [target("i-1", 80)] });
    expect(
      Object.keys(services([instance("i-1", ["sg-web"]), secondary("i-1", ["sg-web"])], alb)),
    ).toEqual(["eni-1"]);
  });

  it("reaches an address at whichever interface has it, whatever the interface is", () => {
    const alb = application("alb", {
      groups: ["sg-lb"],
      targets: [target("10.0.0.1", 80), target("10.0.0.2", 81), target("2001:db8::3", 82)],
    });
    const attached = [
      secondary("i-1", ["sg-web"], "10.0.0.1"),
      task("eni-task", ["sg-web"], "10.0.0.2"),
      database("eni-db", ["sg-web"], "2001:db8::3"),
    ];
    expect(services(attached, alb)).toEqual({
      "eni-1-2": ["alb tcp/80 target"],
      "eni-task": ["alb tcp/81 target"],
      "eni-db": ["alb tcp/82 target"],
    });
  });

  it("knows that the same address in another VPC is another machine's", () => {
    const alb = application("alb", { groups: ["sg-lb"], targets: [target("10.0.0.1", 80)] });
    const elsewhere = { ...task("eni-other", ["sg-web"], "10.0.0.1"), vpc: "vpc-2" };
    expect(
      Object.keys(services([task("eni-here", ["sg-web"], "10.0.0.1"), elsewhere], alb)),
    ).toEqual(["eni-here"]);
  });

  it("serves nobody by an address outside its VPC that no interface has", () => {
    const nlb = network("nlb", { groups: ["sg-lb"], targets: [target("192.168.7.7", 80)] });
    expect(services([instance("i-1", ["sg-web"], { address: "10.0.0.1" })], nlb)).toEqual({});
  });

  it("puts several load balancers' business at one interface side by side", () => {
    const loadBalancers = [
      application("a", { groups: ["sg-lb"], targets: [target("i-1", 80)] }),
      application("b", { groups: ["sg-lb"], targets: [target("i-1", 80), target("10.0.0.1", 80)] }),
    ];
    expect(
      services([instance("i-1", ["sg-web"], { address: "10.0.0.1" })], ...loadBalancers),
    ).toEqual({
      "eni-1": ["a tcp/80 target", "b tcp/80 target"],
    });
  });

  it.each<[string, LoadBalancer]>([
    ["a Network Load Balancer without groups", network("lb", { targets: [target("i-1", 80)] })],
    ["a Gateway Load Balancer", gateway("lb", { targets: [target("i-1", 80)] })],
    [
      "a load balancer in another VPC",
      application("lb", { groups: ["sg-lb"], vpc: "vpc-2", targets: [target("i-1", 80)] }),
    ],
  ])("knows that no reference can name %s", (_, loadBalancer) => {
    expect(services([instance("i-1", ["sg-web"])], loadBalancer)).toEqual({
      "eni-1": ["lb tcp/80 target nameless"],
    });
  });

  it("names an internal Network Load Balancer with groups like any other", () => {
    expect(
      services(
        [instance("i-1", ["sg-web"])],
        network("nlb", { groups: ["sg-lb"], targets: [target("i-1", 80)] }),
      ),
    ).toEqual({
      "eni-1": ["nlb tcp/80 target"],
    });
  });
});
