import { type Command, InvalidArgumentError, Option } from "commander";

/** What every command that looks at an account may be told. */
export interface WhereOptions {
  readonly region: readonly string[];
  readonly profile?: string;
  readonly roleArn: readonly string[];
  readonly endpointUrl?: string;
  readonly from?: string;
}

export interface ChoiceOptions {
  readonly group: readonly string[];
  readonly loadBalancer: readonly string[];
  readonly vpc: readonly string[];
}

export interface PolicyOptions {
  readonly config?: string;
  readonly defaultMode?: string;
  readonly close?: string;
  readonly protectedPorts?: readonly string[];
  readonly allowedSources?: readonly string[];
  readonly keepSelf?: boolean;
}

/** An option that may be given again, and each time several values with commas between them. */
const list = (text: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  ...text.split(",").flatMap((item) => item.trim() || []),
];

const many = (flags: string, description: string): Option =>
  new Option(flags, description).argParser(list).default([], "none");
const listed = (flags: string, description: string): Option =>
  new Option(flags, description).argParser(list);

const matching = (pattern: RegExp, allowed: string) => (text: string, before: unknown) => {
  const items = list(text, before as readonly string[]);
  const wrong = items.find((item) => !pattern.test(item));
  if (wrong !== undefined) throw new InvalidArgumentError(`Allowed: ${allowed}.`);
  return items;
};

const accountHeading = "Where to read (with your own credentials, as the aws CLI finds them):";
const choiceHeading = "What to show (several: with commas, or given again):";
const policyHeading = "Policy (the flags go before the file, the file before the defaults):";

export const readsAccount = (command: Command): Command =>
  command
    .optionsGroup(accountHeading)
    .addOption(
      new Option("--region <regions>", "regions, with commas between them")
        .argParser(matching(/^[a-z]{2}(-[a-z]+)+-\d$/, "regions as in eu-west-1"))
        .default([], "AWS_REGION, or the profile's"),
    )
    .option("--profile <name>", "a profile of ~/.aws/config, single sign-on too")
    .addOption(
      new Option("--role-arn <arns>", "roles to assume, one an account; read one after the other")
        .argParser(matching(/^arn:aws[\w-]*:iam::\d{12}:role\/\S+$/, "ARNs of IAM roles"))
        .default([], "none"),
    )
    .option("--endpoint-url <url>", "another endpoint than AWS's, for a sandbox");

export const readsSnapshot = (command: Command): Command =>
  readsAccount(command).option(
    "--from <path>",
    "read nothing from AWS: a snapshot, or a folder with what `aws ... describe-...` wrote",
  );

/** Which deployment's state a command is about, beside one region of one account. */
export interface DeployedOptions extends Pick<
  WhereOptions,
  "region" | "profile" | "roleArn" | "endpointUrl"
> {
  readonly table?: string;
  readonly stack: string;
}

export const takesDeployment = (command: Command): Command =>
  readsAccount(command)
    .optionsGroup(
      "Which deployment (its state table; the flag goes before the environment, that before the stack):",
    )
    .option(
      "--table <name>",
      "the state table (default: ELB_ONLY_STATE_TABLE, or what the stack says)",
    )
    .option("--stack <name>", "the CloudFormation stack whose output says the table", "elb-only");

export interface ConsentOptions {
  readonly yes?: boolean;
}

/** For what changes something that people might miss. */
export const takesConsent = (command: Command): Command =>
  command
    .optionsGroup("Consent:")
    .option("--yes", "do not ask; without a terminal there is nobody to ask");

export interface LastingOptions {
  readonly for: number;
  readonly until?: string;
  readonly why: string;
}

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** "30m", "4h", "7d" in milliseconds. */
export function lasting(text: string): number {
  const [, count = "", unit = ""] = /^(\d{1,4})([mhd])$/.exec(text) ?? [];
  const milliseconds = Number(count) * (units[unit] ?? 0);
  if (milliseconds === 0 || milliseconds > 90 * 86_400_000)
    throw new InvalidArgumentError("Allowed: a time as in 30m, 4h, 7d; at most 90 days.");
  return milliseconds;
}

const moment = (text: string): string => {
  if (Number.isNaN(Date.parse(text)))
    throw new InvalidArgumentError("Allowed: a time as in 2026-12-01T08:00Z.");
  return new Date(text).toISOString();
};

export const takesEnd = (command: Command): Command =>
  command
    .optionsGroup("How long, and why:")
    .addOption(
      new Option("--for <time>", "for so long: 30m, 4h, 7d")
        .argParser(lasting)
        .default(4 * 3_600_000, "4h"),
    )
    .addOption(new Option("--until <time>", "until then: 2026-12-01T08:00Z").argParser(moment))
    .option("--why <text>", "why, for those who wonder", "");

export const choosesGroups = (command: Command): Command =>
  command
    .optionsGroup(choiceHeading)
    .addOption(many("--group <ids>", "security groups, by id or name"))
    .addOption(
      many("--load-balancer <names>", "groups behind these load balancers, by name or ARN"),
    )
    .addOption(many("--vpc <ids>", "groups of these VPCs"));

export const takesPolicy = (command: Command): Command =>
  command
    .optionsGroup(policyHeading)
    .option("--config <file>", "the policy (default: elb-only.config.json, if it is there)")
    .option("--default-mode <mode>", "of groups without a tag: audit, enforce, ignore")
    .option("--close <whose>", "whose rules are excess: everyone, addresses, public")
    .addOption(listed("--protected-ports <ports>", "never closed, as in tcp/22,tcp/3389"))
    .addOption(listed("--allowed-sources <list>", "may stay: CIDRs, sg-... and pl-... ids"))
    .option("--keep-self", "leave a group's reference to itself alone")
    .option("--no-keep-self", "close a group's reference to itself, too");

export const takesEvidence = (command: Command): Command =>
  command
    .optionsGroup("Evidence (who used what would be closed, by VPC Flow Logs):")
    .option("--flow-logs <files...>", "files or folders, plain or gzip, with or without a header")
    .option(
      "--flow-log-format <fields>",
      "the format of files without a header, unless it is the default one",
    );
