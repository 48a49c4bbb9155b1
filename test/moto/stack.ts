import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  ListStackResourcesCommand,
} from "@aws-sdk/client-cloudformation";
import { endpoint, region } from "./moto.ts";

const folder = join(import.meta.dirname, "..", "..", "dist", "template");
const credentials = { accessKeyId: "AKIAOPERATOR", secretAccessKey: "secret" };

/** What the template made. */
export interface Stack {
  readonly status: string | undefined;
  readonly outputs: Readonly<Record<string, string>>;
  /** Physical ids by logical ids; of what moto has no support for, nothing. */
  readonly made: Readonly<Record<string, string>>;
}

/** Deploys the plain template as its README says: its zip files into a bucket, then the template with parameters. */
export async function deploy(parameters: Readonly<Record<string, string>>): Promise<Stack> {
  const bucket = "code";
  await request(
    "s3",
    "PUT",
    `/${bucket}`,
    `<CreateBucketConfiguration><LocationConstraint>${region}</LocationConstraint></CreateBucketConfiguration>`,
  );
  for (const file of await zipFiles())
    await request("s3", "PUT", `/${bucket}/elb-only/${file}`, await readFile(join(folder, file)));

  const client = new CloudFormationClient({
    endpoint: endpoint(),
    region,
    credentials,
    maxAttempts: 1,
  });
  const create = {
    StackName: "elb-only",
    TemplateBody: withoutCanary(await readFile(join(folder, "elb-only.template.json"), "utf8")),
    Capabilities: ["CAPABILITY_IAM" as const],
    Parameters: Object.entries({ CodeBucket: bucket, ...parameters }).map(
      ([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }),
    ),
  };
  await client.send(new CreateStackCommand(create));
  const [stack] =
    (await client.send(new DescribeStacksCommand({ StackName: "elb-only" }))).Stacks ?? [];
  const { StackResourceSummaries = [] } = await client.send(
    new ListStackResourcesCommand({ StackName: "elb-only" }),
  );
  const made = StackResourceSummaries.flatMap(({ LogicalResourceId, PhysicalResourceId = "" }) =>
    LogicalResourceId === undefined ? [] : [[LogicalResourceId, PhysicalResourceId] as const],
  );
  const outputs = (stack?.Outputs ?? []).map(
    ({ OutputKey = "", OutputValue = "" }) => [OutputKey, OutputValue] as const,
  );
  return {
    status: stack?.StackStatus,
    outputs: Object.fromEntries(outputs),
    made: Object.fromEntries(made),
  };
}

/** moto's CloudFormation makes no prefix lists, and refuses who asks for one's ARN or id. */
const withoutCanary = (template: string): string =>
  template
    .replaceAll(
      /\{\s*"Fn::GetAtt":\s*\[\s*"Canary",\s*"Arn"\s*\]\s*\}/g,
      '"arn:aws:ec2:eu-central-1:123456789012:prefix-list/pl-0123456789abcdef0"',
    )
    .replaceAll(/\{\s*"Ref":\s*"Canary"\s*\}/g, '"pl-0123456789abcdef0"');

/** The functions' code, by the functions' names. */
const zipFiles = async (): Promise<readonly string[]> =>
  (await readdir(folder)).filter((file) => file.endsWith(".zip"));
export const zipFile = async (name: string): Promise<Buffer> => {
  const file = (await zipFiles()).find((one) => one.startsWith(`${name}-`));
  if (file === undefined)
    throw new Error(`There is no ${name}-*.zip in ${folder}. Run: npm run template`);
  return readFile(join(folder, file));
};

/** A function as Lambda has it. */
export async function deployedFunction(name: string): Promise<DeployedFunction> {
  return JSON.parse(
    await request("lambda", "GET", `/2015-03-31/functions/${name}/configuration`),
  ) as DeployedFunction;
}
interface DeployedFunction {
  readonly CodeSha256: string;
  readonly Environment: { readonly Variables: Readonly<Record<string, string>> };
}

/** Queues wake no function any more: where Docker is there, moto would run them by itself. */
export const unplug = (reader: string): Promise<string> =>
  request("lambda", "DELETE", `/2015-03-31/event-source-mappings/${reader}`);

/** One request to a service of which not more is needed. moto looks at the region and the service of a signature, not at the signature. */
async function request(
  service: "s3" | "lambda",
  method: string,
  path: string,
  body?: string | Buffer<ArrayBuffer>,
): Promise<string> {
  const Authorization = `AWS4-HMAC-SHA256 Credential=AKIAOPERATOR/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=none`;
  const answer = await fetch(`${endpoint()}${path}`, {
    method,
    headers: { Authorization },
    ...(body === undefined ? {} : { body }),
  });
  const text = await answer.text();
  if (!answer.ok)
    throw new Error(`moto answers ${answer.status} to ${method} ${path}: ${text.slice(0, 500)}`);
  return text;
}
