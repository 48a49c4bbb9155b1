import { type GroupId, portsText, type Rule } from "./rule.ts";

/** A rule from a group as other tools write it, to be pasted there. */
type AsCode = (group: GroupId, rule: Rule) => string;

const sourceOf = ({ source }: Rule): string => (source.kind === "group" ? source.group : "");

/** One name for each group, port and source: code for many rules may go into one file. */
const nameOf = (group: GroupId, rule: Rule): string =>
  [group, portsText(rule), sourceOf(rule)].join("_").replaceAll(/\W+/g, "_");

/** With the id by which Terraform takes the rule over that stands, where it has one. */
export const asTerraform: AsCode = (group, rule) => {
  const name = `elb_only_${nameOf(group, rule)}`;
  const { description = "", id } = rule;
  return [
    `resource "aws_vpc_security_group_ingress_rule" "${name}" {`,
    `  security_group_id            = "${group}"`,
    `  referenced_security_group_id = "${sourceOf(rule)}"`,
    `  ip_protocol                  = "${rule.protocol}"`,
    `  from_port                    = ${rule.fromPort}`,
    `  to_port                      = ${rule.toPort}`,
    `  description                  = "${description}"`,
    "}",
    ...(id === undefined
      ? []
      : [`terraform import aws_vpc_security_group_ingress_rule.${name} ${id}`]),
  ].join("\n");
};

/** With the id by which CloudFormation imports the rule that stands, where it has one. */
export const asCloudFormation: AsCode = (group, rule) =>
  [
    `ElbOnly${nameOf(group, rule).replaceAll("_", "")}:`,
    "  Type: AWS::EC2::SecurityGroupIngress",
    "  DeletionPolicy: Retain",
    "  Properties:",
    `    GroupId: ${group}`,
    `    SourceSecurityGroupId: ${sourceOf(rule)}`,
    `    IpProtocol: ${rule.protocol}`,
    `    FromPort: ${rule.fromPort}`,
    `    ToPort: ${rule.toPort}`,
    `    Description: "${rule.description ?? ""}"`,
    ...(rule.id === undefined ? [] : [`# to import: {"Id": "${rule.id}"}`]),
  ].join("\n");
