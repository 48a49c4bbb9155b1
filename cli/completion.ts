import { Argument, type Command } from "commander";
import { bashCompletion } from "./completion/bash.ts";
import { fishCompletion } from "./completion/fish.ts";
import { treeOf } from "./completion/tree.ts";
import { zshCompletion } from "./completion/zsh.ts";
import type { Act } from "./shell/act.ts";
import type { Surroundings } from "./shell/surroundings.ts";

const shells = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;
type Shell = keyof typeof shells;

const examples = `
Examples
  elb-only completion bash >> ~/.bash_completion
  source <(elb-only completion zsh)
  elb-only completion fish > ~/.config/fish/completions/elb-only.fish
`;

/** `elb-only completion`: a script that completes commands, options and their values. */
export function addCompletion(program: Command, around: Surroundings, act: Act): void {
  program
    .command("completion")
    .summary("a script that completes commands, options and values in your shell")
    .description(
      "Prints a script that completes commands, options and their values.\nExit code: 0 printed, 1 an error.",
    )
    .addArgument(new Argument("<shell>", "whose script").choices(Object.keys(shells)))
    .addHelpText("after", examples)
    .action((shell: Shell) =>
      act(() => {
        around.stdout.write(shells[shell](treeOf(program)));
        return Promise.resolve(0);
      }),
    );
}
