import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { field, findingsOf, from, rulesOf, toldOf } from "../attacks/field.ts";
import { unique } from "../contract/backend.ts";
import { tcp } from "../contract/groups.ts";
import { type Bundled, bundled } from "../sandbox/bundled.ts";

let product: Bundled;
let sandbox: Sandbox;

beforeAll(async () => {
  product = await bundled();
  sandbox = await product.start();
});
afterAll(async () => {
  await sandbox.close();
  await product.remove();
});

/** A node that runs a webhook, which a load balancer reaches, too; 443 and so on are the API server's ways in. */
function nodes(tags: Readonly<Record<string, string>>) {
  const here = field(sandbox);
  const front = here.group("front");
  const control = here.group("control-plane", [], { "aws:eks:cluster-name": "demo" });
  const rules = [443, 8443, 9443, 10250].map((port) => from(control, port));
  const node = here.group("node", rules, tags);
  here.serve(8443, [front], here.instance(node));
  return { ...here, front, control, node };
}

describe("the nodes of a Kubernetes cluster", () => {
  it("keep the API server's way in to a webhook on a served port, and what is open is told", async () => {
    const { authorize, control, front, node } = nodes({ "kubernetes.io/cluster/demo": "owned" });
    await authorize(node, tcp(8443, "0.0.0.0/0"));
    expect(rulesOf(sandbox, node)).toEqual(
      [
        `tcp 443-443 ${control}`,
        "tcp 8443-8443 0.0.0.0/0",
        `tcp 8443-8443 ${control}`,
        `tcp 8443-8443 ${front}`,
        `tcp 9443-9443 ${control}`,
        `tcp 10250-10250 ${control}`,
      ].sort(),
    );
    expect(findingsOf(sandbox, node)).toContain("high cluster-group");
    expect(toldOf(sandbox, node).at(-1)?.message).toContain(
      `is closed: it belongs to the cluster demo, which comes in by tcp/443 from ${control}`,
    );
  });

  it("lose it where the group's own tag says enforce, and only on the served port", async () => {
    const { authorize, control, front, node } = nodes({
      "kubernetes.io/cluster/demo": "owned",
      "elb-only": "enforce",
    });
    await authorize(node, tcp(8443, "0.0.0.0/0"));
    expect(rulesOf(sandbox, node)).toEqual(
      [
        `tcp 443-443 ${control}`,
        `tcp 8443-8443 ${front}`,
        `tcp 9443-9443 ${control}`,
        `tcp 10250-10250 ${control}`,
      ].sort(),
    );
    expect(findingsOf(sandbox, node)).toContain("high cluster-group");
  });
});

/** Nodes that their owner's template marks in no way: everything comes in from the control plane, and a Classic Load Balancer on a node port. */
function plainNodes(tags: Readonly<Record<string, string>> = {}) {
  const here = field(sandbox);
  const front = here.group("front");
  const control = here.group("control-plane");
  const all = { protocol: "-1", group: control };
  const node = here.group("node", [all, { protocol: "-1", cidr: "10.9.0.0/16" }], tags);
  sandbox.world.rule(node, { protocol: "-1", group: node });
  sandbox.world.classicLoadBalancer({
    name: unique("classic"),
    groups: [front],
    subnets: [here.subnet],
    listeners: [{ protocol: "TCP", port: 80, instancePort: 31_080 }],
    instances: [here.instance(node)],
  });
  return { ...here, front, control, node };
}

describe("nodes that let in everything from their neighbours", () => {
  it("keep their overlay network: such rules are left whole, and told, high", async () => {
    const { authorize, control, front, node } = plainNodes();
    await authorize(node, tcp(31_080, "0.0.0.0/0"));
    expect(rulesOf(sandbox, node)).toEqual(
      [
        "-1 -1--1 10.9.0.0/16",
        `-1 -1--1 ${control}`,
        `-1 -1--1 ${node}`,
        `tcp 31080-31080 ${front}`,
      ].sort(),
    );
    expect(findingsOf(sandbox, node)).toContain("high all-protocols");
  });

  it("keep IP in IP and the like as rules of their own where the group's own tag says enforce", async () => {
    const { authorize, control, node } = plainNodes({ "elb-only": "enforce" });
    await authorize(node, tcp(31_080, "0.0.0.0/0"));
    const fromControl = rulesOf(sandbox, node).filter((one) => one.endsWith(control));
    expect(fromControl).toEqual(
      [
        ...["4", "47", "50", "51", "89", "112", "132", "icmp", "icmpv6"].map(
          (one) => `${one} -1--1 ${control}`,
        ),
        `tcp 0-31079 ${control}`,
        `tcp 31081-65535 ${control}`,
        `udp 0-65535 ${control}`,
      ].sort(),
    );
    expect(rulesOf(sandbox, node)).toContain(`-1 -1--1 ${node}`);
    expect(findingsOf(sandbox, node)).toContain("high other-protocols-lost");
  });
});

it("no cluster makes a function fail or leaves a dead letter", () => {
  expect([sandbox.failures, sandbox.deadLetters]).toEqual([[], []]);
});
