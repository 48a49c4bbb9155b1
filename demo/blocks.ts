import { loadBalancerTag } from "../lib/values/ownTags.ts";
import type { Outcome } from "../lib/values/outcome.ts";
import { portsText } from "../lib/values/rule.ts";
import type { Alert } from "../sandbox/state/sns.ts";
import type { CallRecord } from "../sandbox/perform.ts";
import { about, answerOf, type Deed, deeds } from "./calls.ts";
import { fold, type Paper } from "./paper.ts";
import { columns } from "./table.ts";

/** What was decided, in a sentence. */
export function plan(outcomes: readonly Outcome[], room: number): readonly string[] {
  if (outcomes.length === 0) return ["nothing to do"];
  return outcomes.flatMap(({ governed, added, removed, remaining, reach }) => {
    const admissions = added.filter((rule) => rule.tags[loadBalancerTag] !== undefined).length;
    const deeds = [
      [admissions, "to let them in"],
      [added.length - admissions, "to keep the rest of a wide one"],
      [removed.length, "to close"],
      [remaining.add.length + remaining.remove.length, "left undone"],
    ] as const;
    const ports = governed
      .map(({ protocol, from, to }) => portsText({ protocol, fromPort: from, toPort: to }))
      .join(", ");
    const said = deeds
      .filter(([count]) => count > 0)
      .map(([count, what]) => `${count} ${count === 1 ? "rule" : "rules"} ${what}`);
    return fold(`${law(reach, ports)}: ${said.join(", ") || "nothing to add"}`, room);
  });
}

function law(reach: Outcome["reach"], ports: string): string {
  switch (reach) {
    case "govern":
      return `${ports} for load balancers only`;
    case "admitOnly":
      return "nothing may be removed here";
    case "handsOff":
      return "nothing is written here";
  }
}

/** The functions' calls, each function's under its name, which is `margin` wide. */
export function calls(
  functions: readonly CallRecord[],
  isVerbose: boolean,
  margin: number,
  { colour, width }: Paper,
): readonly string[] {
  const rows = [...Map.groupBy(functions, ({ caller }) => caller)].flatMap(([caller, own]) =>
    (isVerbose ? own.map(inFull) : deeds(own)).map(({ what, about, answer }, index) => ({
      cells: [
        (index === 0 ? caller.replace("elb-only-", "") : "").padEnd(margin - 2),
        what,
        answer,
        about,
      ],
      paint: [colour.bold, ...(what === "look" ? [colour.dim, colour.dim, colour.dim] : [])],
    })),
  );
  return columns(rows, width);
}

const inFull = (call: CallRecord): Deed => ({
  what: `${call.service} ${call.action}`,
  about: about(call),
  answer: answerOf(call),
});

/** What somebody should know, and do next. */
export const findings = (outcomes: readonly Outcome[], room: number): readonly string[] =>
  outcomes
    .flatMap((outcome) => outcome.findings)
    .flatMap(({ code, severity, text, next }) => [
      ...fold(`${severity}: ${code}: ${text}`, room),
      ...fold(`  Next: ${next}`, room),
    ]);

/** As a person gets it; in short: the subject and who it was. */
export function message(
  { subject = "", message }: Alert,
  isWhole: boolean,
  { colour }: Paper,
  room: number,
): readonly string[] {
  const blocks = message.trimEnd().split("\n\n");
  const text = isWhole ? blocks.join("\n\n") : (blocks[2] ?? "");
  const bar = colour.dim("| ");
  return [
    ...fold(`Subject: ${subject}`, room).map((one) => colour.bold(one)),
    ...fold(text, room - 2).map((one) => bar + one),
  ];
}
