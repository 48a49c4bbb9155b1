import type { CommandTree, KnownOption, Taken } from "./tree.ts";

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** In a specification of `_arguments` these mean something. */
const plainly = (text: string): string => text.replaceAll(/[[\]:\\]/g, "\\$&");

function values(taken: Taken): string {
  switch (taken.kind) {
    case "nothing":
      return "";
    case "choice":
      return `:choice:(${taken.choices.join(" ")})`;
    case "file":
      return ":file:_files";
    case "value":
      return `:${taken.name}: `;
  }
}

const specifications = (options: readonly KnownOption[]): readonly string[] =>
  options.flatMap(({ flags, description, takes }) =>
    flags.map((flag) => quoted(`*${flag}[${plainly(description)}]${values(takes)}`)),
  );

export function zshCompletion({ program, commands, options }: CommandTree): string {
  const name = `_${program}`;
  const cases = commands.map(({ name: own, options: all, argument }) => {
    const given = argument.kind === "nothing" ? [] : [quoted(`1${values(argument)}`)];
    return `    ${own})\n      _arguments \\\n        ${[...specifications(all), ...given].join(" \\\n        ")} ;;`;
  });
  return `#compdef ${program}
# Completion of ${program} for zsh: source <(${program} completion zsh)
${name}() {
  local -a commands
  commands=(
${commands.map((one) => `    ${quoted(`${one.name}:${one.summary.replaceAll(":", "\\:")}`)}`).join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    _arguments \\
      ${specifications(options).join(" \\\n      ")}
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT -= 1 ))
  case $command in
${cases.join("\n")}
  esac
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then ${name} "$@"; else compdef ${name} ${program}; fi
`;
}
