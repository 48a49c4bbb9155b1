import { Command, CommanderError } from "commander";
import { addCompletion } from "../completion.ts";
import { addAdopt } from "../adopt.ts";
import { addApply } from "../apply.ts";
import { addDoctor } from "../doctor.ts";
import { addExemptions } from "../exemptions.ts";
import { addExplain } from "../explain.ts";
import { addHistory } from "../history.ts";
import { addHold, addPause } from "../hold.ts";
import { addPlan } from "../plan.ts";
import { addReport } from "../report.ts";
import { addResume } from "../resume.ts";
import { addSnapshot } from "../snapshot.ts";
import { addStatus } from "../status.ts";
import { addUndo } from "../undo.ts";
import { addUninstall } from "../uninstall.ts";
import { addVerify } from "../verify.ts";
import type { Act } from "./act.ts";
import type { Surroundings } from "./surroundings.ts";
import { version } from "./version.ts";

const help = `
Exit codes
  0   nothing to do: all is as it should be
  2   something to do: plan has changes, verify found what should not be
  1   an error: nothing can be said

Start here
  elb-only plan --region eu-west-1        what would change, and for whom
  elb-only report --region eu-west-1      the same as a page to look at
  elb-only explain i-0123456789abcdef0    who can reach it, and by which rule
  elb-only verify --region eu-west-1      for pipelines

plan, report, verify, explain, exemptions, adopt, doctor and snapshot write
nothing to AWS: the permissions of the managed policy SecurityAudit are enough.
pause, resume and hold write to the state table alone.
apply, undo and uninstall ask before they change a security group.
`;

const commands = [
  addPlan,
  addReport,
  addVerify,
  addExplain,
  addSnapshot,
  addApply,
  addExemptions,
  addAdopt,
  addStatus,
  addHistory,
  addUndo,
  addHold,
  addPause,
  addResume,
  addDoctor,
  addUninstall,
  addCompletion,
];

/** Runs one command line; answers its exit code. What is wrong goes to standard error, without a stack trace. */
export async function run(args: readonly string[], around: Surroundings): Promise<number> {
  let code = 0;
  const act: Act = async (work) => {
    code = await work();
  };
  const program = new Command("elb-only")
    .description("Are load-balanced back ends reachable only through their load balancers?")
    .version(version, "-V, --version", "the version")
    .helpOption("-h, --help", "this help")
    .helpCommand("help [command]", "a command's help, with examples")
    .option("--no-color", "no colours (nor with NO_COLOR set, nor when piped)")
    .option("--debug", "with an error, where in the program it came from")
    .showSuggestionAfterError(true)
    .configureHelp({ showGlobalOptions: true, styleTitle: (title) => title })
    .configureOutput({
      writeOut: (text) => void around.stdout.write(text),
      writeErr: (text) => void around.stderr.write(text),
      getOutHelpWidth: () => Math.min(110, around.stdout.columns ?? 100),
      getErrHelpWidth: () => Math.min(110, around.stderr.columns ?? 100),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
      outputError: () => {},
    })
    .addHelpText("after", help)
    .exitOverride();
  for (const add of commands) add(program, around, act);
  try {
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    around.stderr.write(`elb-only: ${wordsFor(error, program, args)}\n`);
    if (args.includes("--debug") && error instanceof Error)
      around.stderr.write(`${detailsOf(error)}\n`);
    return 1;
  }
}

/** An error in words; of a wrong command line also what is allowed. */
function wordsFor(error: unknown, program: Command, args: readonly string[]): string {
  if (!(error instanceof CommanderError))
    return error instanceof Error ? error.message : String(error);
  const text = error.message.replace(/^error: /, "");
  const command = program.commands.find((one) => args.includes(one.name()));
  const allowed = (command?.options ?? []).map(({ long }) => long ?? "");
  const names = program.commands.map((one) => one.name());
  switch (error.code) {
    case "commander.unknownOption":
      return `${text}\nAllowed: ${[...allowed, ...(command === undefined ? ["--version", "--help"] : ["--help"])].join(", ")}.`;
    case "commander.unknownCommand":
      return `${text}\nAllowed: ${names.join(", ")}.`;
    default:
      return `${text}${command === undefined ? "" : `\nSee: elb-only ${command.name()} --help`}`;
  }
}

function detailsOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\nCaused by: ${detailsOf(error.cause)}` : "";
  return `${error.stack ?? error.message}${cause}`;
}
