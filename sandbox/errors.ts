/** An error as AWS answers it: a code for programs, a sentence for people, and the HTTP status. */
export interface AwsError extends Error {
  readonly code: string;
  readonly status: number;
}

export const awsError = (code: string, message: string, status = 400): AwsError =>
  Object.assign(new Error(message), { name: "AwsError", code, status });

export const isAwsError = (error: unknown): error is AwsError =>
  error instanceof Error && error.name === "AwsError";

export const invalidValue = (message: string): AwsError =>
  awsError("InvalidParameterValue", message);

export const missing = (parameter: string): AwsError =>
  awsError("MissingParameter", `The request must contain the parameter ${parameter}`);
