import { createHash } from "node:crypto";
import type { Severity } from "../../lib/values/finding.ts";
import { portsText, type Rule, ruleKey, sourceKey } from "../../lib/values/rule.ts";
import type { Problem } from "../problems.ts";
import type { Verdict } from "../verdict.ts";
import { arnOf, partitionOf } from "./arn.ts";

const labels: Readonly<Record<Severity, string>> = {
  high: "HIGH",
  medium: "MEDIUM",
  low: "LOW",
  info: "INFORMATIONAL",
};

const cut = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 3)}...` : text;

/** The verdict in the AWS Security Finding Format: a list for Security Hub's BatchImportFindings, which takes 100 at a time. */
export const asffText = ({ problems, at }: Verdict): string =>
  `${JSON.stringify(
    problems.map((one) => findingOf(one, at.toISOString())),
    undefined,
    2,
  )}\n`;

function findingOf(problem: Problem, at: string) {
  const { code, severity, account, region, group, name, vpc, text, next, rule } = problem;
  const arn = arnOf(problem);
  return {
    SchemaVersion: "2018-10-08",
    // The same problem has the same id each time: Security Hub updates it.
    Id: `${arn}/elb-only/${code}/${fingerprint(rule)}`,
    ProductArn: `arn:${partitionOf(region)}:securityhub:${region}:${account}:product/${account}/default`,
    ProductName: "elb-only",
    GeneratorId: `elb-only/${code}`,
    AwsAccountId: account,
    Region: region,
    Types: ["Software and Configuration Checks/AWS Security Best Practices/Network Reachability"],
    CreatedAt: at,
    UpdatedAt: at,
    Severity: { Label: labels[severity], Original: severity },
    Title: cut(`${group}: ${code}`, 256),
    Description: cut(text, 1024),
    Remediation: { Recommendation: { Text: cut(next, 512) } },
    Resources: [
      {
        Type: "AwsEc2SecurityGroup",
        Id: arn,
        Partition: partitionOf(region),
        Region: region,
        Details: {
          AwsEc2SecurityGroup: {
            GroupId: group,
            GroupName: name,
            OwnerId: account,
            ...(vpc === undefined ? {} : { VpcId: vpc }),
          },
          ...(rule === undefined ? {} : { Other: ruleDetails(rule) }),
        },
      },
    ],
    RecordState: "ACTIVE",
    Workflow: { Status: "NEW" },
  };
}

const fingerprint = (rule: Rule | undefined): string =>
  rule === undefined
    ? "group"
    : createHash("sha256").update(ruleKey(rule)).digest("hex").slice(0, 16);

const ruleDetails = (rule: Rule): Readonly<Record<string, string>> => ({
  Ports: portsText(rule),
  Source: sourceKey(rule.source),
  ...(rule.id === undefined ? {} : { SecurityGroupRuleId: rule.id }),
});
