import { describe, expect, it } from "vitest";
import { actorOf } from "../../lib/triggers/actor.ts";

const account = "123456789012";

describe("actorOf", () => {
  it.each([
    [
      "an IAM user",
      { type: "IAMUser", arn: `arn:aws:iam::${account}:user/ops/alice`, userName: "alice" },
      { principal: `arn:aws:iam::${account}:user/ops/alice` },
    ],
    [
      "an assumed role, with who stands behind it",
      { type: "AssumedRole", arn: `arn:aws:sts::${account}:assumed-role/deploy/bob@example.com` },
      {
        principal: `arn:aws:sts::${account}:assumed-role/deploy/bob@example.com`,
        session: "bob@example.com",
      },
    ],
    [
      "root",
      { type: "Root", arn: `arn:aws:iam::${account}:root`, accountId: account },
      { principal: `arn:aws:iam::${account}:root` },
    ],
    [
      "root for Auto Scaling, as in old records",
      { type: "Root", arn: `arn:aws:iam::${account}:root`, invokedBy: "autoscaling.amazonaws.com" },
      { principal: `arn:aws:iam::${account}:root`, invokedBy: "autoscaling.amazonaws.com" },
    ],
    [
      "a service",
      { type: "AWSService", invokedBy: "ecs.amazonaws.com" },
      { principal: "ecs.amazonaws.com", invokedBy: "ecs.amazonaws.com" },
    ],
    [
      "another account",
      { type: "AWSAccount", principalId: "AIDACKCEVSJ6C2EXAMPLE:s", accountId: account },
      { principal: "AIDACKCEVSJ6C2EXAMPLE:s" },
    ],
    [
      "a federated user",
      { type: "FederatedUser", arn: `arn:aws:sts::${account}:federated-user/carol` },
      { principal: `arn:aws:sts::${account}:federated-user/carol` },
    ],
    [
      "a SAML user",
      { type: "SAMLUser", principalId: "Ab1=:dave", userName: "dave", identityProvider: "Ab1=" },
      { principal: "dave" },
    ],
    [
      "a web identity",
      { type: "WebIdentityUser", principalId: "accounts.google.com:x", userName: "erin" },
      { principal: "erin" },
    ],
    [
      "an Identity Center user",
      {
        type: "IdentityCenterUser",
        accountId: account,
        onBehalfOf: { userId: "94482488-3041-7006" },
      },
      { principal: "94482488-3041-7006" },
    ],
    ["an unknown type", { type: "Unknown", accountId: account }, { principal: account }],
    ["nothing at all", undefined, { principal: "unknown" }],
    ["an identity that is no object", "alice", { principal: "unknown" }],
  ])("names %s", (_, userIdentity, want) => {
    expect(actorOf({ userIdentity })).toEqual(want);
  });

  it("says from where and with what the call was made", () => {
    const detail = {
      userIdentity: { arn: "arn:aws:iam::123456789012:user/alice" },
      sourceIPAddress: "203.0.113.25",
      userAgent: "aws-cli/2.22.4",
    };
    expect(actorOf(detail)).toEqual({
      principal: "arn:aws:iam::123456789012:user/alice",
      sourceAddress: "203.0.113.25",
      userAgent: "aws-cli/2.22.4",
    });
  });
});
