import type { AnswerTo, ReadService } from "../../lib/aws/answered.ts";
import type { Described, Item, List } from "./described.ts";

interface Input {
  readonly Filters?: readonly { readonly Name: string; readonly Values: readonly string[] }[];
  readonly TargetGroupArn?: string;
  readonly PrefixListId?: string;
  readonly ResourceArns?: readonly string[];
  readonly LoadBalancerNames?: readonly string[];
}

/** Answers the SDK's reading operations out of files, and remembers which commands would make the files that it missed. */
export interface DescribedAnswers {
  readonly answerTo: AnswerTo;
  readonly missing: () => readonly string[];
}

export function answersFrom(files: readonly Described[]): DescribedAnswers {
  const commands = new Set<string>();
  const miss = (command: string): never => {
    commands.add(command);
    throw new Error(`Not in the folder. Make it with: ${command}`);
  };
  const all = (list: List, command: string): readonly Item[] => {
    const found = files.filter((one) => one.list === list);
    return found.length === 0 ? miss(command) : found.flatMap(({ items }) => items);
  };
  /** Of a list that does not say what it is of: the file's name ends so. */
  const named = (list: List, name: string, command: string): readonly Item[] =>
    files.find((one) => one.list === list && (one.name === name || one.name.endsWith(`.${name}`)))
      ?.items ?? miss(command);
  const tagged = (key: string, ids: readonly string[], command: string): readonly Item[] => {
    const found = files
      .filter(({ list }) => list === "TagDescriptions")
      .flatMap(({ items }) => items);
    return ids.map((id) => found.find((one) => one[key] === id) ?? miss(command));
  };

  const answers: Readonly<Record<string, (input: Input) => object>> = {
    "ec2 DescribeSecurityGroups": ({ Filters }) => ({
      SecurityGroups: matching(
        all("SecurityGroups", "aws ec2 describe-security-groups > describe-security-groups.json"),
        Filters,
      ),
    }),
    "ec2 DescribeSecurityGroupRules": ({ Filters }) => ({
      SecurityGroupRules: matching(
        all(
          "SecurityGroupRules",
          "aws ec2 describe-security-group-rules > describe-security-group-rules.json",
        ),
        Filters,
      ),
    }),
    "ec2 DescribeNetworkInterfaces": ({ Filters }) => ({
      NetworkInterfaces: matching(
        all(
          "NetworkInterfaces",
          "aws ec2 describe-network-interfaces --include-managed-resources > describe-network-interfaces.json",
        ),
        Filters,
      ),
    }),
    "ec2 DescribeVpcs": ({ Filters }) => ({
      Vpcs: matching(all("Vpcs", "aws ec2 describe-vpcs > describe-vpcs.json"), Filters),
    }),
    "ec2 DescribeTags": ({ Filters }) => ({
      Tags: matching(
        all(
          "Tags",
          "aws ec2 describe-tags --filters Name=resource-type,Values=instance Name=key,Values=aws:autoscaling:groupName > describe-tags.json",
        ),
        Filters,
      ),
    }),
    "ec2 DescribeManagedPrefixLists": ({ Filters }) => ({
      PrefixLists: matching(
        all(
          "PrefixLists",
          "aws ec2 describe-managed-prefix-lists > describe-managed-prefix-lists.json",
        ),
        Filters,
      ),
    }),
    "ec2 GetManagedPrefixListEntries": ({ PrefixListId = "" }) => ({
      Entries: named(
        "Entries",
        PrefixListId,
        `aws ec2 get-managed-prefix-list-entries --prefix-list-id ${PrefixListId} > get-managed-prefix-list-entries.${PrefixListId}.json`,
      ),
    }),
    "elb DescribeLoadBalancers": () => ({
      LoadBalancerDescriptions: all(
        "LoadBalancerDescriptions",
        "aws elb describe-load-balancers > elb-describe-load-balancers.json",
      ),
    }),
    "elb DescribeTags": ({ LoadBalancerNames = [] }) => ({
      TagDescriptions: tagged(
        "LoadBalancerName",
        LoadBalancerNames,
        `aws elb describe-tags --load-balancer-names ${LoadBalancerNames.join(" ")} > elb-describe-tags.json`,
      ),
    }),
    "elbv2 DescribeLoadBalancers": () => ({
      LoadBalancers: all(
        "LoadBalancers",
        "aws elbv2 describe-load-balancers > elbv2-describe-load-balancers.json",
      ),
    }),
    "elbv2 DescribeTargetGroups": () => ({
      TargetGroups: all(
        "TargetGroups",
        "aws elbv2 describe-target-groups > describe-target-groups.json",
      ),
    }),
    "elbv2 DescribeTargetHealth": ({ TargetGroupArn = "" }) => {
      const name = TargetGroupArn.split("/").at(-2) ?? "";
      return {
        TargetHealthDescriptions: named(
          "TargetHealthDescriptions",
          name,
          `aws elbv2 describe-target-health --target-group-arn ${TargetGroupArn} > describe-target-health.${name}.json`,
        ),
      };
    },
    "elbv2 DescribeTags": ({ ResourceArns = [] }) => ({
      TagDescriptions: tagged(
        "ResourceArn",
        ResourceArns,
        `aws elbv2 describe-tags --resource-arns ${ResourceArns.join(" ")} > elbv2-describe-tags.json`,
      ),
    }),
  };
  return {
    answerTo: (service: ReadService, operation, input) => {
      const answer = answers[`${service} ${operation}`];
      if (answer === undefined)
        throw new Error(`${service} ${operation} is not answered from files.`);
      return answer(input);
    },
    missing: () => [...commands],
  };
}

