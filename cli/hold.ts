import type { Command } from "commander";
import { putHold } from "../lib/remediation/holds.ts";
import { everyGroup, type Hold } from "../lib/values/hold.ts";
import { openDeployment } from "./deployed/deployment.ts";
import { groupIds } from "./deployed/groupIds.ts";
import type { Act, GlobalOptions } from "./shell/act.ts";
import {
  type DeployedOptions,
  type LastingOptions,
  takesDeployment,
  takesEnd,
} from "./shell/options.ts";
import type { Surroundings } from "./shell/surroundings.ts";
import { timeText } from "../lib/survey/words.ts";

interface HoldOptions extends DeployedOptions, LastingOptions, GlobalOptions {
  readonly json?: boolean;
}

const pauseExamples = `
Examples
  elb-only pause                                    everything, for four hours
  elb-only pause --for 2d --why "change freeze"
  elb-only pause sg-0123456789abcdef0 --until 2026-12-01T08:00Z
  elb-only resume
`;

const holdExamples = `
Examples
  elb-only hold sg-0123456789abcdef0                for four hours
  elb-only hold sg-0123456789abcdef0 --for 7d --why "partner moves on Friday"
  elb-only resume sg-0123456789abcdef0
`;

/** `elb-only pause`: nothing is written at all, from now on. */
export function addPause(program: Command, around: Surroundings, act: Act): void {
  const command = program
    .command("pause")
    .summary("stop all writes at once, everywhere or in some groups")
    .description(
      "Stops elb-only from writing anything, at once, everywhere or in some security groups; it goes on looking and telling. It ends by itself.\nExit code: 0 paused, 1 an error.",
    )
    .argument("[groups...]", "security groups by id; none: everything");
  takesDeployment(takesEnd(command))
    .optionsGroup("Output:")
    .option("--json", "one JSON document instead of text")
    .addHelpText("after", pauseExamples)
    .action((groups: readonly string[], _, self: Command) =>
      act(() =>
        hold(
          groups.length === 0 ? [everyGroup] : groupIds(groups),
          "writes",
          self.optsWithGlobals(),
          around,
        ),
      ),
    );
}

/** `elb-only hold`: nothing is removed from some groups; load balancers are let in all the same. */
export function addHold(program: Command, around: Surroundings, act: Act): void {
  const command = program
    .command("hold")
    .summary("remove nothing from some groups for a while; load balancers are let in all the same")
    .description(
      "Keeps elb-only from removing anything from some security groups; load balancers are let in all the same. It ends by itself.\nExit code: 0 held, 1 an error.",
    )
    .argument("<groups...>", "security groups by id");
  takesDeployment(takesEnd(command))
    .optionsGroup("Output:")
    .option("--json", "one JSON document instead of text")
    .addHelpText("after", holdExamples)
    .action((groups: readonly string[], _, self: Command) =>
      act(() => hold(groupIds(groups), "removals", self.optsWithGlobals(), around)),
    );
}

async function hold(
  places: readonly string[],
  stops: "writes" | "removals",
  options: HoldOptions,
  around: Surroundings,
): Promise<number> {
  const { store, account, region, principal } = await openDeployment(options, around);
  const now = around.now();
  const until = options.until ?? new Date(now.getTime() + options.for).toISOString();
  if (Date.parse(until) <= now.getTime()) throw new Error(`--until ${until} is over.`);
  const one: Hold = { stops, by: principal, why: options.why, since: now.toISOString(), until };
  for (const on of places) await putHold(store, { ...one, on });
  if (options.json === true) {
    const held = places.map((on) => ({ on, ...one }));
    const document = { kind: "elb-only holds", version: 1, account, region, holds: held };
    around.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
    return 0;
  }
  const what = stops === "writes" ? "Nothing is written" : "Nothing is removed";
  for (const on of places)
    around.stdout.write(
      `${what} ${on === everyGroup ? "" : `${stops === "writes" ? "to" : "from"} ${on} `}in ${account} ${region} until ${timeText(until)}. To end it: elb-only resume${on === everyGroup ? "" : ` ${on}`}\n`,
    );
  return 0;
}
