import { parseArgs } from "node:util";

export interface Options {
  /** End after the story, even on a terminal. */
  readonly once: boolean;
  readonly tour: boolean;
  readonly json: boolean;
  readonly verbose: boolean;
  readonly noColor: boolean;
  /** Of the AWS on this machine; 0: any free one. */
  readonly port: number;
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
  port: "where that AWS listens, as in --port 8080; any free port, unless given",
  help: "this text",
} as const;

const spelled = Object.keys(known).map((name) => `--${name}`);

const help = `elb-only at work, on an AWS that runs on this machine.

Usage: npm start -- [options]                    builds the functions, then tells the story
       npm start --silent -- --json | jq .       --silent: or npm's own lines come before the JSON
       node demo/main.ts [options]               as they were built last

${Object.entries(known)
  .map(([name, meaning]) => `  --${name.padEnd(10)}${meaning}`)
  .join("\n")}

On a terminal it serves a page to watch it on, and stays up afterwards for you to try it by hand; Ctrl-C ends it.
Exit code: 0 if every proof holds, 1 if one does not, 2 if an option is unknown.
`;

/** Reads the command line's arguments; every problem in one text. */
export function readOptions(args: readonly string[]): Given {
  const { tokens } = parseArgs({
    args: [...args],
    options: { port: { type: "string" } },
    strict: false,
    tokens: true,
  });
  const given = tokens.filter((token) => token.kind !== "option-terminator");
  const problems = given.flatMap(problemsOf);
  if (problems.length > 0)
    return { kind: "wrong", text: `${problems.join("; ")}.\nAllowed: ${spelled.join(", ")}.\n` };
  const named = given.filter((token) => token.kind === "option");
  const has = (...names: readonly string[]): boolean =>
    named.some(({ name }) => names.includes(name));
  if (has("help", "h")) return { kind: "help", text: help };
  return {
    kind: "run",
    options: {
      once: has("once"),
      tour: has("tour"),
      json: has("json"),
      verbose: has("verbose"),
      noColor: has("no-color"),
      port: Number(named.findLast(({ name }) => name === "port")?.value ?? 0),
    },
  };
}

type Token = Exclude<
  NonNullable<ReturnType<typeof parseArgs>["tokens"]>[number],
  { readonly kind: "option-terminator" }
>;

function problemsOf(token: Token): readonly string[] {
  if (token.kind === "positional") return [`"${token.value}" is not an option`];
  const { name, rawName, value } = token;
  if (name === "port")
    return isPort(value) ? [] : [`${rawName} takes a port, 1 to 65535${was(value)}`];
  if (name !== "h" && !Object.hasOwn(known, name)) return [`${rawName} is not an option`];
  return value === undefined ? [] : [`${rawName} takes no value${was(value)}`];
}

const isPort = (value: string | undefined): boolean =>
  value !== undefined && /^[1-9]\d{0,4}$/.test(value) && Number(value) <= 65_535;

const was = (value: string | undefined): string =>
  value === undefined ? "" : `, and was given "${value}"`;
