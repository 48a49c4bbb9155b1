import type { Alert } from "../state/sns.ts";
import type { Cloud } from "../state/cloud.ts";
import { awsError } from "../errors.ts";
import { account } from "../identities.ts";
import type { Operations } from "../operation.ts";
import { structure, structures, text } from "../wire/params.ts";

export const topicArn = (cloud: Cloud, name: string): string =>
  `arn:aws:sns:${cloud.region}:${account}:${name}`;

export const invalid = (what: string) => awsError("InvalidParameter", `Invalid parameter: ${what}`);

/** SNS, query protocol. */
export const snsOperations: Operations = {
  Publish: {
    run: (cloud, params) => {
      const topic = text(params, "TopicArn");
      if (topic === undefined)
        throw invalid("TopicArn or TargetArn Reason: no value for required parameter");
      if (!cloud.topics.has(topic)) throw awsError("NotFound", "Topic does not exist", 404);
      const message = text(params, "Message");
      if (message === undefined) throw invalid("Empty message");
      if (Buffer.byteLength(message) > 262_144) throw invalid("Message too long");
      const subject = text(params, "Subject");
      // ASCII, one line, less than 100 characters.
      if (subject !== undefined && !/^[!-~][ -~]{0,98}$/.test(subject)) throw invalid("Subject");
      const attributes = structures(params, "MessageAttributes").map((entry) => {
        const value = structure(entry, "Value") ?? {};
        const [name, string] = [text(entry, "Name"), text(value, "StringValue")];
        if (name === undefined || text(value, "DataType") === undefined || string === undefined) {
          throw awsError(
            "ParameterValueInvalid",
            `The message attribute '${name ?? ""}' must contain non-empty message attribute value.`,
          );
        }
        return [name, string] as const;
      });
      const alert: Alert = {
        id: cloud.ids.uuid(),
        topic,
        message,
        ...(subject === undefined ? {} : { subject }),
        attributes: Object.fromEntries(attributes),
        at: cloud.now(),
      };
      cloud.alerts.push(alert);
      return { MessageId: alert.id };
    },
  },
};
