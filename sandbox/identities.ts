import type { Caller } from "./state/sts.ts";

export const account = "123456789012";

/** An IAM user: name and access key; no session, so no `sessionContext`. */
export const user = (name: string, accessKey: string, sourceAddress: string): Caller => ({
  name,
  accessKey,
  sourceAddress,
  userIdentity: {
    type: "IAMUser",
    principalId: `AIDASANDBOX${name.toUpperCase()}`,
    arn: `arn:aws:iam::${account}:user/${name}`,
    accountId: account,
    accessKeyId: accessKey,
    userName: name,
  },
});

export const roleArn = (role: string): string => `arn:aws:iam::${account}:role/${role}`;

/** A session of a role, as a function has one. */
export const roleSession = (
  role: string,
  session: string,
  accessKey: string,
  sourceAddress: string,
): Caller => ({
  name: role,
  accessKey,
  sourceAddress,
  userIdentity: {
    type: "AssumedRole",
    principalId: `AROASANDBOX:${session}`,
    arn: `arn:aws:sts::${account}:assumed-role/${role}/${session}`,
    accountId: account,
    accessKeyId: accessKey,
    sessionContext: {
      sessionIssuer: {
        type: "Role",
        principalId: "AROASANDBOX",
        arn: roleArn(role),
        accountId: account,
        userName: role,
      },
      attributes: { creationDate: "2026-01-01T00:00:00Z", mfaAuthenticated: "false" },
    },
  },
});

/** What an AWS service does through its service-linked role. */
export const service = (host: string, role: string): Caller => ({
  name: host,
  accessKey: "",
  sourceAddress: host,
  userIdentity: {
    type: "AssumedRole",
    principalId: "AROASERVICE:service",
    arn: `arn:aws:sts::${account}:assumed-role/${role}/service`,
    accountId: account,
    sessionContext: {
      sessionIssuer: {
        type: "Role",
        principalId: "AROASERVICE",
        arn: `arn:aws:iam::${account}:role/aws-service-role/${host}/${role}`,
        accountId: account,
        userName: role,
      },
      attributes: { creationDate: "2026-01-01T00:00:00Z", mfaAuthenticated: "false" },
    },
    invokedBy: host,
  },
});

const people = [
  user("alice", "AKIASANDBOXALICE", "203.0.113.10"),
  user("bob", "AKIASANDBOXBOB", "203.0.113.11"),
];

/** The access key of a function's role. */
export const functionAccessKey = (name: string): string => `ASIASANDBOX${name.toUpperCase()}`;

export const functionRole = (name: string): string => `elb-only-${name}`;

/** Looks callers up by access key: the table's own, alice, bob, the functions' roles; anybody else is an IAM user named after the key. */
export function createIdentities(more: readonly Caller[]): (accessKey: string) => Caller {
  const functions = ["enforce", "verify", "notify"].map((name) =>
    roleSession(functionRole(name), functionRole(name), functionAccessKey(name), "198.51.100.7"),
  );
  const known = new Map(
    [...people, ...functions, ...more].map((caller) => [caller.accessKey, caller]),
  );
  return (accessKey) =>
    known.get(accessKey) ?? user(accessKey.toLowerCase() || "anonymous", accessKey, "203.0.113.99");
}
