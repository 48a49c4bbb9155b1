import { loadBalancerTag } from "../../functions/core/admissions.ts";
import type { Outcome } from "../../functions/core/outcome.ts";
import { portsText } from "../../functions/core/rule.ts";
import type { Alert } from "../messages/sns.ts";
import type { CallRecord } from "../perform.ts";
import { about, answerOf, type Deed, deeds } from "./calls.ts";
import { fold, type Paper } from "./paper.ts";
import { columns, markedRules, proofTable, ruleTable } from "./table.ts";
import type { Stage } from "./stage.ts";
import type { Seen, Step } from "./step.ts";
import type { Teller } from "./teller.ts";
import { waiting } from "./waiting.ts";

const margin = 10;

/** For people: each step as a few labelled blocks, one under the other. */
export function textTeller(paper: Paper, stage: Stage, isVerbose: boolean): Teller {
  const { colour, width } = paper;
  const room = width - margin;
  const line = (text = ""): void => paper.write(`${text}\n`);
  const paragraph = (text: string): void => fold(text, width, 0).forEach((one) => line(one));
  const block = (label: string, lines: readonly string[]): void =>
    lines.forEach((text, index) => line(`${colour.bold((index === 0 ? label : "").padEnd(margin))}${text}`.trimEnd()));
  const wait = waiting(paper);
  const nameOf = (group: string): string => {
    const name = stage.sandbox.cloud.groups.get(group)?.name;
    return name === undefined ? group : `${group} (${name})`;
  };

  const told = (step: Step, seen: Seen): void => {
    block(
      "Plan",
      plan(
        seen.outcomes.filter(({ group }) => group === step.group),
        room,
      ),
    );
    for (const text of calls(seen.functions, isVerbose, paper)) line(text);
    if (seen.openMs !== undefined)
      block("Open for", [`${(seen.openMs / 1000).toFixed(2)} s, from the opening call to the closing one (CloudTrail counts whole seconds)`]);
    block("Rules", [
      colour.dim(`of ${nameOf(step.group)}${isSame(seen) ? ", unchanged" : ": - went, + came"}`),
      ...ruleTable(seen.before, seen.after, nameOf, paper, room),
    ]);
    block("Finding", findings(seen.outcomes, room));
  };

  return {
    opening: ({ sandbox: { endpoint, region } }) => {
      line(colour.bold("elb-only: back ends reachable only through their load balancers"));
      line();
      paragraph(`An AWS on this machine: EC2, ELB, CloudTrail's events, EventBridge, SQS, Lambda and SNS at ${endpoint}, ${region}.`);
      paragraph("In it run the functions as they are deployed, in mode enforce. (Events come at once here; in AWS CloudTrail takes its time.)");
    },
    act: ({ title, scene }, number) => {
      line();
      line(colour.bold(colour.cyan(`Act ${number}. ${title}`)));
      line();
      for (const text of columns(
        scene.map((cells) => ({ cells })),
        width,
      ))
        line(text);
    },
    step: ({ title, says }, place) => {
      line();
      line(colour.bold(colour.cyan(`${place} ${title}`)));
      for (const one of fold(says, width, 0)) line(colour.dim(one));
      line();
    },
    acted: ({ people, events }) => {
      const rows = people.map((call) => ({ cells: [call.caller, `${call.service} ${call.action}`, about(call)] }));
      block("Event", rows.length > 0 ? columns(rows, room) : [`all ${events} from before, delivered again`]);
      wait.begin();
    },
    seen: (step, seen, proofs) => {
      wait.end();
      told(step, seen);
      block("Proof", proofTable(proofs, paper, room));
      for (const alert of seen.alerts) block("Message", message(alert, isVerbose || step.wholeAlert === true, paper, room));
      if (isVerbose)
        block(
          "Logs",
          seen.logs.flatMap(({ function: name, text }) => fold(`${name}: ${text}`, room)),
        );
    },
    ending: ({ proofs, seconds, errors }) => {
      wait.end();
      const failed = proofs.filter(({ holds }) => !holds);
      line();
      if (failed.length === 0) {
        line(colour.bold(colour.green(`All ${proofs.length} proofs hold, after ${seconds.toFixed(1)} s.`)));
        return;
      }
      line(colour.bold(colour.red(`${failed.length} of ${proofs.length} proofs DO NOT HOLD:`)));
      for (const text of proofTable(failed, paper, width)) line(text);
      for (const error of errors.slice(-5)) paragraph(error);
    },
  };
}

const isSame = ({ before, after }: Seen): boolean => markedRules(before, after).every(({ mark }) => mark === " ");

/** What was decided, in a sentence. */
function plan(outcomes: readonly Outcome[], room: number): readonly string[] {
  if (outcomes.length === 0) return ["nothing to do"];
  return outcomes.flatMap(({ governed, added, removed, would, reach }) => {
    const admissions = added.filter((rule) => rule.tags[loadBalancerTag] !== undefined).length;
    const deeds = [
      [admissions, "to let them in"],
      [added.length - admissions, "to keep the rest of a wide one"],
      [removed.length, "to close"],
      [would.add.length + would.remove.length, "left undone"],
    ] as const;
    const ports = governed.map(({ protocol, from, to }) => portsText({ protocol, fromPort: from, toPort: to })).join(", ");
    const said = deeds.filter(([count]) => count > 0).map(([count, what]) => `${count} ${count === 1 ? "rule" : "rules"} ${what}`);
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

/** The functions' calls, each function's under its name. */
function calls(functions: readonly CallRecord[], isVerbose: boolean, { colour, width }: Paper): readonly string[] {
  const rows = [...Map.groupBy(functions, ({ caller }) => caller)].flatMap(([caller, own]) =>
    (isVerbose ? own.map(inFull) : deeds(own)).map(({ what, about, answer }, index) => ({
      cells: [(index === 0 ? caller.replace("elb-only-", "") : "").padEnd(margin - 2), what, answer, about],
      paint: [colour.bold, ...(what === "look" ? [colour.dim, colour.dim, colour.dim] : [])],
    })),
  );
  return columns(rows, width);
}

const inFull = (call: CallRecord): Deed => ({ what: `${call.service} ${call.action}`, about: about(call), answer: answerOf(call) });

const findings = (outcomes: readonly Outcome[], room: number): readonly string[] =>
  outcomes
    .flatMap((outcome) => outcome.findings)
    .flatMap(({ code, severity, text, next }) => [...fold(`${severity}: ${code}: ${text}`, room), ...fold(`  Next: ${next}`, room)]);

/** As a person gets it; in short: the subject and who it was. */
function message({ subject = "", message }: Alert, isWhole: boolean, { colour }: Paper, room: number): readonly string[] {
  const blocks = message.trimEnd().split("\n\n");
  const text = isWhole ? blocks.join("\n\n") : (blocks[2] ?? "");
  const bar = colour.dim("| ");
  return [...fold(`Subject: ${subject}`, room).map((one) => colour.bold(one)), ...fold(text, room - 2).map((one) => bar + one)];
}
