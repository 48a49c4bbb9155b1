import { headline, policyText, stillOpenText } from "../../lib/survey/headline.ts";
import { isToChange } from "../../lib/survey/groupReport.ts";
import type { GivenPolicy } from "../shell/policy.ts";
import type { Paper } from "../shell/surroundings.ts";
import { type Survey, totalsOf } from "../../lib/survey/survey.ts";
import { counted, plain, timeText } from "../../lib/survey/words.ts";
import { fold } from "./columns.ts";
import { limitsLines } from "../../lib/survey/evidenceText.ts";
import { briefLine, groupLines } from "./groupText.ts";

const givenText = ({ policy, file }: GivenPolicy): string =>
  [policyText(policy), ...(file === undefined ? [] : [`from ${file}`])].join("; ");

/** What comes first: where, by which policy, and how much there is to do. */
export function headLines(
  surveys: readonly Survey[],
  given: GivenPolicy,
  { colour, width }: Paper,
): readonly string[] {
  const totals = totalsOf(surveys);
  const places = surveys.map(
    ({ before, region, reports }) =>
      `${before.account} ${region}, read ${timeText(before.at)}: ${counted(reports.length, "security group")} behind load balancers`,
  );
  const verdict = colour.bold(headline(totals));
  const open = stillOpenText(totals);
  const gaps = surveys.flatMap(({ before }) => before.gaps);
  return [
    ...places.map((one) => colour.bold(one)),
    ...fold(`Policy: ${givenText(given)}`, width).map((one) => colour.dim(one)),
    "",
    totals.toChange === 0 ? colour.green(verdict) : verdict,
    ...(open === "" ? [] : [colour.red(open)]),
    ...(gaps.length === 0
      ? []
      : [
          colour.yellow(
            "Not everything could be read, so nothing would be removed where it matters:",
          ),
          ...gaps.map((gap) => colour.yellow(`  ${plain(gap)}`)),
        ]),
  ];
}

/** Every group that there is something to say of, then in a line each those that are as they should be. */
export function bodyLines(survey: Survey, paper: Paper): readonly string[] {
  const { reports } = survey;
  const noteworthy = reports.filter(
    (one) => isToChange(one) || one.findings.length > 0 || one.staysOpen.length > 0,
  );
  const others = reports.filter((one) => !noteworthy.includes(one));
  const rank = (one: (typeof reports)[number]): number =>
    isToChange(one) ? 0 : one.staysOpen.length > 0 ? 1 : 2;
  return [
    ...[...noteworthy]
      .sort((a, b) => rank(a) - rank(b))
      .flatMap((one) => ["", ...groupLines(one, survey, paper)]),
    ...(others.length === 0
      ? []
      : [
          "",
          paper.colour.bold("As they should be"),
          ...others.map((one) => `  ${briefLine(one)}`),
        ]),
  ];
}

/** What to do with all this. */
export function footLines(surveys: readonly Survey[], { colour, width }: Paper): readonly string[] {
  const changing = surveys.flatMap(({ reports }) => reports.filter(isToChange));
  const audited = changing.filter(({ mode }) => mode === "audit");
  const limits = surveys.flatMap(({ evidence }) =>
    evidence === undefined ? [] : limitsLines(evidence),
  );
  const logs =
    limits.length === 0
      ? []
      : [
          "",
          ...[...new Set(limits)].flatMap((one) => fold(one, width)).map((one) => colour.dim(one)),
        ];
  if (changing.length === 0) return logs;
  const text =
    audited.length === 0
      ? "Nothing was changed. Deployed, elb-only makes these changes by itself, a step at a time, and proves each."
      : `Nothing was changed. In mode audit elb-only only tells of this; to let it enforce a group, tag the group elb-only=enforce.`;
  return [...logs, "", ...fold(text, width).map((line) => colour.dim(line))];
}
