import type { CommandTree, KnownOption, Taken } from "./tree.ts";

const words = (options: readonly KnownOption[]): string =>
  options.flatMap(({ flags }) => flags).join(" ");

/** Completions of one place; of files bash knows by itself. */
function reply(taken: Taken): string {
  switch (taken.kind) {
    case "choice":
      return `COMPREPLY=($(compgen -W "${taken.choices.join(" ")}" -- "$word")); return`;
    case "file":
      return "return";
    case "value":
    case "nothing":
      return "compopt +o default 2>/dev/null; return";
  }
}

export function bashCompletion({ program, commands, options }: CommandTree): string {
  const name = `_${program.replaceAll("-", "_")}`;
  const names = commands.map((one) => one.name);
  const cases = commands.flatMap((command) =>
    command.options
      .filter(({ takes }) => takes.kind !== "nothing")
      .map(
        ({ flags, takes }) =>
          `    ${flags.map((flag) => `"${command.name} ${flag}"`).join("|")}) ${reply(takes)} ;;`,
      ),
  );
  return `# Completion of ${program} for bash: source <(${program} completion bash)
${name}() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" command= each
  for each in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$each" in ${names.join("|")}) command="$each"; break ;; esac
  done
  case "$command $before" in
${cases.join("\n")}
  esac
  case "$command" in
${commands
  .map(({ name: own, options: all, argument }) => {
    const choices = argument.kind === "choice" ? ` ${argument.choices.join(" ")}` : "";
    return `    ${own}) COMPREPLY=($(compgen -W "${words(all)}${choices}" -- "$word")) ;;`;
  })
  .join("\n")}
    *) COMPREPLY=($(compgen -W "${names.join(" ")} ${words(options)}" -- "$word")) ;;
  esac
}
complete -o default -F ${name} ${program}
`;
}
