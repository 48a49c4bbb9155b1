import type { Aws } from "./connect.ts";

/** Every operation that only reads is called so, in EC2 as in both APIs of ELB. */
const reads = /^(?:Describe|Get|List)[A-Z]/;

/** The connection, which from now on refuses whatever could change something, before anything is sent. */
export function readOnly(aws: Aws): Aws {
  for (const { middlewareStack } of [aws.ec2, aws.elb, aws.elbv2] as readonly Stacked[])
    middlewareStack.add(
      (next, { commandName = "an unknown operation" }) =>
        async (request) => {
          if (!reads.test(commandName))
            throw new Error(`${commandName.replace(/Command$/, "")} is refused: this only reads.`);
          return next(request);
        },
      { step: "initialize", priority: "high", name: "readOnly" },
    );
  return aws;
}

/** As much of every client as refusing takes. */
interface Stacked {
  readonly middlewareStack: {
    add(
      refusing: <Request, Answer>(
        next: (request: Request) => Promise<Answer>,
        context: { readonly commandName?: string },
      ) => (request: Request) => Promise<Answer>,
      where: { readonly step: "initialize"; readonly priority: "high"; readonly name: string },
    ): void;
  };
}
