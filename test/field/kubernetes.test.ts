import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { field, findingsOf, from, rulesOf, toldOf } from "../attacks/field.ts";
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

it("no cluster makes a function fail or leaves a dead letter", () => {
  expect([sandbox.failures, sandbox.deadLetters]).toEqual([[], []]);
});
