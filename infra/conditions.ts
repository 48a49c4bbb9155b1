import { Aws, type CfnCondition, type CfnResource, Fn, type IResolvable } from "aws-cdk-lib";

/** Yes or no: known when the template is made, or, as a condition of the template, only when it is deployed. */
export type Condition = boolean | CfnCondition;

/** The one value or the other; without the other, the item of a list is left out. */
export function either<T>(condition: Condition, yes: T, no: T): T | IResolvable;
export function either<T>(condition: Condition, yes: T): T | undefined | IResolvable;
export function either<T>(condition: Condition, yes: T, no?: T): T | undefined | IResolvable {
  if (typeof condition === "boolean") return condition ? yes : no;
  return Fn.conditionIf(condition.logicalId, yes, no ?? Aws.NO_VALUE);
}

/** As `either`, where a text is needed; `Aws.NO_VALUE` leaves a property out. */
export function eitherText(condition: Condition, yes: string, no: string): string {
  if (typeof condition === "boolean") return condition ? yes : no;
  return Fn.conditionIf(condition.logicalId, yes, no).toString();
}

/** Makes resources that exist only if so. */
export function onlyIf(condition: Condition, make: () => readonly CfnResource[]): void {
  if (condition === false) return;
  for (const resource of make()) if (condition !== true) resource.cfnOptions.condition = condition;
}
