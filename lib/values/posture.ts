import * as v from "valibot";
import type { FindingCode } from "./finding.ts";
import type { Reach } from "./groupPlan.ts";
import type { OpenPort, StaysBecause } from "./openPort.ts";
import type { Outcome } from "./outcome.ts";
import type { Mode } from "./policy.ts";
import { rangeText } from "./portRange.ts";
import { type RuleId, ruleKey, ruleText } from "./rule.ts";
import { endOfDay, millis } from "./time.ts";

/** How strictly a group was kept when it was last looked at, and whom it let in all the same. */
export interface Posture {
  readonly mode: Mode;
  readonly reach: Reach;
  /** The findings that say why not further. */
  readonly obstacles: readonly string[];
  readonly exempt: readonly ExemptWay[];
  /** Admissions of ours that no load balancer uses, by id, and since when that has been seen: ISO 8601, UTC. */
  readonly unused: Readonly<Record<RuleId, string>>;
}

/** A way in to a served port that stays since it is exempt, or left for another reason of its own. */
export interface ExemptWay {
  readonly key: string;
  /** "tcp/80 by tcp/80 from 203.0.113.7/32" */
  readonly way: string;
  readonly because: StaysBecause["kind"];
  readonly isPublic: boolean;
  readonly until?: string;
  /** When it was first seen, or the call was made that opened it: ISO 8601, UTC. Missing: before anybody remembered. */
  readonly since?: string;
  /** Who made that call, as its event says. */
  readonly by?: string;
}

const postureSchema = v.object({
  mode: v.picklist(["enforce", "audit", "ignore"]),
  reach: v.picklist(["govern", "admitOnly", "handsOff"]),
  obstacles: v.array(v.string()),
  exempt: v.array(
    v.object({
      key: v.string(),
      way: v.string(),
      because: v.pipe(
        v.string(),
        v.transform((kind) => kind as StaysBecause["kind"]),
      ),
      isPublic: v.boolean(),
      until: v.exactOptional(v.string()),
      since: v.exactOptional(v.string()),
      by: v.exactOptional(v.string()),
    }),
  ),
  unused: v.record(v.string(), v.string()),
});

/** A posture as it comes out of the state table, where whoever may write to it may have put it; undefined: it is none. */
export function postureIn(value: unknown): Posture | undefined {
  const read = v.safeParse(postureSchema, value);
  return read.success ? read.output : undefined;
}

const obstacles: readonly FindingCode[] = [
  "managed-group",
  "foreign-group",
  "cluster-group",
  "shared-with-load-balancer",
  "not-a-back-end",
  "unserved-interface",
  "foreign-interface",
];

/** Undefined: nobody could see all of it. */
export function postureOf({
  group,
  result,
  mode,
  reach,
  open,
  findings,
  at,
}: Outcome): Posture | undefined {
  const codes = findings.map(({ code }) => code);
  if (
    open === undefined ||
    at === undefined ||
    result === "gone" ||
    codes.includes("incomplete-picture")
  )
    return undefined;
  const ways = open.filter((one) => one.group === group).flatMap(exemptWay);
  return {
    mode,
    reach,
    obstacles: [...new Set(codes.filter((code) => obstacles.includes(code)))].sort(),
    exempt: [...new Map(ways.map((one) => [one.key, one])).values()].sort((a, b) =>
      a.key < b.key ? -1 : 1,
    ),
    unused: Object.fromEntries(
      findings.flatMap(({ code, rule }) =>
        code === "unused-admission" && rule?.id !== undefined ? [[rule.id, at]] : [],
      ),
    ),
  };
}

/** What is remembered of a way in; undefined: it is not exempt, or new. */
export const rememberedWay = (posture: Posture, open: OpenPort): ExemptWay | undefined => {
  const [way] = exemptWay(open);
  return posture.exempt.find(({ key }) => key === way?.key);
};

function exemptWay({ ports, rule, isPublic, because }: OpenPort): readonly ExemptWay[] {
  const port = `${ports.protocol}/${rangeText(ports)}`;
  const way = {
    key: `${because.kind} ${port} ${ruleKey(rule)}`,
    way: `${port} by ${ruleText(rule)}`,
    because: because.kind,
    isPublic,
  };
  switch (because.kind) {
    case "kept":
      return [{ ...way, ...(because.until === undefined ? {} : { until: because.until }) }];
    case "allowed":
    case "self":
    case "unresolvable":
    case "notToClose":
    case "allProtocols":
    case "notGoverned":
      return [way];
    // These are so by the group's mode and reach, or are going to be closed.
    case "foreignGroup":
    case "managedGroup":
    case "ignored":
    case "unread":
    case "admitOnly":
    case "audit":
    case "toClose":
      return [];
  }
}

