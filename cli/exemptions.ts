import type { Command } from "commander";
import { counted, plain } from "../lib/survey/words.ts";
import { type Exempt, exemptionsIn } from "./exempt.ts";
import { gatherPictures, wantedBy } from "./picture/gather.ts";
import type { Act, GlobalOptions } from "./shell/act.ts";
import { readsSnapshot, type WhereOptions } from "./shell/options.ts";
import { paperFor, progressOn, type Surroundings } from "./shell/surroundings.ts";
import { columns } from "./text/columns.ts";

interface ExemptionsOptions extends WhereOptions, GlobalOptions {
  readonly json?: boolean;
}

const examples = `
Examples
  elb-only exemptions --region eu-west-1
  elb-only exemptions --from snapshot.json
  elb-only exemptions --json | jq '.exemptions[] | select(.until == null)'
`;

/** `elb-only exemptions`: what is exempt by tags, why and until when. */
export function addExemptions(program: Command, around: Surroundings, act: Act): void {
  const command = program
    .command("exemptions")
    .summary("what is exempt by tags, why, and until when")
    .description(
      "Lists what tags exempt in the groups behind load balancers: kept rules, allowed sources, groups and load balancers that ask to be ignored or only audited. Who wrote a tag stands in CloudTrail (CreateTags). Changes nothing.\nExit code: 0 nothing is exempt, 2 something is, 1 an error.",
    );
  readsSnapshot(command)
    .optionsGroup("Output:")
    .option("--json", "one JSON document instead of text")
    .addHelpText("after", examples)
    .action((_, self: Command) => act(() => exemptions(self.optsWithGlobals(), around)));
}

async function exemptions(options: ExemptionsOptions, around: Surroundings): Promise<number> {
  const progress = progressOn(around);
  const everything = wantedBy({ group: [], loadBalancer: [], vpc: [] });
  const pictures = await gatherPictures(options, around, progress, everything).finally(
    progress.end,
  );
  const found = pictures.flatMap(({ region, snapshot }) =>
    exemptionsIn(snapshot).map((one) => ({ account: snapshot.account, region, ...one })),
  );
  const code = found.length === 0 ? 0 : 2;
  if (options.json === true) {
    const document = { kind: "elb-only exemptions", version: 1, exemptions: found };
    around.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
    return code;
  }
  const { colour, line, width } = paperFor(around, !options.color);
  line(
    colour.bold(
      found.length === 0 ? "Nothing is exempt." : `${counted(found.length, "exemption")}:`,
    ),
  );
  for (const row of columns(found.map(rowOf), width)) line(row);
  const gaps = pictures.flatMap(({ snapshot }) => snapshot.gaps);
  for (const gap of gaps) line(colour.yellow(`Not read: ${plain(gap)}`));
  return code;
}

const rowOf = ({ on, name, what, state, until, why }: Exempt) => ({
  cells: [
    `${on}${name === "" ? "" : ` ${plain(name)}`}`,
    plain(what),
    `${state}${until === undefined ? (state === "exempt" ? ", without an end" : "") : ` until ${until}`}${why === "" ? "" : `: ${plain(why)}`}`,
  ],
});
