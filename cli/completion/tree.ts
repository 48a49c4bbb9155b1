import type { Argument, Command, Option } from "commander";

/** What may follow an option, or stand for an argument. */
export type Taken =
  | { readonly kind: "nothing" }
  | { readonly kind: "file" }
  | { readonly kind: "value"; readonly name: string }
  | { readonly kind: "choice"; readonly choices: readonly string[] };

export interface KnownOption {
  /** "--region", and "-V" where there is a short one. */
  readonly flags: readonly string[];
  readonly description: string;
  readonly takes: Taken;
}

export interface KnownCommand {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly KnownOption[];
  readonly argument: Taken;
}

/** All that can be typed, as commander itself knows it. */
export interface CommandTree {
  readonly program: string;
  readonly commands: readonly KnownCommand[];
  /** Those of the program itself. */
  readonly options: readonly KnownOption[];
}

export function treeOf(program: Command): CommandTree {
  const help = program.createHelp();
  const own = help.visibleOptions(program).map(known);
  // Those that every command understands, too.
  const everywhere = program.options.map(known).filter(({ flags }) => !flags.includes("-V"));
  return {
    program: program.name(),
    options: own,
    commands: help.visibleCommands(program).map((command) => ({
      name: command.name(),
      summary: command.summary() || command.description(),
      options: [...help.visibleOptions(command).map(known), ...everywhere],
      argument: argumentOf(command.registeredArguments[0], program),
    })),
  };
}

const known = (option: Option): KnownOption => ({
  flags: [option.long, option.short].filter((flag) => typeof flag === "string"),
  description: option.description,
  takes: takenBy(option),
});

function takenBy({ flags, argChoices, required, optional }: Option): Taken {
  if (argChoices !== undefined) return { kind: "choice", choices: argChoices };
  if (!required && !optional) return { kind: "nothing" };
  const [, name = "value"] = /[<[]([\w-]+)/.exec(flags) ?? [];
  return /^(?:files?|path)$/.test(name) ? { kind: "file" } : { kind: "value", name };
}

function argumentOf(argument: Argument | undefined, program: Command): Taken {
  if (argument === undefined) return { kind: "nothing" };
  if (argument.argChoices !== undefined) return { kind: "choice", choices: argument.argChoices };
  return argument.name() === "command"
    ? { kind: "choice", choices: program.commands.map((one) => one.name()) }
    : { kind: "value", name: argument.name() };
}
