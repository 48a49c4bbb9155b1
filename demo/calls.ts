import { canonicalRule, ruleText, type Source } from "../lib/values/rule.ts";
import type { CallRecord } from "../sandbox/perform.ts";
import { structures, text, texts, type Params } from "../sandbox/wire/params.ts";

/** Whoever is none of the functions is a person. */
export const isByFunction = ({ caller }: Pick<CallRecord, "caller">): boolean =>
  caller.startsWith("elb-only-");

const isRead = ({ action }: Pick<CallRecord, "action">): boolean =>
  /^(Describe|Get|List)/.test(action);

/** Messages, and what the functions remember from one run to the next. */
const isAmongOurs = ({ service }: Pick<CallRecord, "service">): boolean =>
  ["sqs", "sns", "events", "dynamodb"].includes(service);

/** Does a call change the cloud's resources? */
export const isChange = (call: Pick<CallRecord, "action" | "service">): boolean =>
  !isRead(call) && !isAmongOurs(call);

/** "ok", "stale" (the rule is not as it was read: look again), or AWS's error code. */
export const answerOf = ({ ok, error = "failed" }: Pick<CallRecord, "ok" | "error">): string =>
  ok
    ? "ok"
    : /^InvalidPermission\.|^InvalidSecurityGroupRuleId\.NotFound$/.test(error)
      ? "stale"
      : error;

/** What a call is about, in few words: "tcp/80 from ::/0", "MyLoadBalancer: i-f5ab7988, i-fbab7986". */
export function about({ params }: Pick<CallRecord, "params">): string {
  const rules = [...structures(params, "IpPermissions").flatMap(rulesOf), ...rulesOf(params)];
  if (rules.length > 0) return rules.join("; ");
  const place =
    text(params, "LoadBalancerName") ??
    last(text(params, "LoadBalancerArn") ?? text(params, "TargetGroupArn"), -2) ??
    last(text(params, "QueueUrl") ?? text(params, "TopicArn"), -1);
  const things = [
    ...structures(params, "Instances").map((one) => text(one, "InstanceId")),
    ...structures(params, "Targets").map((one) =>
      [text(one, "Id"), text(one, "Port")].filter(Boolean).join(":"),
    ),
    ...[text(params, "Port")].flatMap((port) => (port === undefined ? [] : [`port ${port}`])),
    ...structures(params, "Entries").map(
      (one) => text(one, "DetailType") ?? kindOf(text(one, "MessageBody") ?? ""),
    ),
    ...texts(params, "SecurityGroupRuleId"),
    ...structures(params, "Filter").flatMap((one) => texts(one, "Value")),
  ].filter(Boolean);
  return [place, things.join(", ")].filter(Boolean).join(": ");
}

/** A message's "detail-type", as events have it. */
const kindOf = (body: string): string | undefined => /"detail-type":"([^"]*)"/.exec(body)?.[1];

/** The last, or last but one, part of an ARN or a URL. */
const last = (name: string | undefined, place: -1 | -2): string | undefined =>
  name?.split(/[/:]/).at(place);

/** A permission's rules, and a request's own in its flat form. */
function rulesOf(permission: Params): readonly string[] {
  const protocol = text(permission, "IpProtocol");
  if (protocol === undefined) return [];
  const each = (list: string, field: string, source: (value: string) => Source): Source[] =>
    structures(permission, list).flatMap((one) =>
      text(one, field) === undefined ? [] : [source(text(one, field) ?? "")],
    );
  const ipv4 = (cidr: string): Source => ({ kind: "ipv4", cidr });
  const sources: readonly Source[] = [
    ...each("IpRanges", "CidrIp", ipv4),
    ...each("Ipv6Ranges", "CidrIpv6", (cidr) => ({ kind: "ipv6", cidr })),
    ...each("Groups", "GroupId", (group) => ({ kind: "group", group })),
    ...each("PrefixListIds", "PrefixListId", (id) => ({ kind: "prefixList", id })),
    ...[text(permission, "CidrIp")].flatMap((cidr) => (cidr === undefined ? [] : [ipv4(cidr)])),
  ];
  const port = (name: string): number | undefined =>
    text(permission, name) === undefined ? undefined : Number(text(permission, name));
  return sources.map((source) =>
    ruleText(
      canonicalRule({ protocol, fromPort: port("FromPort"), toPort: port("ToPort"), source }),
    ),
  );
}

/** A line of what a function did. */
export interface Deed {
  readonly what: string;
  readonly about: string;
  readonly answer: string;
}

/** A function's calls in their order, the readings between two other calls drawn together as one look. */
export function deeds(calls: readonly CallRecord[]): readonly Deed[] {
  const found: Deed[] = [];
  let readings: CallRecord[] = [];
  const look = (): void => {
    const answers = [...new Set(readings.map(answerOf))].filter((one) => one !== "ok");
    if (readings.length > 0)
      found.push({ what: "look", about: inShort(readings), answer: answers.join(", ") || "ok" });
    readings = [];
  };
  for (const call of calls) {
    if (isRead(call)) readings.push(call);
    else {
      look();
      found.push({
        what: `${call.service} ${call.action}`,
        about: about(call),
        answer: answerOf(call),
      });
    }
  }
  look();
  return found;
}

function inShort(readings: readonly CallRecord[]): string {
  const asksHealth = readings.some(
    ({ action }) => action === "DescribeInstanceHealth" || action === "DescribeTargetHealth",
  );
  const count = readings.length === 1 ? "1 reading call" : `${readings.length} reading calls`;
  return asksHealth ? `${count}, targets' health among them` : count;
}
