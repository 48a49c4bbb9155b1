import Table from "cli-table3";
import { Command } from "commander";
import { bundled } from "../sandbox/bundled.ts";
import { type Kind, kinds, type Struck } from "./kinds.ts";
import { callsOf, type Trial, tryOut } from "./trial.ts";

// `npm run faults`: everything that can go wrong with a call, for every call of the built functions, over HTTP.

interface Case {
  readonly kind: Kind;
  readonly at: Struck;
}

interface Judged extends Case {
  readonly wrong: readonly string[];
  /** Rules that went or came, and nobody was told. */
  readonly untold: readonly string[];
  readonly toldAgain: readonly string[];
}

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
    "\nExits with 1 where a story ends wrong, or people are not told of a change.",
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
  const plain = judged({ kind: kinds[0] as Kind, at: calls[0] as Struck }, quiet);
  if (plain.wrong.length + plain.untold.length + plain.toldAgain.length > 0)
    throw new Error(`The story ends wrong even where nothing goes wrong: ${text(plain)}`);
  const results = await all(cases);
  if (options.json === true) for (const one of results) console.log(JSON.stringify(flat(one)));
  else show(results);
  if (results.some(({ wrong, untold }) => wrong.length + untold.length > 0)) process.exitCode = 1;
} finally {
  await product.remove();
}

function judged(one: Case, { wrong, changed, told }: Trial): Judged {
  return {
    ...one,
    wrong,
    untold: changed.filter((rule) => !told.has(rule)),
    toldAgain: changed.filter((rule) => (told.get(rule) ?? 0) > 1),
  };
}

/** A few at a time: most of each is waiting. */
async function all(cases: readonly Case[]): Promise<readonly Judged[]> {
  const results: Judged[] = [];
  const queue = cases.values();
  const worker = async (): Promise<void> => {
    for (const one of queue) {
      const { kind, at } = one;
      const trial = await tryOut(product, kind.options, (sandbox, story) =>
        kind.fault(at, sandbox, story),
      );
      const result = judged(one, trial);
      results.push(result);
      progress(`${results.length} of ${cases.length}`);
      if (result.wrong.length + result.untold.length > 0) console.error(`\n${text(result)}`);
    }
  };
  await Promise.all(Array.from({ length: Number(options.atOnce) }, worker));
  progress("");
  return results;
}

function progress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line}`);
}

function callText({ caller, action, skip }: Struck): string {
  return `${caller} ${action} ${skip + 1}`;
}

function text({ kind, at, wrong, untold, toldAgain }: Judged): string {
  const said = [
    ...wrong,
    ...untold.map((rule) => `nobody is told of ${rule}`),
    ...toldAgain.map((rule) => `told more than once of ${rule}`),
  ];
  return `${kind.name}, at ${callText(at)}: ${said.join("; ")}`;
}

function flat({ kind, at, ...found }: Judged): object {
  return { kind: kind.name, call: callText(at), ...found };
}

function show(results: readonly Judged[]): void {
  const table = new Table({
    head: ["what goes wrong with a call", "tried", "right end", "told", "told once"],
    style: { head: [], border: [] },
    colAligns: ["left", "right", "right", "right", "right"],
  });
  const count = (some: readonly Judged[], is: (one: Judged) => boolean): number =>
    some.filter(is).length;
  const row = (name: string, some: readonly Judged[]): void => {
    table.push([
      name,
      some.length,
      count(some, ({ wrong }) => wrong.length === 0),
      count(some, ({ untold }) => untold.length === 0),
      count(some, ({ untold, toldAgain }) => untold.length + toldAgain.length === 0),
    ]);
  };
  for (const [name, some] of Map.groupBy(results, ({ kind }) => kind.name)) row(name, some);
  row("all", results);
  console.log(table.toString());
}
