/** A statement of a policy, as IAM's grammar has it. */
export interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: object;
}

export const statement = (
  Effect: "Allow" | "Deny",
  Action: readonly string[],
  Resource: readonly string[],
  Condition?: object,
): Statement => ({
  Effect,
  Action,
  Resource,
  ...(Condition === undefined ? {} : { Condition }),
});

export const allow = (
  actions: readonly string[],
  resources: readonly string[],
  condition?: object,
): Statement => statement("Allow", actions, resources, condition);
