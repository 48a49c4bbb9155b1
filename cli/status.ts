import type { Command } from "commander";
import { contestsIn } from "../lib/remediation/contested.ts";
import { readHolds } from "../lib/remediation/holds.ts";
import { untoldChanges } from "../lib/remediation/journal.ts";
import { counted, plain, timeText } from "../lib/survey/words.ts";
import { everyGroup, type Held, holdText } from "../lib/values/hold.ts";
import { openDeployment } from "./deployed/deployment.ts";
import type { Act, GlobalOptions } from "./shell/act.ts";
import { type DeployedOptions, takesDeployment } from "./shell/options.ts";
import { paperFor, type Surroundings } from "./shell/surroundings.ts";
import { columns } from "./text/columns.ts";

interface StatusOptions extends DeployedOptions, GlobalOptions {
  readonly json?: boolean;
}

const examples = `
Examples
  elb-only status --region eu-west-1
  elb-only status --json | jq '.holds[] | select(.by == "the breaker")'
`;

/** `elb-only status`: what is held, contested and untold. */
export function addStatus(program: Command, around: Surroundings, act: Act): void {
  const command = program
    .command("status")
    .summary("what is paused, held, contested, and not told yet")
    .description(
      "Says what is paused or held, by whom and until when, which rules are put back again and again, and which changes people have not been told of. Changes nothing.\nExit code: 0 nothing is held or contested, 2 something is, 1 an error.",
    );
  takesDeployment(command)
    .optionsGroup("Output:")
    .option("--json", "one JSON document instead of text")
    .addHelpText("after", examples)
    .action((_, self: Command) => act(() => status(self.optsWithGlobals(), around)));
}

async function status(options: StatusOptions, around: Surroundings): Promise<number> {
  const { account, region, store, table } = await openDeployment(options, around);
  const [holds, contests, untold] = await Promise.all([
    readHolds(store),
    contestsIn(store),
    untoldChanges(store),
  ]);
  const contested = contests.filter(({ since }) => since !== undefined);
  const code = holds.length + contested.length > 0 ? 2 : 0;
  if (options.json === true) {
    const document = { kind: "elb-only status", version: 1, account, region, table };
    const all = { ...document, holds, contested, untold };
    around.stdout.write(`${JSON.stringify(all, undefined, 2)}\n`);
    return code;
  }
  const { colour, line, width } = paperFor(around, !options.color);
  line(colour.bold(`${account} ${region}, table ${table}`));
  line(holds.length === 0 ? "Nothing is held." : `${counted(holds.length, "hold")}:`);
  const rows = holds.map((one) => ({
    cells: [one.on === everyGroup ? "everything" : one.on, whatOf(one), plain(holdText(one))],
  }));
  for (const row of columns(rows, width - 2)) line(`  ${row}`);
  if (contested.length > 0) line(`${counted(contested.length, "rule")} put back again and again:`);
  const fought = contested.map(({ group, key, by, next = "" }) => ({
    cells: [
      group,
      plain(key),
      `by ${plain(by?.principal ?? "nobody whom an event names")}, removed again after ${timeText(next)}`,
    ],
  }));
  for (const row of columns(fought, width - 2)) line(`  ${row}`);
  if (untold.length > 0)
    line(
      `${counted(untold.length, "change")} under way, or that people have not been told of yet.`,
    );
  return code;
}

function whatOf({ stops }: Held): string {
  switch (stops) {
    case "writes":
      return "paused";
    case "removals":
      return "held";
    case "nothing":
      return "let go";
  }
}
