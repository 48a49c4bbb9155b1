import { awsError } from "../errors.ts";

/**
 * Terms of a filter pattern: all plain ones are in the message, one of those with `?` if there are any, none of those with `-`;
 * quoted ones may have spaces. What selects in JSON or between brackets is refused rather than match nothing.
 */
export function filterPattern(pattern: string): (message: string) => boolean {
  if (/^\s*[{[%]/.test(pattern))
    throw awsError(
      "InvalidParameterException",
      "The sandbox takes terms as a filter pattern, and no JSON, bracket or regular expression patterns.",
    );
  const terms = [...pattern.matchAll(/([?-]?)(?:"([^"]*)"|(\S+))/g)].map(
    ([, sign = "", quoted, plain]) => ({ sign, term: quoted ?? plain ?? "" }),
  );
  const signed = (wanted: string) =>
    terms.filter(({ sign }) => sign === wanted).map(({ term }) => term);
  const [all, some, none] = [signed(""), signed("?"), signed("-")];
  return (message) =>
    all.every((term) => message.includes(term)) &&
    (some.length === 0 || some.some((term) => message.includes(term))) &&
    !none.some((term) => message.includes(term));
}
