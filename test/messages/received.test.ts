import { describe, expect, it } from "vitest";
import { admission, finding, outcome, receivedOutcome, rule, sweep, trigger } from "./outcome.ts";
import { checked } from "../support/targets.ts";

describe("received", () => {
  it("reads every part of an outcome as it was sent", () => {
    const full = outcome({
      triggers: [
        sweep,
        trigger({
          rules: [rule("tcp/80 from ::/0", { id: "sgr-1" })],
          touched: [{ kind: "group", group: "sg-1" }, { kind: "everything" }],
        }),
      ],
      before: [
        rule("tcp/80 from pl-1"),
        {
          ...rule("tcp/80 from 0.0.0.0/0"),
          source: { kind: "groupName", owner: "amazon-elb", name: "amazon-elb-sg" },
        },
      ],
      after: [admission("tcp/80 from sg-1")],
      remaining: {
        add: [rule("-1 from 10.0.0.0/8")],
        remove: [
          {
            ...rule("tcp/80 from sg-1"),
            source: { kind: "group", group: "sg-1", owner: "123456789012" },
          },
        ],
      },
      proof: [
        {
          who: { kind: "people" },
          ports: { protocol: "tcp", from: 80, to: 80 },
          before: true,
          after: false,
          holds: true,
        },
      ],
      findings: [finding({ rule: rule("tcp/80 from sg-1") })],
      interfaces: [{ interface: "eni-1", what: "instance i-1", served: true }],
      healthyBefore: [checked("eni-1 i-1 web:80"), checked("eni-1 i-1 shop")],
      exposedSeconds: 41,
    });
    expect(receivedOutcome(JSON.stringify(full))).toEqual(full);
  });

  it("reads the outcome of a remediation that never got to look", () => {
    const { at: _, ...unseen } = outcome({
      result: "failed",
      findings: [finding({ code: "failed" })],
    });
    expect(receivedOutcome(JSON.stringify(unseen))).toEqual(unseen);
  });

  it("reads a finding whose code is newer than itself", () => {
    const body = JSON.stringify({
      ...outcome(),
      findings: [{ ...finding(), code: "from-the-future" }],
    });
    expect(receivedOutcome(body).findings[0]?.code).toBe("from-the-future");
  });

  it.each([
    ["", "No outcome: the body is not JSON"],
    ["{", "No outcome: the body is not JSON"],
    ["null", /^No outcome: the body: .*Expected Object/],
    ["[]", /^No outcome: /],
    [
      JSON.stringify({ ...outcome(), version: 2 }),
      /^No outcome: version: .*Expected 1 but received 2/,
    ],
    [JSON.stringify({ ...outcome(), group: undefined }), /^No outcome: group: /],
    [
      JSON.stringify({ ...outcome(), removed: [{ protocol: "tcp" }] }),
      /^No outcome: removed\.0\.fromPort: /,
    ],
    [
      JSON.stringify({
        ...outcome(),
        after: [{ ...rule("tcp/80 from sg-1"), source: { kind: "dns" } }],
      }),
      /^No outcome: after\.0\.source\.kind: /,
    ],
  ])("says what is wrong with %j", (body, problem) => {
    expect(() => receivedOutcome(body)).toThrow(problem);
  });
});