const list = (value: unknown): readonly Item[] => (Array.isArray(value) ? (value as Item[]) : []);
const text = (value: unknown): readonly string[] => (typeof value === "string" ? [value] : []);

/** The values of a thing that EC2's filter of that name looks at. */
function valuesOf(item: Item, filter: string): readonly string[] {
  if (filter.startsWith("tag:"))
    return list(item["Tags"])
      .filter(({ Key }) => Key === filter.slice(4))
      .flatMap(({ Value }) => text(Value));
  const attachment = item["Attachment"] as Item | undefined;
  switch (filter) {
    case "group-id":
      return [
        ...text(item["GroupId"]),
        ...list(item["Groups"]).flatMap((one) => text(one["GroupId"])),
      ];
    case "group-name":
      return text(item["GroupName"]);
    case "security-group-rule-id":
      return text(item["SecurityGroupRuleId"]);
    case "network-interface-id":
      return text(item["NetworkInterfaceId"]);
    case "attachment.instance-id":
      return text(attachment?.["InstanceId"]);
    case "addresses.private-ip-address":
      return [
        ...text(item["PrivateIpAddress"]),
        ...list(item["PrivateIpAddresses"]).flatMap((one) => text(one["PrivateIpAddress"])),
      ];
    case "ipv6-addresses.ipv6-address":
      return list(item["Ipv6Addresses"]).flatMap((one) => text(one["Ipv6Address"]));
    case "vpc-id":
      return text(item["VpcId"]);
    case "prefix-list-id":
      return text(item["PrefixListId"]);
    case "resource-type":
      return text(item["ResourceType"]);
    case "resource-id":
      return text(item["ResourceId"]);
    case "key":
      return text(item["Key"]);
    default:
      throw new Error(`The filter ${filter} is not answered from files.`);
  }
}

const matching = (items: readonly Item[], filters: Input["Filters"] = []): readonly Item[] =>
  items.filter((item) =>
    filters.every(({ Name, Values }) => {
      const found = valuesOf(item, Name);
      return Values.includes("*") ? found.length > 0 : found.some((one) => Values.includes(one));
    }),
  );
