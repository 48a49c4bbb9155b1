import { GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { call } from "./api/errors.ts";
import type { Connection } from "./connect.ts";

/** What a function is told by its environment. */
export async function functionEnvironment(
  { lambda }: Connection<"lambda">,
  functionName: string,
): Promise<Readonly<Record<string, string>>> {
  const asked = new GetFunctionConfigurationCommand({ FunctionName: functionName });
  const { Environment } = await call("lambda:GetFunctionConfiguration", lambda.send(asked));
  return Environment?.Variables ?? {};
}
