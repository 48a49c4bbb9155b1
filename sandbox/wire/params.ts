import { awsError, invalidValue, missing } from "../errors.ts";

/** A request's parameters: texts, lists and structures, as they came (query protocols), or parsed JSON. */
export type Params = Readonly<Record<string, unknown>>;

const isParams = (value: unknown): value is Params =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A query protocol's body as a tree: `A.1.B=x` and `A.member.1.B=x` both become `{A: [{B: "x"}]}`. */
export function parseForm(body: string): Params {
  const tree: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [path, value] of new URLSearchParams(body)) {
    const names = path.split(".");
    let node = tree;
    for (const name of names.slice(0, -1)) {
      // An empty list says nothing but its name; what follows it is the better word.
      if (!isParams(node[name])) node[name] = Object.create(null);
      node = node[name] as Record<string, unknown>;
    }
    node[names.at(-1) ?? ""] = value;
  }
  return asLists(tree) as Params;
}

function asLists(node: unknown): unknown {
  if (!isParams(node)) return node;
  const names = Object.keys(node);
  const [only] = names;
  if (names.length === 1 && (only === "member" || only === "entry") && isParams(node[only]))
    return asLists(node[only]);
  if (names.length > 0 && names.every((name) => /^\d+$/.test(name))) {
    return names.sort((a, b) => Number(a) - Number(b)).map((name) => asLists(node[name]));
  }
  return Object.fromEntries(names.map((name) => [name, asLists(node[name])]));
}

/** Empty texts count as absent, as they do for AWS where a value is needed. */
export function text(params: Params, name: string): string | undefined {
  const value = params[name];
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function required(params: Params, name: string): string {
  const value = text(params, name);
  if (value === undefined) throw missing(`${name.charAt(0).toLowerCase()}${name.slice(1)}`);
  return value;
}

export function integer(params: Params, name: string): number | undefined {
  const value = text(params, name);
  if (value === undefined) return undefined;
  if (!/^-?\d+$/.test(value))
    throw invalidValue(`Invalid value '${value}' for ${name}. Expecting an integer.`);
  return Number(value);
}

export const flag = (params: Params, name: string): boolean => text(params, name) === "true";

function list(params: Params, name: string): readonly unknown[] {
  const value = params[name];
  if (value === undefined || value === "") return [];
  if (!Array.isArray(value)) throw awsError("MalformedQueryString", `${name} is not a list.`);
  return value;
}

export const texts = (params: Params, name: string): readonly string[] =>
  list(params, name).map(String);

export const structures = (params: Params, name: string): readonly Params[] =>
  list(params, name).map((item) => (isParams(item) ? item : {}));

export function structure(params: Params, name: string): Params | undefined {
  const value = params[name];
  return isParams(value) ? value : undefined;
}
