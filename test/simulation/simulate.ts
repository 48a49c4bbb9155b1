import { once } from "node:events";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { Command, InvalidArgumentError } from "commander";
import type { Portion } from "./thread.ts";
import { type Broken, tryWorlds } from "./try.ts";

// `npm run simulate`: people, workers, stale reads, full groups, crashes, state that refuses, for as long as one likes.

const number = (text: string): number => {
  if (!/^\d+(\.\d+)?$/.test(text)) throw new InvalidArgumentError("It is no number.");
  return Number(text);
};

const program = new Command("simulate")
  .description(
    "Lets people and two workers loose on arbitrary regions, while much goes wrong, and holds the laws after every call.",
  )
  .option("--worlds <n>", "how many worlds", number)
  .option("--minutes <n>", "for how long", number)
  .option("--seed <n>", "where to begin; by itself, anywhere", number)
  .option("--path <path>", "with the seed, only the world that a failure named")
  .option("--json", "progress and result as lines of JSON")
  .addHelpText(
    "after",
    "\nWithout --worlds or --minutes: 10,000 worlds. Exits with 1 where a law breaks.",
  )
  .parse();
const {
  minutes = Infinity,
  worlds = minutes === Infinity ? 10_000 : Infinity,
  seed = Math.floor(Math.random() * 1_000_000_000),
  path,
  json,
} = program.opts<{
  readonly worlds?: number;
  readonly minutes?: number;
  readonly seed?: number;
  readonly path?: string;
  readonly json?: true;
}>();

/** Small enough that the end of the time, and a thread that is done, are soon noticed. */
const portion = 50;
const start = performance.now();
let tried = 0;

const broken =
  path === undefined
    ? await onThreads()
    : await tryWorlds({ seed, path, numRuns: 1, endOnFailure: true });
if (path === undefined) progress(true);
if (broken !== undefined) tellOf(broken);

/** A thread for each core; each takes the next portion when it is done. The first that breaks ends it all. */
async function onThreads(): Promise<Broken | undefined> {
  let given = 0;
  let found: Broken | undefined;
  const isOver = (): boolean =>
    found !== undefined || given >= worlds || performance.now() - start > minutes * 60_000;
  const next = (): Portion => {
    const one = { seed: (seed + given) % 2 ** 31, worlds: Math.min(portion, worlds - given) };
    given += one.worlds;
    return one;
  };
  const work = async (): Promise<void> => {
    const thread = new Worker(new URL("thread.ts", import.meta.url));
    try {
      while (!isOver()) {
        const some = next();
        thread.postMessage(some, []);
        const [answer] = (await once(thread, "message")) as [Broken | undefined];
        found ??= answer;
        tried += some.worlds;
        progress();
      }
    } finally {
      await thread.terminate();
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return found;
}

/** How far it is; in a file or a pipe, only at the end. */
function progress(isEnd = false): void {
  const seconds = (performance.now() - start) / 1000;
  const each = Math.round(tried / seconds);
  if (json === true) console.log(JSON.stringify({ seed, worlds: tried, worldsPerSecond: each }));
  else if (process.stderr.isTTY || isEnd)
    process.stderr.write(
      `${process.stderr.isTTY ? "\r\u001b[K" : ""}${tried.toLocaleString("en")} worlds, ${each} a second, from seed ${seed}${isEnd ? "\n" : ""}`,
    );
}

function tellOf(one: Broken): void {
  process.exitCode = 1;
  const again = `npm run simulate -- --seed ${one.seed} --path ${one.path}`;
  if (json === true) return console.log(JSON.stringify({ ...one, again }));
  console.log(
    [
      one.story,
      "",
      `Again: ${again}`,
      "To keep it until it is mended, in test/laws/simulation.test.ts, with the story in a comment:",
      `  it.fails("is mended", async () => {`,
      `    expect(await tryWorlds({ seed: ${one.seed}, path: "${one.path}", numRuns: 1, endOnFailure: true })).toBeUndefined();`,
      "  });",
    ].join("\n"),
  );
}
