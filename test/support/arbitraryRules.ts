import fc from "fast-check";
import type { Admit, Close, Mode, Policy } from "../../lib/values/policy.ts";
import { canonicalRule, type Rule, ruleKey, type Tags } from "../../lib/values/rule.ts";
import { rule } from "./builders.ts";

/** Small pools, so that rules, ports and people meet often. */
export const backGroups = ["sg-a", "sg-b", "sg-c", "sg-default"] as const;
export const frontGroups = ["sg-lb1", "sg-lb2"] as const;

const ports = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom("tcp 80", "tcp 20-90", "tcp 80-81", "tcp 0-65535", "-1"),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      "tcp 443",
      "tcp 81",
      "tcp 79-80",
      "tcp 22",
      "tcp 22-80",
      "tcp 81-443",
      "udp 53",
      "udp 0-65535",
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "tcp 0",
      "tcp 65535",
      "tcp 3389",
      "tcp 32768-65535",
      "tcp 40000",
      "tcp 80-40000",
      "udp 80",
      "icmp",
      "icmp 8",
      "icmp 3/4",
      "icmpv6",
      "50",
    ),
  },
);

const sources = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("0.0.0.0/0", "::/0", "10.0.0.0/8", "203.0.113.0/24") },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      "10.0.0.0/16",
      "0.0.0.0/1",
      "128.0.0.0/1",
      "10.0.9.1/32",
      "10.0.9.2/32",
      "2001:db8::/32",
      "2600:1f00:1::/56",
      "2600:1f00:2::/56",
      "11.2.0.0/16",
      "fd00::/8",
      "192.0.2.7/32",
    ),
  },
  { weight: 4, arbitrary: fc.constantFrom("sg-lb1", "sg-lb2", "sg-lb1") },
  {
    weight: 3,
    arbitrary: fc.constantFrom("sg-a", "sg-b", "sg-c", "sg-x", "sg-far@222222222222", "sg-lost@?"),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "pl-office",
      "pl-mixed",
      "pl-inside",
      "pl-empty",
      "pl-hidden",
      "pl-lattice",
      "amazon-elb/amazon-elb-sg",
    ),
  },
);

const ruleTags: fc.Arbitrary<Tags> = fc.oneof(
  { weight: 12, arbitrary: fc.constant({}) },
  {
    weight: 4,
    arbitrary: fc.constantFrom<Tags>(
      { "elb-only:keep": "monitoring" },
      { "elb-only:keep": "tcp/80 10.0.0.0/8 monitoring" },
      { "elb-only:keep": "all 0.0.0.0/0 monitoring", "elb-only:keep-until": "2026-11-22" },
      { "elb-only:keep": "all 0.0.0.0/0 monitoring", "elb-only:keep-until": "2026-11-21" },
      { "elb-only:keep": "tcp/20-90 0.0.0.0/0", "elb-only:keep-until": "soon" },
      { "elb-only:keep": "tcp/20-90 0.0.0.0/0", "elb-only:keep-until": "2026-02-30" },
      { "elb-only:keep": "tcp/0-65535 sg-b pl-mixed ::/0" },
      { "elb-only:keep-until": "2026-12-24" },
      { team: "web" },
      { team: "web", "aws:cloudformation:stack-name": "site" },
    ),
  },
);

/** Rules that are ours, or were, or pretend to be. */
const anyAdmission: fc.Arbitrary<Rule> = fc
  .record({
    of: fc.constantFrom("old-alb", "lb-0", "lb-1"),
    from: fc.constantFrom("sg-lb1", "sg-lb2", "sg-b", "sg-x"),
    ports: fc.constantFrom("tcp/80", "tcp/443", "tcp/81", "udp/53", "tcp/22"),
    isEdited: fc.integer({ min: 0, max: 3 }).map((luck) => luck === 0),
  })
  .map(({ of, from, ports, isEdited }) =>
    canonicalRule({
      ...rule(`${(isEdited ? "tcp/443" : ports).replace("/", " ")} ${from}`),
      description: `elb-only: admits ${of} on ${ports} from ${from}`,
      tags: { "elb-only:load-balancer": of },
    }),
  );

const anyOther: fc.Arbitrary<Rule> = fc
  .record({
    text: fc.tuple(ports, sources).map(([port, source]) => `${port} ${source}`),
    tags: ruleTags,
    description: fc.constantFrom(undefined, undefined, "web", "from (everybody), for now"),
  })
  .map(({ text, tags, description }) => canonicalRule({ ...rule(text), tags, description }));

export const anyRule: fc.Arbitrary<Rule> = fc.oneof(
  { weight: 9, arbitrary: anyOther },
  { weight: 1, arbitrary: anyAdmission },
);

/** The rules of one group: no two the same to EC2. */
export const anyRules: fc.Arbitrary<readonly Rule[]> = fc.uniqueArray(anyRule, {
  selector: ruleKey,
  maxLength: 5,
});

export const anyPolicy: fc.Arbitrary<Policy> = fc.record({
  defaultMode: fc.constantFrom<Mode>("enforce", "enforce", "enforce", "audit", "ignore"),
  close: fc.constantFrom<Close>("everyone", "everyone", "everyone", "addresses", "public"),
  protectedPorts: fc.oneof(
    {
      weight: 4,
      arbitrary: fc.constant([
        { protocol: "tcp", from: 22, to: 22 },
        { protocol: "tcp", from: 3389, to: 3389 },
      ] as const),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom<Policy["protectedPorts"]>(
        [],
        [{ protocol: "tcp", from: 80, to: 80 }],
        [{ protocol: "tcp", from: 40000, to: 50000 }],
      ),
    },
  ),
  allowedSources: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    {
      weight: 2,
      arbitrary: fc.subarray(
        [
          "10.0.0.0/8",
          "10.0.0.0/16",
          "203.0.113.0/24",
          "198.51.100.0/25",
          "2001:db8::/32",
          "0.0.0.0/1",
          "sg-x",
          "sg-b",
          "pl-office",
        ],
        {
          maxLength: 3,
        },
      ),
    },
  ),
  keepSelf: fc.boolean(),
  admit: fc.constantFrom<Admit>("exclusive", "exclusive", "exclusive", "any"),
  maxKeepDays: fc.constant(90),
  rulesPerGroup: fc.constant(60),
  spareRules: fc.constantFrom(0, 2),
});
