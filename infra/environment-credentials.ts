import type { EC2ClientConfig } from "@aws-sdk/client-ec2";

type DefaultProvider = NonNullable<EC2ClientConfig["credentialDefaultProvider"]>;

/** Stands in the bundles for the SDK's default provider chain: Lambda puts a function's credentials into its environment. */
export const defaultProvider: DefaultProvider = () => async () => {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = process.env;
  if (!accessKeyId || !secretAccessKey) {
    const gaps = [!accessKeyId && "AWS_ACCESS_KEY_ID", !secretAccessKey && "AWS_SECRET_ACCESS_KEY"]
      .filter(Boolean)
      .join(" and ");
    throw new Error(
      `No AWS credentials: ${gaps} not set in the environment, where Lambda puts them. This bundle looks nowhere else: no profiles, no instance metadata.`,
    );
  }
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
};
