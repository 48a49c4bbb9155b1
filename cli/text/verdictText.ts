import type { Problem } from "../problems.ts";
import type { Paper } from "../shell/surroundings.ts";
import type { Verdict } from "../verdict.ts";
import { columns, fold } from "./columns.ts";
import { counted, plain } from "../../lib/survey/words.ts";
import { limitsLines } from "../../lib/survey/evidenceText.ts";

/** The verdict first, then each problem with what to do next. */
export function verdictLines(
  { surveys, problems, failing, gaps, failOn }: Verdict,
  paper: Paper,
): readonly string[] {
  const { colour } = paper;
  const groups = surveys.reduce((sum, one) => sum + one.reports.length, 0);
  const looked = `${counted(groups, "security group")} behind load balancers in ${surveys.map(({ before, region }) => `${before.account} ${region}`).join(", ")}`;
  const bad = new Set(failing.map(({ group, region, account }) => `${account} ${region} ${group}`))
    .size;
  const verdict =
    failing.length > 0
      ? colour.bold(
          colour.red(
            `NOT as it should be: ${counted(failing.length, "problem")} in ${bad} of ${looked}.`,
          ),
        )
      : gaps.length > 0
        ? colour.bold(colour.yellow(`Nobody can say: not everything could be read of ${looked}.`))
        : colour.bold(colour.green(`As it should be: ${looked}.`));
  const others = problems.length - failing.length;
  return [
    verdict,
    ...gaps.map((gap) => colour.yellow(`Not read: ${plain(gap)}`)),
    ...byGroup(failing).flatMap((some) => problemLines(some, paper)),
    ...(others === 0
      ? []
      : ["", colour.dim(`And ${counted(others, "remark")} below ${failOn}: see --fail-on info.`)]),
    ...limits(surveys, paper),
  ];
}

const byGroup = (problems: readonly Problem[]): readonly (readonly Problem[])[] => [
  ...Map.groupBy(
    problems,
    ({ account, region, group }) => `${account} ${region} ${group}`,
  ).values(),
];

function problemLines(problems: readonly Problem[], { colour, width }: Paper): readonly string[] {
  const { group = "", name = "", account = "", region = "" } = problems[0] ?? {};
  const rows = problems.flatMap(({ severity, text, code, next, evidence = [] }) => [
    {
      cells: [severity, `${text} (${code})`],
      paint: severity === "high" ? colour.red : colour.yellow,
    },
    ...evidence.map((line) => ({ cells: ["", line] })),
    { cells: ["", next], paint: colour.dim },
  ]);
  return [
    "",
    `${colour.bold(`${group} ${plain(name)}`)}${colour.dim(`  ${account} ${region}`)}`,
    ...columns(rows, width - 2).map((line) => `  ${line}`),
  ];
}

/** What flow logs were read, and what they cannot show. */
function limits(surveys: Verdict["surveys"], { colour, width }: Paper): readonly string[] {
  const lines = surveys.flatMap(({ evidence }) =>
    evidence === undefined ? [] : limitsLines(evidence),
  );
  return lines.length === 0
    ? []
    : ["", ...[...new Set(lines)].flatMap((one) => fold(one, width)).map((one) => colour.dim(one))];
}
