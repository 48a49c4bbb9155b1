/** One thing that a deployment, or one of the functions, can be told. Every value is a text. */
export interface Setting {
  /** In a sentence or two. */
  readonly about: string;
  /** Missing: it has to be given if it is `required`, and may be left out if not. */
  readonly default?: string;
  readonly required?: true;
  readonly allowed: Allowed;
  /** The environment variable that tells the functions. Missing: it concerns the deployment alone. */
  readonly variable?: string;
  readonly readBy?: readonly Reader[];
}

/** The functions that read settings. */
export type Reader = "enforce" | "verify" | "notify";

/** Some values; or a pattern and what it stands for, where the value is a list with what can be wrong with an item. */
export type Allowed =
  | readonly string[]
  | { readonly pattern: RegExp; readonly text: string; readonly list?: List };

interface List {
  /** What is wrong with an item; undefined where nothing is. */
  readonly problem: (item: string) => string | undefined;
  /** How an empty list is written. */
  readonly empty: string;
}

export const booleans = ["true", "false"] as const;

/** "audit, enforce, ignore", or what the pattern stands for. */
export const allowedText = ({ allowed, default: standard }: Setting): string =>
  "pattern" in allowed
    ? `${allowed.text}${standard === "" ? ", or nothing" : ""}`
    : allowed.join(", ");

/** The items of a list: between commas, with or without blanks. */
export function itemsOf({ allowed }: Setting, text: string): readonly string[] {
  const empty = "pattern" in allowed ? allowed.list?.empty : undefined;
  return text.trim() === empty ? [] : text.split(",").map((item) => item.trim());
}

/** What is wrong with a value, each problem on a line: the name, the value given, the values allowed. */
export function problemsOf(setting: Setting, name: string, given: string): readonly string[] {
  const { allowed } = setting;
  const allowing = `allowed: ${allowedText(setting)}`;
  const whole = [`${name} is ${quoted(given)}; ${allowing}`];
  if (!("pattern" in allowed)) return allowed.includes(given) ? [] : whole;
  const { pattern, list } = allowed;
  if (list === undefined) return pattern.test(given) ? [] : whole;
  if (given.trim() === "" && list.empty !== "") return whole;
  return itemsOf(setting, given).flatMap((item) => {
    const problem = list.problem(item);
    return problem === undefined ? [] : [`${name} has ${quoted(item)}; ${problem}`];
  });
}

const quoted = (text: string): string =>
  text.length > 100 ? `"${text.slice(0, 100)}..."` : `"${text}"`;
