import { awsError, invalidValue } from "../errors.ts";
import { integer, text, type Params } from "../wire/params.ts";

interface Limits {
  readonly min: number;
  readonly max: number;
  /** The parameter that lists ids, with which MaxResults does not go. */
  readonly notWith?: string;
}

const encode = (offset: number): string => Buffer.from(`page:${offset}`).toString("base64url");

function decode(token: string): number {
  const [, offset] = /^page:(\d+)$/.exec(Buffer.from(token, "base64url").toString()) ?? [];
  if (offset === undefined)
    throw awsError("InvalidNextToken", `Invalid value '${token}' for nextToken.`);
  return Number(offset);
}

/** One page, and where the next one begins; EC2's errors for what it does not take. */
export function page<Item>(
  items: readonly Item[],
  params: Params,
  { min, max, notWith }: Limits,
): { readonly items: readonly Item[]; readonly next?: string } {
  const size = integer(params, "MaxResults");
  if (size !== undefined && size < min) {
    throw invalidValue(
      `Value ( ${size} ) for parameter maxResults is invalid. Expecting a value greater than or equal to ${min}.`,
    );
  }
  if (size !== undefined && size > max) {
    throw invalidValue(
      `Value ( ${size} ) for parameter maxResults is invalid. Expecting a value less than or equal to ${max}.`,
    );
  }
  if (size !== undefined && notWith !== undefined && params[notWith] !== undefined) {
    throw awsError(
      "InvalidParameterCombination",
      `The parameter ${notWith} cannot be used with the parameter maxResults`,
    );
  }
  const token = text(params, "NextToken");
  const start = token === undefined ? 0 : decode(token);
  const end = start + (size ?? max);
  return { items: items.slice(start, end), ...(end < items.length ? { next: encode(end) } : {}) };
}
