import type { GroupId } from "../../lib/values/rule.ts";

/** Security groups as they were named; throws what is no id. */
export function groupIds(texts: readonly string[]): readonly GroupId[] {
  const wrong = texts.find((one) => !/^sg-[0-9a-z]{8,17}$/.test(one));
  if (wrong !== undefined)
    throw new Error(`'${wrong}' is no security group. Allowed: ids as in sg-0123456789abcdef0.`);
  return [...new Set(texts)];
}
