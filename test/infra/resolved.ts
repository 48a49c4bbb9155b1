import type { Template } from "aws-cdk-lib/assertions";

type Values = Readonly<Record<string, unknown>>;
interface Parsed {
  readonly Parameters?: Readonly<Record<string, { readonly Default?: unknown }>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Values>>>>;
  readonly Conditions?: Values;
  readonly Resources: Readonly<Record<string, Values>>;
  readonly Outputs: Values;
}

const nothing = Symbol("AWS::NoValue");

/**
 * The resources and outputs that CloudFormation makes of a template with these parameters and pseudo parameters.
 * References to resources stay; everything else is evaluated.
 */
export function resolved(
  template: Template,
  given: Values,
): { readonly Resources: Values; readonly Outputs: Values } {
  const {
    Parameters = {},
    Mappings = {},
    Conditions = {},
    Resources,
    Outputs,
  } = template.toJSON() as Parsed;
  const defaults = Object.fromEntries(
    Object.entries(Parameters).map(([name, { Default }]) => [name, Default]),
  );
  const values: Values = { ...defaults, ...given, "AWS::NoValue": nothing };

  const holds = (condition: unknown): boolean => Boolean(evaluate(Conditions[condition as string]));
  const evaluate = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(evaluate).filter((item) => item !== nothing);
    if (typeof value !== "object" || value === null) return value;
    const [[name, of] = ["", undefined]] = Object.entries(value);
    switch (name) {
      case "Ref":
        return Object.hasOwn(values, of as string) ? values[of as string] : value;
      case "Fn::If": {
        const [condition, yes, no] = of as readonly unknown[];
        return evaluate(holds(condition) ? yes : no);
      }
      case "Fn::Equals": {
        const [a, b] = evaluate(of) as readonly unknown[];
        return a === b;
      }
      case "Fn::Not":
        return !(evaluate(of) as readonly unknown[])[0];
      case "Fn::FindInMap": {
        const [map = "", first = "", second = ""] = evaluate(of) as readonly string[];
        return Mappings[map]?.[first]?.[second];
      }
      case "Fn::Join":
        return joined(evaluate((of as readonly unknown[])[1]) as readonly unknown[]);
      default:
        return Object.fromEntries(
          Object.entries(value)
            .map(([key, inner]) => [key, evaluate(inner)] as const)
            .filter(([, inner]) => inner !== nothing),
        );
    }
  };

  const made = Object.entries(Resources).filter(
    ([, { Condition }]) => Condition === undefined || holds(Condition),
  );
  return {
    Resources: Object.fromEntries(
      made.map(([id, resource]) => [
        id,
        evaluate({ ...resource, Condition: { Ref: "AWS::NoValue" } }),
      ]),
    ),
    Outputs: evaluate(Outputs) as Values,
  };
}

/** Adjacent texts become one; what only the deployment knows stays between them. */
function joined(parts: readonly unknown[]): unknown {
  const merged: unknown[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (typeof part === "string" && typeof last === "string")
      merged[merged.length - 1] = last + part;
    else merged.push(part);
  }
  return merged.length === 1 ? merged[0] : { "Fn::Join": ["", merged] };
}
