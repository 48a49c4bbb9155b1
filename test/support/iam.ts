/** A statement of a policy, as IAM's grammar has it. */
export interface PolicyStatement {
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** One request, with the keys that AWS puts into its context. */
export interface IamRequest {
  readonly action: string;
  readonly resource: string;
  /** As a policy names who calls: an ARN of a role or a user, or a service's name. */
  readonly principal: string;
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

const list = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : value === undefined ? [] : [value]).map(String);

const like = (pattern: string, value: string): boolean =>
  new RegExp(
    `^${pattern
      .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
    "s",
  ).test(value);

/** ARNs are compared part by part: a wildcard does not reach over a colon, but in the last part. */
function arnLike(pattern: string, value: string): boolean {
  const parts = (arn: string): readonly string[] => {
    const all = arn.split(":");
    return [...all.slice(0, 5), all.slice(5).join(":")];
  };
  const wanted = parts(pattern);
  const found = parts(value);
  return wanted.every((part, place) => like(part, found[place] ?? ""));
}

const operators: Readonly<Record<string, (wanted: string, value: string) => boolean>> = {
  Bool: (wanted, value) => wanted === value,
  StringEquals: (wanted, value) => wanted === value,
  StringLike: like,
  ArnEquals: arnLike,
  ArnLike: arnLike,
};

/**
 * Does a condition hold? What is not in the context fails an operator, and passes its negation.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
function holds(
  operator: string,
  key: string,
  wanted: unknown,
  context: IamRequest["context"],
): boolean {
  const values = list(context[key]);
  if (operator.startsWith("ForAllValues:")) {
    const each = operator.slice("ForAllValues:".length);
    return values.every((value) => holds(each, key, wanted, { [key]: value }));
  }
  if (operator.startsWith("ForAnyValue:")) {
    const each = operator.slice("ForAnyValue:".length);
    return values.some((value) => holds(each, key, wanted, { [key]: value }));
  }
  if (operator === "Null") return (values.length === 0) === (String(wanted) === "true");
  const positive = operator.replace("Not", "");
  const matches = operators[positive];
  if (matches === undefined) throw new Error(`The condition operator ${operator} is not known.`);
  const found = values.some((value) => list(wanted).some((one) => matches(one, value)));
  return positive === operator ? found : !found;
}

const isFor = (principal: unknown, who: string): boolean =>
  principal === undefined ||
  principal === "*" ||
  Object.values(principal as object).some((named) => list(named).includes(who));

const applies = (
  { Principal, Action, Resource, Condition = {} }: PolicyStatement,
  { action, resource, principal, context }: IamRequest,
): boolean =>
  isFor(Principal, principal) &&
  list(Action).some((one) => like(one, action)) &&
  (Resource === undefined || list(Resource).some((one) => like(one, resource))) &&
  Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => holds(operator, key, wanted, context)),
  );

/** What a policy says of a request: an explicit deny goes before every allow. */
export function decided(
  policy: readonly PolicyStatement[],
  request: IamRequest,
): "denied" | "allowed" | "neither" {
  const effects = policy.filter((one) => applies(one, request)).map(({ Effect }) => Effect);
  if (effects.includes("Deny")) return "denied";
  return effects.includes("Allow") ? "allowed" : "neither";
}
