import { canonicalRule, type Rule, type Source } from "../values/rule.ts";
import type { Call } from "./call.ts";
import { fieldsOf, isFields, listOf, textOf, type Fields } from "./fields.ts";
import { is, ruleId } from "./identifiers.ts";
import { cidrSource, groupSource, prefixListSource } from "./sources.ts";

/**
 * The inbound rules that AuthorizeSecurityGroupIngress made: as EC2 answered, with ids; else as they were asked for.
 * They tell people who opened what: one that cannot be read is left out, for nothing is decided by it.
 */
export function authorizedRules(call: Call): readonly Rule[] {
  const made = listOf(call.response?.["securityGroupRuleSet"]).filter(isFields).flatMap(answered);
  return made.length > 0 ? made : asked(call);
}

/** The inbound rules that RevokeSecurityGroupIngress took away, where EC2 answered with them. */
export const revokedRules = (call: Call): readonly Rule[] =>
  listOf(call.response?.["revokedSecurityGroupRuleSet"]).filter(isFields).flatMap(answered);

/** The new shapes that ModifySecurityGroupRules gave to rules. The event does not tell inbound from outbound; the ids do. */
export function modifiedRules(request: Fields): readonly Rule[] {
  return listOf(request["SecurityGroupRule"]).flatMap((update) => {
    const { SecurityGroupRuleId: id, SecurityGroupRule: shape } = fieldsOf(update);
    const rule = fieldsOf(shape);
    const source =
      cidrSource(rule["CidrIpv4"]) ??
      cidrSource(rule["CidrIpv6"]) ??
      prefixListSource(rule["PrefixListId"]) ??
      groupSource({ groupId: rule["ReferencedGroupId"] }, undefined);
    return ruleOf({
      protocol: rule["IpProtocol"],
      from: rule["FromPort"],
      to: rule["ToPort"],
      source,
      description: rule["Description"],
      id,
    });
  });
}

function answered(rule: Fields): readonly Rule[] {
  if (rule["isEgress"] === true) return [];
  const source =
    cidrSource(rule["cidrIpv4"]) ??
    cidrSource(rule["cidrIpv6"]) ??
    prefixListSource(rule["prefixListId"]) ??
    groupSource(fieldsOf(rule["referencedGroupInfo"]), undefined) ??
    groupSource({ groupId: rule["referencedGroupId"] }, undefined);
  return ruleOf({
    protocol: rule["ipProtocol"],
    from: rule["fromPort"],
    to: rule["toPort"],
    source,
    description: rule["description"],
    id: rule["securityGroupRuleId"],
  });
}

function asked(call: Call): readonly Rule[] {
  const permissions = listOf(call.request["ipPermissions"]).filter(isFields);
  return (permissions.length > 0 ? permissions : flatForm(call.request)).flatMap((permission) =>
    atoms(permission, call.account),
  );
}

/** The flat form says one range and one source beside the group, and no protocol where it names a source group: EC2 makes that tcp, udp and icmp. */
function flatForm(request: Fields): readonly Fields[] {
  const permission = {
    fromPort: request["fromPort"],
    toPort: request["toPort"],
    ipRanges: [{ cidrIp: request["cidrIp"] }],
    groups: [
      {
        groupName: request["sourceSecurityGroupName"],
        userId: request["sourceSecurityGroupOwnerId"],
      },
    ],
  };
  const protocols =
    request["ipProtocol"] === undefined ? ["tcp", "udp", "icmp"] : [request["ipProtocol"]];
  return protocols.map((ipProtocol) => ({ ...permission, ipProtocol }));
}

/** A permission groups many sources under one protocol and range; a rule has one. */
function atoms(permission: Fields, account: string | undefined): readonly Rule[] {
  const members = (family: string): readonly Fields[] =>
    listOf(permission[family]).filter(isFields);
  const sources: readonly (readonly [Source | undefined, Fields])[] = [
    ...members("ipRanges").map((member) => [cidrSource(member["cidrIp"]), member] as const),
    ...members("ipv6Ranges").map((member) => [cidrSource(member["cidrIpv6"]), member] as const),
    ...members("prefixListIds").map(
      (member) => [prefixListSource(member["prefixListId"]), member] as const,
    ),
    ...members("groups").map((member) => [groupSource(member, account), member] as const),
  ];
  return sources.flatMap(([source, { description }]) =>
    ruleOf({
      protocol: permission["ipProtocol"],
      from: permission["fromPort"],
      to: permission["toPort"],
      source,
      description,
      id: undefined,
    }),
  );
}

interface Loose {
  readonly protocol: unknown;
  readonly from: unknown;
  readonly to: unknown;
  readonly source: Source | undefined;
  readonly description: unknown;
  readonly id: unknown;
}

/** One rule, or none where the parts do not make one. */
function ruleOf({ protocol, from, to, source, description, id }: Loose): readonly Rule[] {
  const name = textOf(protocol);
  if (name === undefined || source === undefined || !isPort(from) || !isPort(to)) return [];
  return [
    canonicalRule({
      protocol: name,
      fromPort: from,
      toPort: to,
      source,
      description: textOf(description),
      id: is(ruleId, id) ? id : undefined,
    }),
  ];
}

const isPort = (value: unknown): value is number | undefined =>
  value === undefined ||
  (typeof value === "number" && Number.isInteger(value) && value >= -1 && value <= 65535);
