import { randomUUID } from "node:crypto";
import type { Command } from "commander";
import { awsCommands } from "../lib/messages/awsCommands.ts";
import { putHold } from "../lib/remediation/holds.ts";
import {
  changeBy,
  type JournalEntry,
  writeAhead,
  writeOutcome,
} from "../lib/remediation/journal.ts";
import { type Done, planUndo, type UndoPlan } from "../lib/remediation/undo.ts";
import { undo } from "../lib/remediation/undoing.ts";
import { type Undoing, undoIntent, undoOutcome } from "../lib/remediation/undoOutcome.ts";
import { plain, timeText } from "../lib/survey/words.ts";
import { changeIdOf } from "../lib/values/changeId.ts";
import { type Difference, passageText } from "../lib/values/difference.ts";
import { isIn, ruleText } from "../lib/values/rule.ts";
import type { Snapshot } from "../lib/values/snapshot.ts";
import { openDeployment, readingWorld, writingWorld } from "./deployed/deployment.ts";
import type { Act, GlobalOptions } from "./shell/act.ts";
import { agree } from "./shell/consent.ts";
import {
  type ConsentOptions,
  type DeployedOptions,
  type LastingOptions,
  takesConsent,
  takesDeployment,
  takesEnd,
} from "./shell/options.ts";
import { type Paper, paperFor, type Surroundings } from "./shell/surroundings.ts";

interface UndoOptions extends DeployedOptions, ConsentOptions, LastingOptions, GlobalOptions {
  readonly print?: boolean;
  readonly json?: boolean;
}

const examples = `
Examples
  elb-only undo 20261129-174512-3fa9c1                    asks first; holds the group for four hours
  elb-only undo 20261129-174512-3fa9c1 --for 2d --yes
  elb-only undo 20261129-174512-3fa9c1 --print            only the aws commands that do the same
`;

/** `elb-only undo`: puts back what a change removed, and takes away what it added. */
export function addUndo(program: Command, around: Surroundings, act: Act): void {
  const command = program
    .command("undo")
    .summary("put back what a change removed, as it was, and leave it so for a while")
    .description(
      "Puts back what a change removed, with its description and tags, and takes away what it added, unless a load balancer has no other way in. What somebody changed since stays as it is, and is said. Nothing is removed from the group for a while, so that enforcement does not do it again.\nExit code: 0 undone, 2 somebody changed a part since, or it could not be done, or you said no, 1 an error.",
    )
    .argument("<change>", "the change's id, as messages and history say it");
  takesConsent(takesDeployment(takesEnd(command)))
    .optionsGroup("Output:")
    .option("--print", "only print the aws commands that do the same; changes nothing")
    .option("--json", "one JSON document instead of text")
    .addHelpText("after", examples)
    .action((change: string, _, self: Command) =>
      act(() => undoChange(change, self.optsWithGlobals(), around)),
    );
}

async function undoChange(
  change: string,
  options: UndoOptions,
  around: Surroundings,
): Promise<number> {
  const deployment = await openDeployment(options, around);
  const { account, region, store, table, principal, clock } = deployment;
  const entry = await changeBy(store, change);
  if (entry === undefined)
    throw new Error(
      `There is no change ${change} in ${table} of ${account} ${region}. Changes are kept for 90 days; elb-only history lists them.`,
    );
  if (entry.intent.account !== account || entry.intent.region !== region)
    throw new Error(
      `The change ${change} was made in ${entry.intent.account} ${entry.intent.region}, and this is ${account} ${region}.`,
    );
  const { group } = entry.intent;
  const now = await readingWorld(deployment).look([group]);
  const done = doneBy(entry, now);
  const plan = planUndo(done, now);
  const paper = paperFor(around, !options.color);
  if (options.print === true) {
    for (const one of awsCommands({ group, region, ...everythingOf(done, plan, now) }))
      around.stdout.write(`${one}\n`);
    return 0;
  }
  const at = new Date(clock.now()).toISOString();
  const until = options.until ?? new Date(clock.now() + options.for).toISOString();
  const undoing: Undoing = {
    of: entry.intent,
    change: changeIdOf(at, randomUUID().replaceAll("-", "")),
    principal,
    why: options.why,
    at,
    until,
  };
  const intent = undoIntent(undoing, everythingOf(done, plan, now), now);
  if (options.json !== true) sayPlan(plan, intent.difference, group, paper);
  const question = `Undo ${change} in ${account} ${region}, and remove nothing from ${group} until ${timeText(until)}?`;
  if (!(await agree(question, options, around))) return 2;

  // First of all, or enforcement would do it again at once.
  await putHold(store, {
    on: group,
    change,
    stops: "removals",
    by: principal,
    why: options.why,
    since: at,
    until,
  });
  await writeAhead(store, intent);
  const undone = await undo(done, writingWorld(deployment));
  await writeOutcome(store, undoOutcome(undoing, intent, undone));
  const { added, removed, left, problems } = undone;
  if (options.json === true) {
    const document = { kind: "elb-only undo", version: 1, account, region, group, change };
    const all = { ...document, as: undoing.change, until, added, removed, left, problems };
    around.stdout.write(`${JSON.stringify(all, undefined, 2)}\n`);
  } else {
    for (const one of added) paper.line(`Put back: ${ruleText(one)}`);
    for (const one of removed) paper.line(`Taken away: ${ruleText(one)}`);
    for (const { why } of left) paper.line(`Left: ${why}.`);
    for (const one of problems) paper.line(paper.colour.red(`Could not: ${plain(one)}.`));
    paper.line(
      `Nothing is removed from ${group} until ${timeText(until)}. To end that: elb-only resume ${group}`,
    );
  }
  return problems.length > 0 || left.some(({ isConflict }) => isConflict) ? 2 : 0;
}

/** What is known to have been done; of a change that ended in the middle, what is to be seen of it. */
function doneBy({ intent, outcome }: JournalEntry, { groups }: Snapshot): Done {
  const { group } = intent;
  if (outcome !== undefined) return { group, added: outcome.added, removed: outcome.removed };
  const rules = groups.get(group)?.rules ?? [];
  return { group, added: intent.add.filter((rule) => isIn(rules, rule)), removed: intent.remove };
}

/** All that is to be done, in whichever order: as it would be planned once everything is put back. */
function everythingOf(done: Done, plan: UndoPlan, now: Snapshot): UndoPlan {
  const owner = now.groups.get(done.group);
  if (owner === undefined || plan.add.length === 0) return plan;
  const groups = new Map(now.groups).set(done.group, {
    ...owner,
    rules: [...owner.rules, ...plan.add],
  });
  return { ...planUndo(done, { ...now, groups }), add: plan.add };
}

function sayPlan(
  { add, left }: UndoPlan,
  { gains, loses }: Difference,
  group: string,
  { line, colour }: Paper,
): void {
  line(colour.bold(group));
  for (const one of add) line(colour.green(`  + ${ruleText(one)}${noteOf(one.description)}`));
  for (const one of gains) line(`  gets in again: ${passageText(one)}`);
  for (const one of loses) line(`  gets in no more: ${passageText(one)}`);
  for (const { why } of left) line(colour.yellow(`  left: ${why}`));
  if (add.length === 0) line("  There is nothing to put back.");
}

const noteOf = (description: string | undefined): string =>
  description === undefined ? "" : `  ${plain(description)}`;
