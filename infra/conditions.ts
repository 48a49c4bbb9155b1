import { Aws, type CfnCondition, type CfnResource, Fn, type IResolvable } from "aws-cdk-lib";

/** Yes or no: known when the template is made, or, as a condition of the template, only when it is deployed. */
export type Choice = boolean | CfnCondition;

/** The one value or the other; without the other, the item of a list is left out. */
export function either<T>(choice: Choice, yes: T, no: T): T | IResolvable;
export function either<T>(choice: Choice, yes: T): T | undefined | IResolvable;
export function either<T>(choice: Choice, yes: T, no?: T): T | undefined | IResolvable {
  if (typeof choice === "boolean") return choice ? yes : no;
  return Fn.conditionIf(choice.logicalId, yes, no ?? Aws.NO_VALUE);
}

/** As `either`, where a text is needed; `Aws.NO_VALUE` leaves a property out. */
export function eitherText(choice: Choice, yes: string, no: string): string {
  if (typeof choice === "boolean") return choice ? yes : no;
  return Fn.conditionIf(choice.logicalId, yes, no).toString();
}

/** Makes resources that exist only if so. */
export function onlyIf(choice: Choice, make: () => readonly CfnResource[]): void {
  if (choice === false) return;
  for (const resource of make()) if (choice !== true) resource.cfnOptions.condition = choice;
}
