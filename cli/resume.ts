import type { Command } from "commander";
import { endHolds, putHold } from "../lib/remediation/holds.ts";
import { breaker, everyGroup, type Held, holdText } from "../lib/values/hold.ts";
import { type Deployment, openDeployment } from "./deployed/deployment.ts";
import { groupIds } from "./deployed/groupIds.ts";
import type { Act, GlobalOptions } from "./shell/act.ts";
import { agree } from "./shell/consent.ts";
import {
  type ConsentOptions,
  type DeployedOptions,
  takesConsent,
  takesDeployment,
} from "./shell/options.ts";
import type { Surroundings } from "./shell/surroundings.ts";
import { counted, plain } from "../lib/survey/words.ts";

interface ResumeOptions extends DeployedOptions, ConsentOptions, GlobalOptions {
  readonly json?: boolean;
}

const examples = `
Examples
  elb-only resume                         ends the pause of everything, and lets go all that the breaker holds
  elb-only resume sg-0123456789abcdef0    ends every hold on one group; those of undone changes, too
  elb-only status                         what is held, and by whom
`;

/** How long the breaker does not hold again what was let go. */
const letGo = 24 * 3_600_000;

/** `elb-only resume`: ends pauses and holds, and lets go what the breaker holds. */
export function addResume(program: Command, around: Surroundings, act: Act): void {
  const command = program
    .command("resume")
    .summary("end a pause or a hold, and let go what the breaker holds")
    .description(
      "Ends the holds on some security groups; without any, the pause of everything, and lets go all that the breaker holds. The next event or sweep goes on.\nExit code: 0 ended, 2 there was nothing to end, or you said no, 1 an error.",
    )
    .argument("[groups...]", "security groups by id; none: everything");
  takesConsent(takesDeployment(command))
    .optionsGroup("Output:")
    .option("--json", "one JSON document instead of text")
    .addHelpText("after", examples)
    .action((groups: readonly string[], _, self: Command) =>
      act(() => resume(groupIds(groups), self.optsWithGlobals(), around)),
    );
}

async function resume(
  groups: readonly string[],
  options: ResumeOptions,
  around: Surroundings,
): Promise<number> {
  const deployment = await openDeployment(options, around);
  const { account, region, store } = deployment;
  const where = groups.length === 0 ? "everywhere" : `in ${groups.join(", ")}`;
  if (!(await agree(`Let elb-only go on ${where} in ${account} ${region}?`, options, around)))
    return 2;
  const isChosen = (on: string, held: Held | undefined): boolean =>
    groups.length === 0 ? on === everyGroup || held?.by === breaker : groups.includes(on);
  const ended = await endHolds(store, isChosen);
  const wereBroken = ended.some((one) => one?.by === breaker);
  if (wereBroken) await release(groups.length === 0 ? [everyGroup] : groups, deployment);
  if (options.json === true) {
    const document = { kind: "elb-only holds", version: 1, account, region, ended };
    around.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
  } else {
    for (const one of ended)
      around.stdout.write(
        `Ended: ${one === undefined ? "a hold that could not be read" : `${one.on === everyGroup ? "everything" : one.on}, ${plain(holdText(one))}`}\n`,
      );
    around.stdout.write(
      ended.length === 0
        ? `Nothing was held ${where} in ${account} ${region}.\n`
        : `${counted(ended.length, "hold")} ended. The next event or sweep goes on.${wereBroken ? " The breaker does not hold it again for a day." : ""}\n`,
    );
  }
  return ended.length === 0 ? 2 : 0;
}

/** Keeps the breaker from holding again what somebody has looked at. */
async function release(
  places: readonly string[],
  { store, principal, clock }: Deployment,
): Promise<void> {
  const [since, until] = [clock.now(), clock.now() + letGo].map((at) => new Date(at).toISOString());
  if (since === undefined || until === undefined) return;
  for (const on of places)
    await putHold(store, { on, stops: "nothing", by: principal, why: "let go", since, until });
}
