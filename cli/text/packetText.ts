import { portsText } from "../../lib/values/rule.ts";
import { type Answer, answerTo, packetFrom, type Question } from "../packet.ts";
import type { Paper } from "../shell/surroundings.ts";
import { groupName, interfaceName, sourceName } from "../../lib/survey/names.ts";
import { type Subject } from "../subject.ts";
import type { Survey } from "../../lib/survey/survey.ts";
import { fateOf } from "../fate.ts";
import { plain, timeText } from "../../lib/survey/words.ts";

/** The judge's answers at each interface of the subject, now and once all is done. */
export function packetAs(
  { address, protocol, port }: Question,
  { interfaces }: Subject,
  { before, after }: Survey,
): readonly {
  readonly interface: string;
  readonly name: string;
  readonly now: Answer;
  readonly later: Answer;
}[] {
  const packet = packetFrom(address, protocol, port, before);
  return interfaces.map((eni) => ({
    interface: eni.id,
    name: interfaceName(eni),
    now: answerTo(packet, eni, before),
    later: answerTo(packet, eni, after),
  }));
}

export function packetLines(
  question: Question,
  subject: Subject,
  seen: Survey,
  paper: Paper,
): readonly string[] {
  const { colour } = paper;
  const { before, reports } = seen;
  const { from } = packetFrom(question.address, question.protocol, question.port, before);
  const word = ({ isIn }: Answer): string =>
    isIn ? colour.yellow("gets in") : colour.green("is refused");
  const rulesOf = ({ by }: Answer): readonly string[] =>
    by.map(
      ({ group, rule }) =>
        `      by ${rule.id ?? "a rule"} of ${groupName(group, before)}: ${portsText(rule)} from ${sourceName(rule.source, group, before)}`,
    );
  const answers = packetAs(question, subject, seen);
  return [
    colour.bold(
      `A packet from ${question.address} to ${question.protocol}/${question.port} of ${plain(subject.title)}`,
    ) + colour.dim(`  ${before.account} ${seen.region}, read ${timeText(before.at)}`),
    ...(from.groups.length === 0
      ? []
      : [
          colour.dim(
            `${question.address} is an interface's that was read, with ${from.groups.map((id) => groupName(id, before)).join(", ")}: rules from those groups let it in, too.`,
          ),
        ]),
    ...(answers.length === 0 ? ["", "There is no network interface for it to reach."] : []),
    ...answers.flatMap(({ name, now, later }) => [
      "",
      `  ${colour.bold(name)}`,
      `    now         ${word(now)}`,
      ...rulesOf(now),
      `    would then  ${word(later)}`,
      ...(now.isIn
        ? now.by.map(
            ({ group, rule }) =>
              `      elb-only would, of ${rule.id ?? "that rule"}: ${fateOf(
                rule,
                reports.find((one) => one.group === group),
              )}`,
          )
        : []),
    ]),
    "",
    colour.dim(
      "Security groups alone: a network ACL, a route or a firewall on the machine may still stop it.",
    ),
  ];
}
