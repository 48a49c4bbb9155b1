import { awsError } from "../errors.ts";
import { account, roleSession } from "../identities.ts";
import type { Operations } from "../operation.ts";
import { integer, text, type Params } from "../wire/params.ts";

const invalid = (name: string, why: string) =>
  awsError(
    "ValidationError",
    `1 validation error detected: Value at '${name}' failed to satisfy constraint: ${why}`,
  );

function needed(params: Params, name: string, shape: RegExp): string {
  const value = text(params, name);
  if (value === undefined || !shape.test(value))
    throw invalid(
      `${name.charAt(0).toLowerCase()}${name.slice(1)}`,
      `Member must satisfy regular expression pattern: ${shape.source}`,
    );
  return value;
}

/** STS, query protocol. Everybody may assume every role of the account: nothing here has a trust policy. */
export const stsOperations: Operations = {
  GetCallerIdentity: {
    run: (_cloud, _params, { caller }) => ({
      Arn: String(caller.userIdentity["arn"]),
      UserId: String(caller.userIdentity["principalId"]),
      Account: account,
    }),
  },

  AssumeRole: {
    run: (cloud, params, { caller, at }) => {
      const arn = needed(params, "RoleArn", /^arn:[a-z-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/);
      const session = needed(params, "RoleSessionName", /^[\w+=,.@-]{2,64}$/);
      const seconds = integer(params, "DurationSeconds") ?? 3600;
      if (seconds < 900 || seconds > 43_200)
        throw invalid("durationSeconds", "Member must have value between 900 and 43200");
      if (!arn.includes(`::${account}:`))
        throw awsError(
          "AccessDenied",
          `User: ${String(caller.userIdentity["arn"])} is not authorized to perform: sts:AssumeRole on resource: ${arn}`,
          403,
        );
      const role = arn.slice(arn.lastIndexOf("/") + 1);
      const accessKey = `ASIA${cloud.ids.hex(16).toUpperCase()}`;
      const made = roleSession(role, session, accessKey, caller.sourceAddress);
      cloud.sessions.set(accessKey, made);
      return {
        Credentials: {
          AccessKeyId: accessKey,
          SecretAccessKey: cloud.ids.hex(40),
          SessionToken: cloud.ids.hex(64),
          Expiration: new Date(at.getTime() + seconds * 1000),
        },
        AssumedRoleUser: {
          AssumedRoleId: String(made.userIdentity["principalId"]),
          Arn: String(made.userIdentity["arn"]),
        },
      };
    },
  },
};
