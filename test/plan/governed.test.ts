import { describe, expect, it } from "vitest";
import type { Interface, LoadBalancer } from "../../lib/values/snapshot.ts";
import {
  application,
  database,
  gateway,
  group,
  instance,
  network,
  tagged,
  target,
} from "../support/builders.ts";
import { planned, type Setting } from "./planned.ts";

const web = instance("i-1", ["sg-web"], { address: "10.0.0.1" });
const alb = (...ports: readonly (number | string)[]): LoadBalancer =>
  application("alb", { groups: ["sg-lb"], targets: [target("i-1", ...ports)] });

const governed = (
  loadBalancers: readonly LoadBalancer[],
  more: Setting & { readonly tags?: Readonly<Record<string, string>> } = {},
) =>
  planned({
    groups: [tagged(group("sg-web"), more.tags ?? {}), group("sg-lb")],
    interfaces: [web],
    loadBalancers,
    ...more,
  }).governed.map(
    ({ protocol, from, to }) => `${protocol}/${from === to ? from : `${from}-${to}`}`,
  );

describe("governedPorts", () => {
  it("are the very ports that load balancers serve, not the range between them", () => {
    expect(governed([alb(80, 443, "udp 53")])).toEqual(["tcp/80", "tcp/443", "udp/53"]);
  });

  it("are those of every load balancer and every interface", () => {
    const interfaces: readonly Interface[] = [web, instance("i-2", ["sg-web"])];
    const other = application("other", { groups: ["sg-lb"], targets: [target("i-2", 8080)] });
    expect(governed([alb(80), other], { interfaces })).toEqual(["tcp/80", "tcp/8080"]);
  });

  it("are none where nobody is served", () => {
    expect(governed([])).toEqual([]);
  });

  it("are never the protected ones", () => {
    expect(governed([alb(22, 80, 3389, "udp 22")])).toEqual(["tcp/80", "udp/22"]);
    expect(governed([alb(22, 80)], { policy: { protectedPorts: [] } })).toEqual([
      "tcp/22",
      "tcp/80",
    ]);
    expect(
      governed([alb("tcp 32768-65535")], {
        tags: { "elb-only": "enforce" },
        policy: { protectedPorts: [{ protocol: "tcp", from: 40000, to: 40001 }] },
      }),
    ).toEqual(["tcp/32768-39999", "tcp/40002-65535"]);
  });

  it("are those of changing ports only where the owner himself asks for it", () => {
    expect(governed([alb(80, "tcp 32768-65535")])).toEqual(["tcp/80"]);
    expect(governed([alb("tcp 32768-65535")], { tags: { "elb-only": "enforce" } })).toEqual([
      "tcp/32768-65535",
    ]);
  });

  it("are not those that a load balancer asks to be left, and no others for its sake", () => {
    const other = tagged(
      application("other", { groups: ["sg-lb"], targets: [target("i-1", 81)] }),
      {
        "elb-only": "ignore",
      },
    );
    expect(governed([alb(80, 81, 443), other])).toEqual(["tcp/80", "tcp/443"]);
  });

  it("are not those whose load balancer is refused, since others would get in with it", () => {
    const interfaces = [web, instance("i-dev", ["sg-lb"])];
    expect(governed([alb(80)], { interfaces })).toEqual([]);
    expect(governed([alb(80)], { interfaces, policy: { admit: "any" } })).toEqual(["tcp/80"]);
  });

  it("are port 0 and port 65535 too", () => {
    expect(governed([alb(0, 65535)])).toEqual(["tcp/0", "tcp/65535"]);
  });

  it("are not those that a load balancer without a name serves as well, at any interface", () => {
    const nlb = network("nlb", { targets: [target("i-1", 80)] });
    expect(governed([alb(80, 443), nlb])).toEqual(["tcp/443"]);
    const interfaces = [web, instance("i-2", ["sg-web"])];
    expect(
      governed([alb(80, 443), network("nlb", { targets: [target("i-2", 443)] })], { interfaces }),
    ).toEqual(["tcp/80"]);
  });

  it("are not those of a nameless one at a interface that is no back end of ours", () => {
    const interfaces = [web, database("eni-db", ["sg-web"], "10.0.0.9")];
    const nlb = network("nlb", { targets: [target("10.0.0.9", 80)] });
    expect(governed([alb(80, 443), nlb], { interfaces, tags: { "elb-only": "enforce" } })).toEqual([
      "tcp/443",
    ]);
  });

  it("are not an appliance's behind a Gateway Load Balancer, whose health checks must come through", () => {
    expect(governed([alb(80, 8443), gateway("gwlb", { targets: [target("i-1", 80)] })])).toEqual([
      "tcp/8443",
    ]);
  });

  describe("where the group's owner wants all ports closed", () => {
    const all = { tags: { "elb-only": "enforce", "elb-only:ports": "all" } };

    it("are every tcp and udp port but the protected ones", () => {
      expect(governed([alb(80)], all)).toEqual([
        "tcp/0-21",
        "tcp/23-3388",
        "tcp/3390-65535",
        "udp/0-65535",
      ]);
    });

    it("are still not those of a load balancer without a name", () => {
      const nlb = network("nlb", { targets: [target("i-1", "udp 53")] });
      expect(governed([alb(80), nlb], all)).toEqual([
        "tcp/0-21",
        "tcp/23-3388",
        "tcp/3390-65535",
        "udp/0-52",
        "udp/54-65535",
      ]);
      expect(governed([nlb], all)).toEqual([
        "tcp/0-21",
        "tcp/23-3388",
        "tcp/3390-65535",
        "udp/0-52",
        "udp/54-65535",
      ]);
    });

    it("are none where nobody is served, or where the tag says something else", () => {
      expect(governed([], all)).toEqual([]);
      expect(governed([alb(80)], { tags: { "elb-only:ports": "80" } })).toEqual(["tcp/80"]);
    });

    it("are those that are served, unless the owner's own elb-only=enforce stands beside it", () => {
      expect(governed([alb(80)], { tags: { "elb-only:ports": "all" } })).toEqual(["tcp/80"]);
    });

    it("cannot be had by a tag on a load balancer", () => {
      expect(governed([tagged(alb(80), { "elb-only:ports": "all" })])).toEqual(["tcp/80"]);
    });
  });

  it("are none where nothing is removed: what is not closed is not governed", () => {
    expect(governed([alb(80)], { interfaces: [web, instance("i-lone", ["sg-web"])] })).toEqual([]);
    expect(governed([alb(80)], { gaps: ["a page"] })).toEqual([]);
    expect(governed([alb(80)], { tags: { "elb-only": "ignore" } })).toEqual([]);
  });
});
