/** A statement of a queue's policy; its `Sid` is what people are told of it. */
export interface QueueStatement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal: "*" | { readonly Service: string } | { readonly AWS: readonly string[] };
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: object;
}

/** ARNs of the EventBridge rules and of the roles that may put messages on a queue. */
interface Senders {
  readonly rules?: readonly string[];
  readonly roles?: readonly string[];
}

/**
 * A queue's policy: nobody gets in without TLS; and where its senders are named, nobody else sends, whatever their own policies allow.
 * A service has no `aws:PrincipalArn` and a role no `aws:SourceArn`; a condition that negates is true of what is not there.
 */
export const queuePolicy = (
  queueArn: string,
  { rules = [], roles = [] }: Senders = {},
): readonly QueueStatement[] => {
  const sending = { Action: ["sqs:SendMessage"], Resource: [queueArn] };
  const others = {
    ...(rules.length === 0 ? {} : { "aws:SourceArn": rules }),
    ...(roles.length === 0 ? {} : { "aws:PrincipalArn": roles }),
  };
  return [
    {
      Sid: "NobodyWithoutTls",
      Effect: "Deny",
      Principal: "*",
      Action: ["sqs:*"],
      Resource: [queueArn],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
    ...(rules.length === 0
      ? []
      : [
          {
            Sid: "Rules",
            Effect: "Allow",
            Principal: { Service: "events.amazonaws.com" },
            ...sending,
            Condition: { ArnEquals: { "aws:SourceArn": rules } },
          } as const,
        ]),
    ...(roles.length === 0
      ? []
      : [{ Sid: "Roles", Effect: "Allow", Principal: { AWS: roles }, ...sending } as const]),
    ...(Object.keys(others).length === 0
      ? []
      : [
          {
            Sid: "NobodyElse",
            Effect: "Deny",
            Principal: "*",
            ...sending,
            Condition: { ArnNotEquals: others },
          } as const,
        ]),
  ];
};
