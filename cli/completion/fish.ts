import type { CommandTree, KnownOption, Taken } from "./tree.ts";

const quoted = (text: string): string => `'${text.replaceAll(/['\\]/g, "\\$&")}'`;

function values(taken: Taken): string {
  switch (taken.kind) {
    case "nothing":
      return "";
    case "choice":
      return ` -x -a ${quoted(taken.choices.join(" "))}`;
    case "file":
      return " -r -F";
    case "value":
      return " -x";
  }
}

const spelled = ({ flags }: KnownOption): string =>
  flags
    .map((flag) => (flag.startsWith("--") ? ` -l ${flag.slice(2)}` : ` -s ${flag.slice(1)}`))
    .join("");

export function fishCompletion({ program, commands, options }: CommandTree): string {
  const line = (when: string, what: string, description: string): string =>
    `complete -c ${program} -n ${quoted(when)}${what} -d ${quoted(description)}`;
  return [
    `# Completion of ${program} for fish: ${program} completion fish | source`,
    `complete -c ${program} -f`,
    ...commands.map(({ name, summary }) => line("__fish_use_subcommand", ` -a ${name}`, summary)),
    ...options.map((one) =>
      line("__fish_use_subcommand", spelled(one) + values(one.takes), one.description),
    ),
    ...commands.flatMap(({ name, options: all, argument }) => [
      ...all.map((one) =>
        line(
          `__fish_seen_subcommand_from ${name}`,
          spelled(one) + values(one.takes),
          one.description,
        ),
      ),
      ...(argument.kind === "choice"
        ? [
            `complete -c ${program} -n ${quoted(`__fish_seen_subcommand_from ${name}`)} -a ${quoted(argument.choices.join(" "))}`,
          ]
        : []),
    ]),
    "",
  ].join("\n");
}
