import { allowedSource, sourceProblem } from "./allowedSource.ts";
import { defaultPolicy, type Admit, type Close, type Mode, type Policy } from "./policy.ts";
import { portProblem, portText, protectedPort } from "./protectedPort.ts";
import { booleans, itemsOf, type Setting } from "./setting.ts";

const modes = ["audit", "enforce", "ignore"] as const satisfies readonly Mode[];
const closes = ["everyone", "addresses", "public"] as const satisfies readonly Close[];
const admits = ["exclusive", "any"] as const satisfies readonly Admit[];
const readBy = ["enforce", "verify"] as const;

/** How a policy is written where only texts can be given. */
export const policySettings = {
  defaultMode: {
    about: "For security groups that carry no elb-only tag.",
    default: defaultPolicy.defaultMode,
    allowed: modes,
    variable: "ELB_ONLY_DEFAULT_MODE",
    readBy,
  },
  close: {
    about:
      "Whose rules are excess on served ports: everyone's, those for addresses (CIDRs and prefix lists), or those that hold a public address.",
    default: defaultPolicy.close,
    allowed: closes,
    variable: "ELB_ONLY_CLOSE",
    readBy,
  },
  admit: {
    about:
      "From which of its security groups a load balancer may be admitted: only from one that nothing else is attached to (exclusive), or from any.",
    default: defaultPolicy.admit,
    allowed: admits,
    variable: "ELB_ONLY_ADMIT",
    readBy,
  },
  protectedPorts: {
    about: 'Never closed and never opened: people\'s own way in. A list, or "none".',
    default: defaultPolicy.protectedPorts.map(portText).join(","),
    allowed: {
      pattern:
        /^(none|(tcp|udp)\/[0-9]{1,5}(-[0-9]{1,5})?( *, *(tcp|udp)\/[0-9]{1,5}(-[0-9]{1,5})?)*)$/,
      text: 'ports as in tcp/22,udp/53,tcp/8000-8100, or "none"',
      // An empty list must be spelled out: one emptied by accident would close people's own way in.
      list: { problem: portProblem, empty: "none" },
    },
    variable: "ELB_ONLY_PROTECTED_PORTS",
    readBy,
  },
  allowedSources: {
    about: "May stay on served ports: a list of CIDRs, security group ids and prefix list ids.",
    default: defaultPolicy.allowedSources.join(","),
    allowed: {
      pattern: /^$|^[0-9a-zA-Z:./-]+( *, *[0-9a-zA-Z:./-]+)*$/,
      text: "CIDRs as in 10.0.0.0/8, sg-... and pl-..., separated by commas",
      list: { problem: sourceProblem, empty: "" },
    },
    variable: "ELB_ONLY_ALLOWED_SOURCES",
    readBy,
  },
  keepSelf: {
    about: "Is a security group's reference to itself left alone?",
    default: defaultPolicy.keepSelf ? "true" : "false",
    allowed: booleans,
    variable: "ELB_ONLY_KEEP_SELF",
    readBy,
  },
  maxKeepDays: {
    about: "An exemption that lasts more days than this, or has no end, is told.",
    default: String(defaultPolicy.maxKeepDays),
    allowed: { pattern: /^[1-9][0-9]{0,3}$/, text: "days from 1 to 9999" },
    variable: "ELB_ONLY_MAX_KEEP_DAYS",
    readBy,
  },
  rulesPerGroup: {
    about:
      "The account's quota of inbound rules per security group. Nothing is begun for which it leaves no room; set it where AWS has raised the quota.",
    default: String(defaultPolicy.rulesPerGroup),
    allowed: { pattern: /^([1-9][0-9]{0,2}|1000)$/, text: "rules from 1 to 1000" },
    variable: "ELB_ONLY_RULES_PER_GROUP",
    readBy,
  },
  spareRules: {
    about: "So many of those rules closing leaves free in a group, for people.",
    default: String(defaultPolicy.spareRules),
    allowed: { pattern: /^[0-9]{1,2}$/, text: "rules from 0 to 99" },
    variable: "ELB_ONLY_SPARE_RULES",
    readBy,
  },
} as const satisfies Readonly<Record<keyof Policy, Setting>>;

/** The policy that these texts say; each must have no problem. */
export const policyOf = (values: {
  readonly defaultMode: Mode;
  readonly close: Close;
  readonly admit: Admit;
  readonly protectedPorts: string;
  readonly allowedSources: string;
  readonly keepSelf: "true" | "false";
  readonly maxKeepDays: string;
  readonly rulesPerGroup: string;
  readonly spareRules: string;
}): Policy => ({
  defaultMode: values.defaultMode,
  close: values.close,
  admit: values.admit,
  protectedPorts: itemsOf(policySettings.protectedPorts, values.protectedPorts).map(protectedPort),
  allowedSources: itemsOf(policySettings.allowedSources, values.allowedSources).map(allowedSource),
  keepSelf: values.keepSelf === "true",
  maxKeepDays: Number(values.maxKeepDays),
  rulesPerGroup: Number(values.rulesPerGroup),
  spareRules: Number(values.spareRules),
});
