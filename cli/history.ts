import { type Command, Option } from "commander";
import { subject } from "../lib/messages/subject.ts";
import { changesOn, type JournalEntry } from "../lib/remediation/journal.ts";
import { plain, timeText } from "../lib/survey/words.ts";
import { openDeployment } from "./deployed/deployment.ts";
import { groupIds } from "./deployed/groupIds.ts";
import type { Act, GlobalOptions } from "./shell/act.ts";
import { type DeployedOptions, lasting, takesDeployment } from "./shell/options.ts";
import { paperFor, type Surroundings } from "./shell/surroundings.ts";
import { columns } from "./text/columns.ts";

interface HistoryOptions extends DeployedOptions, GlobalOptions {
  readonly since: number;
  readonly json?: boolean;
}

const examples = `
Examples
  elb-only history                                   the last seven days
  elb-only history sg-0123456789abcdef0 --since 30d
  elb-only history --since 4h --json | jq '.changes[].change'
  elb-only undo 20261129-174512-3fa9c1
`;

const aDay = 86_400_000;

/** `elb-only history`: what was changed, and the ids to undo it by. */
export function addHistory(program: Command, around: Surroundings, act: Act): void {
  const command = program
    .command("history")
    .summary("what was changed, when and why, with the ids to undo it by")
    .description(
      "Lists what elb-only changed, the newest first, by its journal, which is kept for 90 days. Changes nothing.\nExit code: 0 listed, 1 an error.",
    )
    .argument("[groups...]", "security groups by id; none: all");
  takesDeployment(command)
    .optionsGroup("What to show:")
    .addOption(
      new Option("--since <time>", "how far back: 4h, 30d")
        .argParser(lasting)
        .default(7 * aDay, "7d"),
    )
    .optionsGroup("Output:")
    .option("--json", "one JSON document instead of text")
    .addHelpText("after", examples)
    .action((groups: readonly string[], _, self: Command) =>
      act(() => history(groupIds(groups), self.optsWithGlobals(), around)),
    );
}

async function history(
  groups: readonly string[],
  options: HistoryOptions,
  around: Surroundings,
): Promise<number> {
  const { account, region, store, clock } = await openDeployment(options, around);
  const [now, from] = [clock.now(), clock.now() - options.since];
  const days = Array.from(
    { length: Math.floor(now / aDay) - Math.floor(from / aDay) + 1 },
    (_, ago) => new Date(now - ago * aDay).toISOString().slice(0, 10),
  );
  const changes: JournalEntry[] = [];
  for (const day of days) changes.push(...(await changesOn(store, day)));
  const shown = changes.filter(
    ({ intent }) =>
      Date.parse(intent.begun) >= from && (groups.length === 0 || groups.includes(intent.group)),
  );
  if (options.json === true) {
    const entries = shown.map(({ intent, outcome }) => ({
      change: intent.change,
      intent,
      outcome,
    }));
    const document = { kind: "elb-only history", version: 1, account, region, changes: entries };
    around.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
    return 0;
  }
  const { colour, line, width } = paperFor(around, !options.color);
  if (shown.length === 0) line(`Nothing was changed in ${account} ${region} in that time.`);
  for (const row of columns(shown.map(rowOf), width)) line(row);
  if (shown.length > 0) line(colour.dim("To undo one: elb-only undo <its id>"));
  return 0;
}

const rowOf = ({ intent, outcome }: JournalEntry) => ({
  cells: [
    timeText(intent.begun),
    intent.change,
    plain(
      outcome === undefined
        ? `${intent.group}: under way, or ended in the middle`
        : `${subject(outcome)}, because of ${whyOf(intent)}`,
    ),
  ],
});

const whyOf = ({ triggers }: JournalEntry["intent"]): string => {
  const [first] = triggers;
  return first === undefined
    ? "a person"
    : `${first.event} by ${first.actor.principal.split(":").at(-1)}`;
};
