import { AssumeRoleCommand, GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import type { AccountRegion } from "../values/outcome.ts";
import { call, failedCall } from "./api/errors.ts";
import type { Destination } from "./clients.ts";
import type { Connection } from "./connect.ts";

/** Whose account the connection's credentials belong to, in which of AWS's partitions, and who that is. */
export async function callerOf({
  sts,
}: Connection<"sts">): Promise<
  Pick<AccountRegion, "account" | "partition"> & { readonly principal: string }
> {
  const name = "sts:GetCallerIdentity";
  const { Account, Arn } = await call(name, sts.send(new GetCallerIdentityCommand({})));
  const partition = Arn?.split(":")[1];
  if (Account === undefined || partition === undefined)
    throw failedCall(name, new Error("The answer does not say whose account it is."));
  return { account: Account, partition, principal: Arn ?? Account };
}

/** Credentials of a role, for an hour. */
export async function assumeRole(
  { sts }: Connection<"sts">,
  RoleArn: string,
): Promise<NonNullable<Destination["credentials"]>> {
  const name = "sts:AssumeRole";
  const RoleSessionName = "elb-only";
  const { Credentials } = await call(
    name,
    sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName })),
  );
  const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials ?? {};
  if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined)
    throw failedCall(name, new Error("The answer holds no credentials."));
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
  };
}

/** The region of the connection, by the environment and the profile; undefined: neither says one. */
export async function regionOf({ sts }: Connection<"sts">): Promise<string | undefined> {
  try {
    return await sts.config.region();
  } catch {
    return undefined;
  }
}
