import type { Clock } from "../remediation/ports.ts";
import { ec2, elb, elbv2 } from "./clients.ts";
import { type Aws, connect } from "./connect.ts";

export type ReadService = "ec2" | "elb" | "elbv2";

/** What AWS would answer to an operation, in the SDK's shape: which is the aws CLI's, too. Throws where it does not know. */
export type AnswerTo = (service: ReadService, operation: string, input: object) => object;

/** A connection that sends nothing: every operation is answered here. */
export function answeredBy(answerTo: AnswerTo, clock: Clock): Aws {
  const nobody = { accessKeyId: "none", secretAccessKey: "none" };
  const aws = connect({ ec2, elb, elbv2 }, { region: "us-east-1", credentials: nobody, clock });
  const clients: Readonly<Record<ReadService, unknown>> = aws;
  for (const service of ["ec2", "elb", "elbv2"] as const) {
    const { middlewareStack } = clients[service] as Answered;
    middlewareStack.add(
      (_, { commandName = "" }) =>
        ({ input }) =>
          new Promise((resolve) =>
            resolve({ output: answerTo(service, commandName.replace(/Command$/, ""), input) }),
          ),
      { step: "initialize", priority: "high", name: "answered" },
    );
  }
  return aws;
}

/** As much of every client as answering takes. */
interface Answered {
  readonly middlewareStack: {
    add(
      answering: (
        next: unknown,
        context: { readonly commandName?: string },
      ) => (request: { readonly input: object }) => Promise<{ readonly output: object }>,
      where: { readonly step: "initialize"; readonly priority: "high"; readonly name: string },
    ): void;
  };
}
