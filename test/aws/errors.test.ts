import { describe, expect, it } from "vitest";
import { codeOf, failedCall, failureOf, isNotFound } from "../../lib/aws/api/errors.ts";
import { awsError } from "./account.ts";

describe("failureOf", () => {
  it.each([
    ["UnauthorizedOperation", "denied"],
    ["AccessDenied", "denied"],
    ["AccessDeniedException", "denied"],
    ["AuthFailure", "denied"],
    ["ExpiredToken", "denied"],
    ["InvalidClientTokenId", "denied"],
    ["RequestLimitExceeded", "throttled"],
    ["Throttling", "throttled"],
    ["InvalidGroup.NotFound", "gone"],
    ["InternalError", "other"],
    ["TimeoutError", "other"],
    ["RulesPerSecurityGroupLimitExceeded", "other"],
  ])("calls %s %s", (name, kind) => {
    expect(failureOf(awsError(name, "words"))).toEqual({ kind, text: `${name}: words` });
  });

  it("has words for whatever is thrown", () => {
    expect(failureOf(new Error("no AWS"))).toEqual({ kind: "other", text: "no AWS" });
    expect(failureOf("text")).toEqual({ kind: "other", text: "text" });
  });

  it("leaves out EC2's encoded message, line breaks and all beyond 300 characters", () => {
    const message =
      "You are not authorized to perform this operation.\n Encoded authorization failure message: AAAABBBB";
    expect(failureOf(awsError("UnauthorizedOperation", message)).text).toBe(
      "UnauthorizedOperation: You are not authorized to perform this operation.",
    );
    expect(failureOf(new Error("x".repeat(1000))).text).toHaveLength(300);
  });
});

describe("failedCall", () => {
  const thrown = failedCall("ec2:DescribeVpcs", awsError("UnauthorizedOperation", "no"));

  it("says which call failed and what it means, as an own property", () => {
    expect(Object.keys(thrown)).toContain("failure");
    expect(thrown.failure).toEqual({
      kind: "denied",
      text: "ec2:DescribeVpcs: UnauthorizedOperation: no",
    });
    expect(failureOf(thrown)).toBe(thrown.failure);
  });

  it("keeps AWS's own error as its cause, and its code", () => {
    expect(thrown.cause).toMatchObject({ name: "UnauthorizedOperation" });
    expect(codeOf(thrown)).toBe("UnauthorizedOperation");
    expect(codeOf(failedCall("outer", thrown))).toBe("UnauthorizedOperation");
  });
});

describe("isNotFound", () => {
  it.each([
    "AccessPointNotFoundException",
    "LoadBalancerNotFoundException",
    "TargetGroupNotFoundException",
    "LoadBalancerNotFound",
  ])("knows %s", (name) => {
    expect(isNotFound(awsError(name))).toBe(true);
    expect(isNotFound(failedCall("call", awsError(name)))).toBe(true);
  });

  it("knows no other", () => {
    expect(isNotFound(awsError("Throttling"))).toBe(false);
    expect(isNotFound(new Error("NotFound"))).toBe(false);
  });
});
