import { describe, expect, it } from "vitest";
import { decided, type IamRequest, type PolicyStatement } from "../support/iam.ts";
import { located, queueArn, queueNames, topicArn } from "./located.ts";

const account = "123456789012";
const tls = { "aws:SecureTransport": "true" };
const role = (name: string) => `arn:aws:iam::${account}:role/${name}`;

/** Who calls, as AWS tells a resource's policy. */
const callers = {
  "one of the stack's rules": {
    principal: "events.amazonaws.com",
    context: {
      ...tls,
      "aws:SourceArn": `arn:aws:events:us-east-1:${account}:rule/elb-only.securityGroups`,
    },
  },
  "another rule of the account": {
    principal: "events.amazonaws.com",
    context: { ...tls, "aws:SourceArn": `arn:aws:events:us-east-1:${account}:rule/theirs` },
  },
  "a rule of that name on another bus": {
    principal: "events.amazonaws.com",
    context: {
      ...tls,
      "aws:SourceArn": `arn:aws:events:us-east-1:${account}:rule/theirs/elb-only.securityGroups`,
    },
  },
  "a rule of that name of another account": {
    principal: "events.amazonaws.com",
    context: {
      ...tls,
      "aws:SourceArn": "arn:aws:events:us-east-1:999999999999:rule/elb-only.securityGroups",
    },
  },
  "one of the stack's alarms": alarm("elb-only: not armed"),
  "another alarm of the account": alarm("theirs"),
  "the enforce role": caller("elb-only-enforce"),
  "the verify role": caller("elb-only-verify"),
  "the notify role": caller("elb-only-notify"),
  "an administrator": caller("Administrator"),
  "the enforce role without TLS": {
    ...caller("elb-only-enforce"),
    context: { ...caller("elb-only-enforce").context, "aws:SecureTransport": "false" },
  },
} as const;
type Caller = keyof typeof callers;

function alarm(name: string) {
  const source = `arn:aws:cloudwatch:us-east-1:${account}:alarm:${name}`;
  return {
    principal: "cloudwatch.amazonaws.com",
    context: { ...tls, "aws:SourceArn": source, "aws:SourceAccount": account },
  };
}

function caller(name: string) {
  return { principal: role(name), context: { ...tls, "aws:PrincipalArn": role(name) } };
}

const policyOf = (id: string): readonly PolicyStatement[] => {
  const { PolicyDocument } = located()[id]?.Properties ?? {};
  return (PolicyDocument as { readonly Statement: readonly PolicyStatement[] }).Statement;
};

/** Whom a policy lets do it, though their own policies allow them everything. */
const letIn = (policy: readonly PolicyStatement[], action: string, resource: string) =>
  (Object.entries(callers) as readonly [Caller, Pick<IamRequest, "principal" | "context">][])
    .filter(([, { principal, context }]) => {
      const decision = decided(policy, { action, resource, principal, context });
      // A service has no policies of its own.
      return decision === "allowed" || (decision === "neither" && principal.startsWith("arn:"));
    })
    .map(([name]) => name);

describe("a queue's policy", () => {
  it.each<[keyof typeof queueNames, readonly Caller[]]>([
    ["EnforceQueue", ["one of the stack's rules", "the enforce role", "the verify role"]],
    ["NotifyQueue", ["the enforce role", "the verify role"]],
    ["RuleDeadLetters", ["one of the stack's rules"]],
  ])("lets these alone send to %s, whatever policies others have", (id, senders) => {
    expect(letIn(policyOf(`${id}Policy`), "sqs:SendMessage", queueArn(queueNames[id]))).toEqual(
      senders,
    );
  });

  it.each(Object.keys(queueNames) as readonly (keyof typeof queueNames)[])(
    "lets nobody do anything without TLS: %s",
    (id) => {
      for (const action of ["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:PurgeQueue"])
        expect(letIn(policyOf(`${id}Policy`), action, queueArn(queueNames[id]))).not.toContain(
          "the enforce role without TLS",
        );
    },
  );

  it("leaves reading to the roles' own policies", () => {
    expect(
      letIn(policyOf("EnforceQueuePolicy"), "sqs:ReceiveMessage", queueArn("elb-only-enforce")),
    ).toContain("an administrator");
  });
});

describe("a topic's policy", () => {
  it.each<[string, string, readonly Caller[]]>([
    ["AlertTopicPolicy", "elb-only-alerts", ["the notify role"]],
    ["AlarmTopicPolicy", "elb-only-alarms", ["one of the stack's alarms"]],
  ])("lets these alone publish, whatever policies others have: %s", (id, topic, publishers) => {
    expect(letIn(policyOf(id), "sns:Publish", topicArn(topic))).toEqual(publishers);
  });
});
