/** An answer, or what CloudTrail shows of a call: named values, lists and structures. What is undefined is left out. */
export type Value = string | number | boolean | Date | undefined | Tree | readonly Value[];
export interface Tree {
  readonly [name: string]: Value;
}

export const isList = (value: Value): value is readonly Value[] => Array.isArray(value);

export const isTree = (value: Value): value is Tree =>
  typeof value === "object" && !isList(value) && !(value instanceof Date);
