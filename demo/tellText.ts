import { calls, findings, message, plan } from "./blocks.ts";
import { about } from "./calls.ts";
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
    lines.forEach((text, index) =>
      line(`${colour.bold((index === 0 ? label : "").padEnd(margin))}${text}`.trimEnd()),
    );
  const wait = waiting(paper);
  const nameOf = (group: string): string => {
    const name = stage.sandbox.cloud.groups.get(group)?.name;
    return name === undefined ? group : `${group} (${name})`;
  };

  const told = (step: Step, seen: Seen): void => {
    const ofGroup = seen.outcomes.filter(({ group }) => group === step.group);
    block("Plan", plan(ofGroup, room));
    for (const text of calls(seen.functions, isVerbose, margin, paper)) line(text);
    block("Open for", openFor(seen, room));
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
      paragraph(
        `An AWS on this machine: EC2, ELB, CloudTrail's events, EventBridge, SQS, Lambda and SNS at ${endpoint}, ${region}.`,
      );
      paragraph(
        "In it run the functions as they are deployed, in mode enforce. (Events come at once here; in AWS CloudTrail takes its time.)",
      );
    },
    act: ({ title, topology }, number) => {
      line();
      line(colour.bold(colour.cyan(`Act ${number}. ${title}`)));
      line();
      const rows = topology.map((cells) => ({ cells }));
      for (const text of columns(rows, width)) line(text);
    },
    step: ({ title, says }, place) => {
      line();
      line(colour.bold(colour.cyan(`${place} ${title}`)));
      for (const one of fold(says, width, 0)) line(colour.dim(one));
      line();
    },
    acted: ({ people, events }) => {
      const rows = people.map((call) => ({
        cells: [call.caller, `${call.service} ${call.action}`, about(call)],
      }));
      block(
        "Event",
        rows.length > 0 ? columns(rows, room) : [`all ${events} from before, delivered again`],
      );
      wait.begin();
    },
    seen: (step, seen, proofs) => {
      wait.end();
      told(step, seen);
      block("Proof", proofTable(proofs, paper, room));
      for (const alert of seen.alerts)
        block("Message", message(alert, isVerbose || step.wholeAlert === true, paper, room));
      const logs = isVerbose ? seen.logs : [];
      for (const { function: name, text } of logs) block("Log", fold(`${name}: ${text}`, room));
    },
    ending: ({ proofs, seconds, errors }) => {
      wait.end();
      const failed = proofs.filter(({ holds }) => !holds);
      line();
      if (failed.length === 0) {
        line(
          colour.bold(
            colour.green(`All ${proofs.length} proofs hold, after ${seconds.toFixed(1)} s.`),
          ),
        );
        return;
      }
      line(colour.bold(colour.red(`${failed.length} of ${proofs.length} proofs DO NOT HOLD:`)));
      for (const text of proofTable(failed, paper, width)) line(text);
      for (const error of errors.slice(-5)) paragraph(error);
    },
  };
}

const isSame = ({ before, after }: Seen): boolean =>
  markedRules(before, after).every(({ mark }) => mark === " ");

const openFor = ({ openMs }: Seen, room: number): readonly string[] =>
  openMs === undefined
    ? []
    : fold(
        `${(openMs / 1000).toFixed(2)} s, from the opening call to the closing one (CloudTrail counts whole seconds)`,
        room,
      );
