import type { Failure } from "../../values/errors.ts";

/**
 * Every error that lib/aws throws: what AWS said is its `cause`, and what it means its `failure`, an own property, so that those who may not
 * import this can read it. `denied`: a permission or credentials are missing. `gone`: the group acted upon is not there. `throttled`: AWS had no room,
 * whatever the retries.
 */
export type FailedCall = Error & { readonly failure: Failure };

const isFailedCall = (error: unknown): error is FailedCall =>
  error instanceof Error && "failure" in error;

/** What AWS calls the error: "InvalidPermission.Duplicate". Empty where the error is not AWS's. */
export function codeOf(error: unknown): string {
  if (isFailedCall(error)) return codeOf(error.cause);
  return error instanceof Error && error.name !== "Error" ? error.name : "";
}

/** Had AWS been asked before, without an answer? Then an earlier request may have had its effect. */
export function wasAskedAgain(answer: unknown): boolean {
  if (isFailedCall(answer)) return wasAskedAgain(answer.cause);
  const { $metadata } = answer as { readonly $metadata?: { readonly attempts?: number } };
  return ($metadata?.attempts ?? 1) > 1;
}

const denied = new Set([
  "UnauthorizedOperation",
  "AccessDenied",
  "AccessDeniedException",
  "AuthFailure",
  "AuthorizationError",
  "CredentialsProviderError",
  "ExpiredToken",
  "ExpiredTokenException",
  "InvalidClientTokenId",
  "MissingAuthenticationToken",
  "OptInRequired",
  "RequestExpired",
  "SignatureDoesNotMatch",
  "UnrecognizedClientException",
]);

const throttled = new Set([
  "RequestLimitExceeded",
  "Throttling",
  "ThrottlingException",
  "ThrottledException",
  "TooManyRequestsException",
  "RequestThrottled",
  "RequestThrottledException",
  "BandwidthLimitExceeded",
  "SlowDown",
  "PriorRequestNotComplete",
]);

function kindOf(error: unknown): Failure["kind"] {
  const code = codeOf(error);
  if (denied.has(code)) return "denied";
  if (throttled.has(code)) return "throttled";
  return code === "InvalidGroup.NotFound" ? "gone" : "other";
}

/** One line; EC2's encoded authorization message is long, and for machines. */
const inShort = (text: string): string => {
  const line = (text.split(/\s*Encoded authorization failure message/i)[0] ?? "")
    .replaceAll(/\s+/g, " ")
    .trim();
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
};

/** What a thrown error means. */
export function failureOf(error: unknown): Failure {
  if (isFailedCall(error)) return error.failure;
  const said = inShort(error instanceof Error ? error.message : String(error));
  return { kind: kindOf(error), text: [codeOf(error), said].filter(Boolean).join(": ") };
}

/** The error to throw for a failed call, which is named as permissions are: `ec2:DescribeVpcs`. */
export function failedCall(name: string, cause: unknown): FailedCall {
  const { kind, text } = failureOf(cause);
  return Object.assign(new Error(`${name}: ${text}`, { cause }), {
    failure: { kind, text: `${name}: ${text}` },
  });
}

/** Not there: which error codes say so differs from service to service, and from what the SDK calls them. */
export const isNotFound = (error: unknown): boolean => /NotFound(Exception)?$/.test(codeOf(error));

/** Makes a call; its failure is thrown as a `FailedCall`. */
export async function call<Answer>(name: string, sent: Promise<Answer>): Promise<Answer> {
  try {
    return await sent;
  } catch (error) {
    throw failedCall(name, error);
  }
}
