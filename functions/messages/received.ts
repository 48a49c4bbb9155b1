import * as v from "valibot";
import type { FindingCode } from "../core/finding.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Touched } from "../core/trigger.ts";
import type { Cut } from "./fit.ts";

const text = v.string();
const number = v.number();
const optionalText = v.exactOptional(text);

const source = v.variant("kind", [
  v.object({ kind: v.literal("ipv4"), cidr: text }),
  v.object({ kind: v.literal("ipv6"), cidr: text }),
  v.object({ kind: v.literal("prefixList"), id: text }),
  v.object({ kind: v.literal("group"), group: text, owner: optionalText }),
  v.object({ kind: v.literal("groupName"), owner: text, name: text }),
]);

const rules = v.array(
  v.object({
    protocol: text,
    fromPort: number,
    toPort: number,
    source,
    description: optionalText,
    tags: v.record(text, text),
    id: optionalText,
  }),
);

const trigger = v.object({
  event: text,
  eventId: text,
  at: optionalText,
  actor: v.object({ principal: text, session: optionalText, sourceAddress: optionalText, userAgent: optionalText, invokedBy: optionalText }),
  touched: v.array(v.custom<Touched>((thing) => typeof thing === "object" && thing !== null && "kind" in thing)),
  rules,
});

const finding = v.object({
  // Any code: while a new version is rolled out, it may have one that this one does not know.
  code: v.custom<FindingCode>((code) => typeof code === "string"),
  severity: v.picklist(["info", "low", "medium", "high"]),
  group: text,
  text,
  next: text,
  rule: v.exactOptional(v.object(rules.item.entries)),
});

const outcome = v.object({
  version: v.literal(1),
  account: text,
  group: text,
  name: text,
  vpc: optionalText,
  result: v.picklist(["unchanged", "changed", "drift", "left", "failed", "gone"]),
  mode: v.picklist(["enforce", "audit", "ignore"]),
  reach: v.picklist(["govern", "admitOnly", "handsOff"]),
  triggers: v.array(trigger),
  before: rules,
  after: rules,
  added: rules,
  removed: rules,
  healthyBefore: v.exactOptional(v.array(text)),
  would: v.object({ add: rules, remove: rules }),
  governed: v.array(v.object({ protocol: v.picklist(["tcp", "udp"]), from: number, to: number })),
  proof: v.array(v.object({ who: text, ports: text, before: v.boolean(), after: v.boolean(), holds: v.boolean() })),
  findings: v.array(finding),
  loadBalancers: v.array(text),
  wearers: v.array(v.object({ interface: text, what: text, served: v.boolean() })),
  at: optionalText,
  exposedSeconds: v.exactOptional(number),
  looks: number,
  writes: number,
  cut: v.exactOptional(v.array(text)),
});

/** Reads an outcome from a message's body; throws what is wrong with it. */
export function receivedOutcome(body: string): Outcome & Cut {
  const result = v.safeParse(outcome, parsed(body));
  if (result.success) return result.output;
  const problems = result.issues.map((issue) => `${v.getDotPath(issue) ?? "the body"}: ${issue.message}`);
  throw new Error(`No outcome: ${problems.slice(0, 5).join("; ")}`);
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new Error("No outcome: the body is not JSON", { cause: error });
  }
}
