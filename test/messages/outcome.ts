import type { Outcome } from "../../lib/values/outcome.ts";
import type { Finding } from "../../lib/values/finding.ts";
import { canonicalRule, type Rule, type Source } from "../../lib/values/rule.ts";
import type { Trigger } from "../../lib/values/trigger.ts";
import type { Cut } from "../../lib/messages/truncate.ts";
import { received } from "../../lib/messages/received.ts";

/** "10.0.0.0/8", "::/0", "sg-...", "pl-...". */
const sourceOf = (text: string): Source => {
  if (text.startsWith("sg-")) return { kind: "group", group: text };
  if (text.startsWith("pl-")) return { kind: "prefixList", id: text };
  return { kind: text.includes(":") ? "ipv6" : "ipv4", cidr: text };
};

/** A rule as "tcp/80 from 0.0.0.0/0", "tcp/20-90 from sg-1", "-1 from 10.0.0.0/8". */
export function rule(
  text: string,
  more: Partial<Pick<Rule, "description" | "tags" | "id">> = {},
): Rule {
  const [, protocol, from, to, source] =
    /^([\w-]+?)(?:\/(\d+)(?:-(\d+))?)? from (\S+)$/.exec(text) ?? [];
  if (protocol === undefined || source === undefined) throw new Error(`No rule: ${text}`);
  const ports = from === undefined ? {} : { fromPort: Number(from), toPort: Number(to ?? from) };
  return canonicalRule({ protocol, ...ports, source: sourceOf(source), ...more });
}

/** A rule of ours. */
export const admission = (text: string, loadBalancer = "MyLoadBalancer"): Rule =>
  rule(text, {
    description: `elb-only: admits ${loadBalancer.split("/").at(-2) ?? loadBalancer} on ${text.split(" ")[0]} from ${text.split(" ")[2]}`,
    tags: { "elb-only:load-balancer": loadBalancer },
  });

export const trigger = (more: Partial<Trigger> = {}): Trigger => ({
  event: "AuthorizeSecurityGroupIngress",
  eventId: "11111111-2222-3333-4444-555555555555",
  at: "2026-11-22T10:00:00Z",
  actor: { principal: "arn:aws:iam::123456789012:user/alice" },
  touched: [],
  rules: [],
  ...more,
});

export const sweep: Trigger = {
  event: "Sweep",
  eventId: "99999999-0000-0000-0000-000000000000",
  actor: { principal: "elb-only" },
  touched: [],
  rules: [],
};

export const finding = (more: Partial<Finding> = {}): Finding => ({
  code: "rule-quota",
  severity: "high",
  group: "sg-9cd8a3f4",
  text: "The group has no room for tcp/20-79 from 0.0.0.0/0.",
  next: "Remove rules that are not needed.",
  ...more,
});

/** Nothing to do in a group named web, which MyLoadBalancer serves on tcp/80. */
export const outcome = (more: Partial<Outcome> = {}): Outcome => ({
  version: 1,
  account: "123456789012",
  region: "us-east-1",
  partition: "aws",
  group: "sg-9cd8a3f4",
  name: "web",
  vpc: "vpc-1a2b3c4d",
  result: "unchanged",
  mode: "enforce",
  reach: "govern",
  triggers: [],
  before: [],
  after: [],
  added: [],
  removed: [],
  remaining: { add: [], remove: [] },
  governed: [{ protocol: "tcp", from: 80, to: 80 }],
  proof: [],
  findings: [],
  loadBalancers: ["MyLoadBalancer"],
  interfaces: [],
  at: "2026-11-22T10:00:41Z",
  looks: 1,
  writes: 0,
  ...more,
});

/** Reads an outcome as the notify function does. */
export const receivedOutcome = (body: string): Outcome & Cut => received(body) as Outcome & Cut;
