import type { Pattern } from "../state/events.ts";

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Does an event match? Every field of the pattern has to; a list of alternatives matches where one of them does, and a list in
 * the event where one of its elements does. Throws on an operator that it does not know, rather than match nothing for ever.
 */
export function matches(pattern: Pattern, event: unknown): boolean {
  if (Array.isArray(event) && event.length > 0)
    return event.some((element) => matches(pattern, element));
  const fields = isFields(event) ? event : {};
  return Object.entries(pattern as Fields).every(([name, wanted]) => {
    if (name === "$or" && Array.isArray(wanted))
      return wanted.some((alternative) => matches(alternative as Pattern, fields));
    if (Array.isArray(wanted)) return leafMatches(wanted, leaves(fields[name]));
    if (isFields(wanted)) return matches(wanted, fields[name]);
    throw new Error(
      `Event pattern: "${name}" must be an object or a list, not ${JSON.stringify(wanted)}.`,
    );
  });
}

type Leaf = string | number | boolean | null;

/** The plain values of a field. An object is no value: to the operators the field does not exist. */
function leaves(value: unknown): readonly Leaf[] {
  if (Array.isArray(value)) return value.flatMap(leaves);
  return value === undefined || isFields(value) ? [] : [value as Leaf];
}

function leafMatches(alternatives: readonly unknown[], values: readonly Leaf[]): boolean {
  return alternatives.some((alternative) => {
    if (isFields(alternative) && "exists" in alternative)
      return alternative["exists"] === values.length > 0;
    return values.some((value) => valueMatches(alternative, value));
  });
}

function valueMatches(alternative: unknown, value: Leaf): boolean {
  if (!isFields(alternative)) return alternative === value;
  const [[operator, operand] = ["", undefined], ...more] = Object.entries(alternative);
  if (more.length > 0)
    throw new Error(`Event pattern: one operator at a time, not ${JSON.stringify(alternative)}.`);
  switch (operator) {
    case "prefix":
      return (
        typeof value === "string" && affix(operand, value, (text, part) => text.startsWith(part))
      );
    case "suffix":
      return (
        typeof value === "string" && affix(operand, value, (text, part) => text.endsWith(part))
      );
    case "equals-ignore-case":
      return typeof value === "string" && value.toLowerCase() === String(operand).toLowerCase();
    case "wildcard":
      return typeof value === "string" && wildcard(String(operand)).test(value);
    case "anything-but":
      return !listed(operand).some((refused) => valueMatches(refused, value));
    case "numeric":
      return typeof value === "number" && numeric(operand, value);
    default:
      throw new Error(`Event pattern: the operator "${operator}" is not known.`);
  }
}

/** `anything-but` takes one value, a list, or an operator whose operand may be a list. */
function listed(operand: unknown): readonly unknown[] {
  if (Array.isArray(operand)) return operand;
  if (!isFields(operand)) return [operand];
  return Object.entries(operand).flatMap(([operator, operands]) =>
    listed(operands).map((one) => ({ [operator]: one })),
  );
}

function affix(
  operand: unknown,
  value: string,
  has: (text: string, part: string) => boolean,
): boolean {
  if (isFields(operand))
    return has(value.toLowerCase(), String(operand["equals-ignore-case"]).toLowerCase());
  return has(value, String(operand));
}

const wildcard = (text: string): RegExp =>
  new RegExp(
    `^${text
      .split("*")
      .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`))
      .join(".*")}$`,
    "s",
  );

/** `[">=", 0, "<", 10]` */
function numeric(operand: unknown, value: number): boolean {
  if (!Array.isArray(operand))
    throw new Error(`Event pattern: "numeric" takes a list, not ${JSON.stringify(operand)}.`);
  return operand.every((comparison, index) => {
    if (index % 2 === 1) return true;
    const bound = Number(operand[index + 1]);
    switch (comparison) {
      case "=":
        return value === bound;
      case "<":
        return value < bound;
      case "<=":
        return value <= bound;
      case ">":
        return value > bound;
      case ">=":
        return value >= bound;
      default:
        throw new Error(`Event pattern: the comparison "${String(comparison)}" is not known.`);
    }
  });
}
