import { GetTopicAttributesCommand } from "@aws-sdk/client-sns";
import type { Audience } from "../remediation/ports.ts";
import { call } from "./api/errors.ts";
import type { Connection } from "./connect.ts";

/** Who subscribed to topics. Throws what SNS refuses. */
export const createAudience = ({ sns }: Connection<"sns">): Audience => ({
  confirmed: async (TopicArn) => {
    const asked = new GetTopicAttributesCommand({ TopicArn });
    const { Attributes = {} } = await call("sns:GetTopicAttributes", sns.send(asked));
    return Number(Attributes["SubscriptionsConfirmed"] ?? 0);
  },
});
