import { parseArgs } from "node:util";

export interface Options {
  /** End after the story, even on a terminal. */
  readonly once: boolean;
  readonly tour: boolean;
  readonly json: boolean;
  readonly verbose: boolean;
  readonly noColor: boolean;
}

export type Given =
  | { readonly kind: "run"; readonly options: Options }
  | { readonly kind: "help"; readonly text: string }
  | { readonly kind: "wrong"; readonly text: string };

const known = {
  once: "end after the story, even on a terminal",
  tour: "then show what it refuses to do, and why",
  json: "one JSON document instead of text; ends after the story",
  verbose: "every call, every message in full, and the functions' own logs",
  "no-color": "no colours (nor with NO_COLOR set, nor when piped)",
  help: "this text",
} as const;

const spelled = Object.keys(known).map((name) => `--${name}`);

const help = `elb-only at work, on an AWS that runs on this machine.

Usage: npm start -- [options]    builds the functions, then tells the story
       node demo/main.ts [options]

${Object.entries(known)
  .map(([name, meaning]) => `  --${name.padEnd(10)}${meaning}`)
  .join("\n")}

On a terminal it stays up afterwards, for you to try it by hand; Ctrl-C ends it.
Exit code: 0 if every proof holds, 1 if one does not, 2 if an option is unknown.
`;

/** Reads the command line's arguments; every problem in one text. */
export function readOptions(args: readonly string[]): Given {
  const { tokens } = parseArgs({ args: [...args], strict: false, tokens: true });
  const given = tokens.filter((token) => token.kind !== "option-terminator");
  const names = new Set<string>(
    given.flatMap((token) =>
      token.kind === "option" ? [token.name === "h" ? "help" : token.name] : [],
    ),
  );
  const problems = given.flatMap((token) => {
    if (token.kind === "positional") return [`"${token.value}" is not an option`];
    if (token.name !== "h" && !Object.hasOwn(known, token.name))
      return [`${token.rawName} is not an option`];
    return token.value === undefined
      ? []
      : [`${token.rawName} takes no value, and was given "${token.value}"`];
  });
  if (problems.length > 0)
    return { kind: "wrong", text: `${problems.join("; ")}.\nAllowed: ${spelled.join(", ")}.\n` };
  if (names.has("help")) return { kind: "help", text: help };
  return {
    kind: "run",
    options: {
      once: names.has("once"),
      tour: names.has("tour"),
      json: names.has("json"),
      verbose: names.has("verbose"),
      noColor: names.has("no-color"),
    },
  };
}
