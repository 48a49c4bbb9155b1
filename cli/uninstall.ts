import type { Command } from "commander";
import { type Leaving, leavingFrom } from "../lib/remediation/leaving.ts";
import { counted, plain } from "../lib/survey/words.ts";
import { ruleText } from "../lib/values/rule.ts";
import { openPlace, readingWorld, writingWorld } from "./deployed/deployment.ts";
import { readRegion } from "./picture/readRegion.ts";
import type { Act, GlobalOptions } from "./shell/act.ts";
import { agree } from "./shell/consent.ts";
import {
  type ConsentOptions,
  readsAccount,
  takesConsent,
  type WhereOptions,
} from "./shell/options.ts";
import { type Paper, paperFor, type Surroundings } from "./shell/surroundings.ts";

interface UninstallOptions extends WhereOptions, ConsentOptions, GlobalOptions {
  readonly removeRules?: boolean;
}

const examples = `
Examples
  elb-only uninstall --region eu-west-1                 what there is of elb-only, and what each rule is for
  elb-only uninstall --region eu-west-1 --remove-rules  takes away the rules that nobody needs; asks first
`;

const steps = `To uninstall:
  1. npx cdk destroy, or aws cloudformation delete-stack --stack-name elb-only
  2. elb-only uninstall --remove-rules   takes away the rules of elb-only's that nobody needs
What stays: ports that were closed stay closed; tags (elb-only, elb-only:...) and descriptions (elb-only: admits ...);
the logs, and the state table with its journal, until you delete them. From then on nobody closes what somebody opens.
`;

/** `elb-only uninstall`: says what stays, and takes our rules away where nobody needs them. */
export function addUninstall(program: Command, around: Surroundings, act: Act): void {
  const command = program
    .command("uninstall")
    .summary("what stays of elb-only, and which of its rules can go safely")
    .description(
      "Says what is left when the stack is deleted. Lists the rules that elb-only made; with --remove-rules takes away those without which every load balancer still gets in, and says which others need theirs. Delete the stack first, or enforcement writes them again.\nExit code: 0 said or done, 2 load balancers need some of the rules, or you said no, 1 an error.",
    );
  takesConsent(readsAccount(command))
    .option("--remove-rules", "take away the rules that nobody needs")
    .addHelpText("after", examples)
    .action((_, self: Command) => act(() => uninstall(self.optsWithGlobals(), around)));
}

async function uninstall(options: UninstallOptions, around: Surroundings): Promise<number> {
  const place = await openPlace(options, around);
  const snapshot = await readRegion(readingWorld(place), { kind: "everything" });
  const leaving = leavingFrom(snapshot);
  const paper = paperFor(around, !options.color);
  const free = leaving.filter((one) => one.free.length > 0);
  const needed = leaving.filter((one) => one.needed.length > 0);
  for (const line of steps.trimEnd().split("\n")) paper.line(line);
  paper.line();
  sayRules(leaving, paper);
  if (options.removeRules !== true || free.length === 0) return needed.length > 0 ? 2 : 0;
  if (snapshot.gaps.length > 0)
    throw new Error(
      `Nothing was removed, since not everything could be read: ${snapshot.gaps.join("; ")}`,
    );
  const count = free.reduce((sum, one) => sum + one.free.length, 0);
  const question = `Take away ${counted(count, "rule")} in ${place.account} ${place.region}?`;
  if (!(await agree(question, options, around))) return 2;
  const world = writingWorld(place);
  for (const { group, free: rules } of free)
    for (const { rule, answer } of await world.remove(group, rules))
      paper.line(
        `${group}: ${ruleText(rule)} ${answer.kind === "done" ? "is gone" : "was changed meanwhile, and stays"}`,
      );
  return needed.length > 0 ? 2 : 0;
}

function sayRules(leaving: readonly Leaving[], { line, colour }: Paper): void {
  if (leaving.length === 0)
    line("There is no rule of elb-only's in the groups behind load balancers.");
  for (const { group, name, free, needed } of leaving) {
    line(colour.bold(`${group} ${plain(name)}`));
    for (const rule of free) line(`  ${ruleText(rule)}: can go, nobody needs it`);
    for (const { rule, loadBalancer } of needed)
      line(colour.yellow(`  ${ruleText(rule)}: stays, or ${plain(loadBalancer)} would be cut off`));
  }
}
