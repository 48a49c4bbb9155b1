import { classic } from "./classic.ts";
import { type Options, readOptions } from "./options.ts";
import { paperFor } from "./paper.ts";
import { serveLive } from "./live/serve.ts";
import { refusals } from "./refusals.ts";
import { lookAt } from "./invitation.ts";
import { missingBundles, setStage, type Stage } from "./stage.ts";
import { stay } from "./stay.ts";
import { tellStory } from "./story.ts";
import { targets } from "./targets.ts";
import { jsonTeller } from "./tellJson.ts";
import { textTeller } from "./tellText.ts";

// The demonstration: an AWS on this machine, the built functions in it, and people who open ports.

const given = readOptions(process.argv.slice(2));
if (given.kind === "run") process.exitCode = await demonstrate(given.options);
else if (given.kind === "help") process.stdout.write(given.text);
else {
  process.stderr.write(given.text);
  process.exitCode = 2;
}

/** Answers the exit code. */
async function demonstrate(options: Options): Promise<number> {
  const gaps = missingBundles();
  if (gaps.length > 0) {
    process.stderr.write(
      `The functions are not built: there is no ${gaps.join(", no ")}.\nRun "npm start", or "npm run build" first.\n`,
    );
    return 1;
  }
  const paper = paperFor(process.stdout, process.env, options.noColor);
  // Whoever reads may have had enough, as `head` does.
  process.stdout.on("error", () => process.exit(1));
  const stays = paper.isLive && !options.once && !options.json;
  let stage: Stage | undefined;
  let live: Awaited<ReturnType<typeof serveLive>> | undefined;
  try {
    stage = await setStage(options.port);
    if (stays) {
      live = await serveLive(stage);
      paper.write(`${lookAt(live.address, paper)}\n\n`);
    }
    const teller = options.json
      ? jsonTeller(paper.write)
      : textTeller(paper, stage, options.verbose);
    const holds = await tellStory(
      [classic, targets, ...(options.tour ? [refusals] : [])],
      stage,
      teller,
    );
    if (!holds) return 1;
    if (live !== undefined) await stay(stage, paper, stopped(), live.address);
    return 0;
  } catch (error) {
    process.stderr.write(
      `The demonstration broke off: ${error instanceof Error ? (options.verbose ? error.stack : error.message) : String(error)}\n`,
    );
    return 1;
  } finally {
    await live?.close();
    await stage?.close();
  }
}

/** For good: npm hands on a Ctrl-C that the terminal has sent here already. */
function stopped(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stop.abort());
  return stop.signal;
}
