import type { Command } from "commander";
import { plain } from "../lib/survey/words.ts";
import { openPlace } from "./deployed/deployment.ts";
import { examine } from "./deployed/examine.ts";
import type { Act, GlobalOptions } from "./shell/act.ts";
import { readsAccount, type WhereOptions } from "./shell/options.ts";
import { paperFor, type Surroundings } from "./shell/surroundings.ts";
import { columns } from "./text/columns.ts";

interface DoctorOptions extends WhereOptions, GlobalOptions {
  readonly stack: string;
  readonly json?: boolean;
}

const examples = `
Examples
  elb-only doctor --region eu-west-1
  elb-only doctor --stack my-elb-only --json | jq '.parts[] | select(.problems != [])'
`;

/** `elb-only doctor`: is everything there that a deployment needs? */
export function addDoctor(program: Command, around: Surroundings, act: Act): void {
  const command = program
    .command("doctor")
    .summary("is everything in place that a deployment needs, and how to mend what is not")
    .description(
      "Looks at a deployment: the stack, the trail, the rules and their patterns, the enforce queue and its function, dead letters, the state table, and whether you may read the region. Changes nothing. Whether anybody is subscribed, and when the last sweep was, the alarms say.\nExit code: 0 all is well, 2 something is not, 1 an error.",
    );
  readsAccount(command)
    .option("--stack <name>", "the CloudFormation stack", "elb-only")
    .optionsGroup("Output:")
    .option("--json", "one JSON document instead of text")
    .addHelpText("after", examples)
    .action((_, self: Command) => act(() => doctor(self.optsWithGlobals(), around)));
}

async function doctor(options: DoctorOptions, around: Surroundings): Promise<number> {
  const place = await openPlace(options, around);
  const parts = await examine(place, options.stack);
  const isIll = parts.some(({ problems }) => problems.length > 0);
  if (options.json === true) {
    const { account, region } = place;
    const document = { kind: "elb-only doctor", version: 1, account, region, parts };
    around.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
  } else {
    const { colour, line, width } = paperFor(around, !options.color);
    const rows = parts.flatMap(({ part, problems }) =>
      problems.length === 0
        ? [{ cells: ["well", part, ""] }]
        : problems.map((one) => ({ cells: ["ILL", part, plain(one)], paint: colour.red })),
    );
    for (const row of columns(rows, width)) line(row);
  }
  return isIll ? 2 : 0;
}
