import type { Outcome } from "../lib/values/outcome.ts";
import { setTimeout as pause } from "node:timers/promises";
import { subject } from "../lib/messages/subject.ts";
import type { LogLine } from "../sandbox/lambda/function.ts";
import { readRules } from "./auditor.ts";
import { group, standing } from "./classic.ts";
import { invitation } from "./invitation.ts";
import { judge } from "./judge.ts";
import { fold, type Paper } from "./paper.ts";
import type { Stage } from "./stage.ts";
import { columns, proofTable, ruleTable } from "./table.ts";

const pollMs = 100;

/** For a person to try it by hand: says how, and tells of each remediation, until it is stopped. */
export async function stay(
  stage: Stage,
  paper: Paper,
  stop: AbortSignal,
  page: string,
): Promise<void> {
  paper.write(invitation(stage.sandbox, page, paper));
  const { events, logs } = stage.sandbox;
  let seen = { events: events.length, logs: logs.length };
  while (!stop.aborted) {
    await pause(pollMs, undefined, { signal: stop }).catch(() => {});
    const [newEvents, newLogs] = [events.slice(seen.events), logs.slice(seen.logs)];
    seen = { events: events.length, logs: logs.length };
    for (const line of newLogs.flatMap(nothingDone))
      paper.write(`${fold(line, paper.width).join("\n")}\n`);
    for (const { source, detail } of newEvents)
      if (source === "elb-only") await report(detail as unknown as Outcome, stage, paper);
  }
  paper.write("\nStopped.\n");
}

const time = (): string => new Date().toISOString().slice(11, 19);

/** A line about a remediation that changed nothing, and of which nobody was told: none of it is an outcome on the bus. */
function nothingDone({ text }: LogLine): readonly string[] {
  if (!text.includes('"message":"Remediation"')) return [];
  const { group, result, events, findings } = JSON.parse(text) as {
    readonly group: string;
    readonly result: string;
    readonly events: readonly { readonly event: string; readonly actor: string }[];
    readonly findings: readonly string[];
  };
  if (result !== "unchanged" || findings.length > 0) return [];
  return [
    `${time()}  ${group}: nothing to do after ${events.map(({ event, actor }) => `${event} by ${actor}`).join(", ")}`,
  ];
}

async function report(outcome: Outcome, stage: Stage, paper: Paper): Promise<void> {
  const { triggers, before, after, findings } = outcome;
  const { colour, width } = paper;
  const who = triggers.map(({ event, actor }) => `${event} by ${actor.principal}`);
  const lines = [
    ...fold(`${time()}  ${subject(outcome)}`, width).map((one) => colour.bold(one)),
    ...who.flatMap((one) => fold(`  ${one}`, width)),
    ...ruleTable(before, after, (id) => id, paper, width),
    ...columns(
      findings.map(({ severity, code, text }) => ({ cells: [severity, code, text] })),
      width,
    ),
  ];
  const rules = outcome.group === group ? await readRules(stage, group) : [];
  const proofs = outcome.group === group ? judge(await standing(stage), outcome.before, rules) : [];
  paper.write(
    `${[...lines, ...(proofs.length > 0 ? proofTable(proofs, paper, width) : [])].join("\n")}\n\n`,
  );
}