/** Since when a way in has been exempt, and by whom, as far as that is remembered. */
export function exemptSince(open: OpenPort, { exempt }: Posture): Pick<OpenPort, "since" | "by"> {
  const [way] = exemptWay(open);
  const known = exempt.find(({ key }) => key === way?.key);
  return {
    ...(known?.since === undefined ? {} : { since: known.since }),
    ...(known?.by === undefined ? {} : { by: known.by }),
  };
}

/** What became looser from one look to the next, a sentence each. */
export const loosenedBetween = (before: Posture, now: Posture): readonly string[] => [
  ...loosenedMode(before, now),
  ...loosenedReach(before, now),
  ...now.exempt.flatMap((way) =>
    loosenedWay(
      before.exempt.find(({ key }) => key === way.key),
      way,
    ),
  ),
];

const strictness = {
  enforce: 2,
  audit: 1,
  ignore: 0,
  govern: 2,
  admitOnly: 1,
  handsOff: 0,
} as const;
const modeText = { enforce: "enforced", audit: "only audited", ignore: "ignored" } as const;

const loosenedMode = ({ mode: before }: Posture, { mode: now }: Posture): readonly string[] =>
  strictness[now] < strictness[before]
    ? [`it was ${modeText[before]} and is ${modeText[now]}`]
    : [];

const reachText = {
  govern: "excess in it was closed",
  admitOnly: "load balancers were let in to it",
} as const;

/** A mode that is ignored has no reach to speak of. */
function loosenedReach(before: Posture, now: Posture): readonly string[] {
  if (now.mode === "ignore" || before.reach === "handsOff") return [];
  if (strictness[now.reach] >= strictness[before.reach]) return [];
  const news = now.obstacles.filter((code) => !before.obstacles.includes(code));
  const why = news.length === 0 ? "" : ` (${news.join(", ")})`;
  return [
    now.reach === "handsOff"
      ? `${reachText[before.reach]}, and nothing is written to it any more${why}`
      : `${reachText[before.reach]}, and load balancers are only let in now${why}`,
  ];
}

const becauseText: Partial<Readonly<Record<StaysBecause["kind"], string>>> = {
  kept: "is kept by its tag",
  allowed: "is allowed",
  self: "is the group's own",
  unresolvable: "is of another account, or cannot be resolved",
  notToClose: "is of a kind that is not closed",
  allProtocols: "is for all protocols, and left whole",
  notGoverned: "is on a port that is not governed",
};

function loosenedWay(before: ExemptWay | undefined, now: ExemptWay): readonly string[] {
  const until = now.until === undefined ? "" : `, until ${now.until}`;
  const whom = now.isPublic ? ", from the internet" : "";
  if (before === undefined)
    return [`${now.way}${whom} stays open: it ${becauseText[now.because] ?? now.because}${until}`];
  if (now.isPublic && !before.isPublic) return [`${now.way} lets the internet in now`];
  return lastsLonger(before.until, now.until)
    ? [`${now.way}${whom} stays open longer: until ${now.until ?? "for ever"}, not ${before.until}`]
    : [];
}

const lastsLonger = (before: string | undefined, now: string | undefined): boolean =>
  before !== undefined &&
  (now === undefined || (endOfDay(now) ?? 0) > (endOfDay(before) ?? Infinity));

/** What is remembered of a look, with what was known before of ways in that are exempt still; the new ones since then, and by them. */
export const remembered = (
  before: Posture | undefined,
  now: Posture,
  since: string | undefined,
  by: string | undefined,
): Posture => ({
  ...now,
  exempt: now.exempt.map((way) => {
    const known = before?.exempt.find(({ key }) => key === way.key);
    const opened = known ?? (before === undefined ? {} : { since, by });
    return {
      ...way,
      ...(opened.since === undefined ? {} : { since: opened.since }),
      ...(opened.by === undefined ? {} : { by: opened.by }),
    };
  }),
  unused: Object.fromEntries(
    Object.entries(now.unused).map(([id, at]) => [id, before?.unused[id] ?? at]),
  ),
});

/** Admissions that nobody has used for longer than `grace` milliseconds before a time. */
export const unusedFor = ({ unused }: Posture, grace: number, at: string): readonly RuleId[] =>
  Object.entries(unused)
    .filter(([, since]) => millis(since) + grace <= millis(at))
    .map(([id]) => id);
