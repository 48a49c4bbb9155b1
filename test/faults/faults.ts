import Table from "cli-table3";
import { Command } from "commander";
import { bundled } from "../sandbox/bundled.ts";
import { callText, type Case, type Judged, judged, mayTellAgain } from "./judged.ts";
import { kinds } from "./kinds.ts";
import { callsOf, tryOut } from "./trial.ts";

// `npm run faults`: everything that can go wrong with a call, for every call of the built functions, over HTTP.

type Result = Case & Judged;

const program = new Command("faults")
  .description(
    "Makes each call of the built functions go wrong in each way, and judges how it ends.",
  )
  .option("--kind <text>", "only kinds of faults whose names contain it")
  .option("--call <text>", "only calls whose names contain it, as Revoke or PutItem")
  .option("--at-once <n>", "how many sandboxes at a time", "3")
  .option("--json", "every case, a line of JSON each, instead of the table")
  .addHelpText(
    "after",
    "\nExits with 1 where a story ends wrong, or people are not told of a change, or told twice where it can be helped.",
  )
  .parse();
const options = program.opts<{
  readonly kind?: string;
  readonly call?: string;
  readonly atOnce: string;
  readonly json?: true;
}>();

const product = await bundled();
try {
  const quiet = await tryOut(product, undefined, () => []);
  const calls = callsOf(quiet.calls);
  const cases: readonly Case[] = kinds
    .filter(({ name }) => name.includes(options.kind ?? ""))
    .flatMap((kind) =>
      calls
        .filter((at) => at.action.includes(options.call ?? "") && kind.strikes(at))
        .map((at) => ({ kind, at })),
    );
  const plain = judged(quiet);
  if (plain.wrong.length + plain.untold.length + plain.toldAgain.length > 0)
    throw new Error(`The story ends wrong even where nothing goes wrong: ${said(plain)}`);
  const results = await all(cases);
  if (options.json === true) for (const one of results) console.log(JSON.stringify(flat(one)));
  else show(results);
  if (results.some(isAmiss)) process.exitCode = 1;
} finally {
  await product.remove();
}

function isAmiss({ at, wrong, untold, toldAgain }: Result): boolean {
  const avoidable = mayTellAgain(at) ? [] : toldAgain;
  return wrong.length + untold.length + avoidable.length > 0;
}

/** A few at a time: most of each is waiting. */
async function all(cases: readonly Case[]): Promise<readonly Result[]> {
  const results: Result[] = [];
  const queue = cases.values();
  const worker = async (): Promise<void> => {
    for (const one of queue) {
      const { kind, at } = one;
      const trial = await tryOut(product, kind.options, (sandbox, story) =>
        kind.fault(at, sandbox, story),
      );
      const result = { ...one, ...judged(trial) };
      results.push(result);
      progress(`${results.length} of ${cases.length}`);
      if (isAmiss(result)) console.error(`\n${kind.name}, at ${callText(at)}: ${said(result)}`);
    }
  };
  await Promise.all(Array.from({ length: Number(options.atOnce) }, worker));
  progress("");
  return results;
}

function progress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line}`);
}

function said({ wrong, untold, toldAgain }: Judged): string {
  return [
    ...wrong,
    ...untold.map((rule) => `nobody is told of ${rule}`),
    ...toldAgain.map((rule) => `told more than once of ${rule}`),
  ].join("; ");
}

function flat({ kind, at, ...found }: Result): object {
  return { kind: kind.name, call: callText(at), ...found };
}

function show(results: readonly Result[]): void {
  const table = new Table({
    head: [
      "what goes wrong with a call",
      "tried",
      "right end",
      "told",
      "told once",
      "told twice, between word and note",
      "in dead letters",
    ],
    style: { head: [], border: [] },
    colAligns: ["left", "right", "right", "right", "right", "right", "right"],
  });
  const count = (some: readonly Result[], is: (one: Result) => boolean): number =>
    some.filter(is).length;
  const row = (name: string, some: readonly Result[]): void => {
    table.push([
      name,
      some.length,
      count(some, ({ wrong }) => wrong.length === 0),
      count(some, ({ untold, givenUp }) => untold.length + givenUp.length === 0),
      count(some, ({ untold, givenUp, toldAgain }) =>
        [untold, givenUp, toldAgain].every((rules) => rules.length === 0),
      ),
      count(some, ({ at, toldAgain }) => mayTellAgain(at) && toldAgain.length > 0),
      count(some, ({ givenUp }) => givenUp.length > 0),
    ]);
  };
  for (const [name, some] of Map.groupBy(results, ({ kind }) => kind.name)) row(name, some);
  row("all", results);
  console.log(table.toString());
}
