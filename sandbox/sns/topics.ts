import { awsError } from "../errors.ts";
import { account } from "../identities.ts";
import type { Operations } from "../operation.ts";
import type { Cloud } from "../state/cloud.ts";
import type { Subscription } from "../state/sns.ts";
import { text, type Params } from "../wire/params.ts";
import type { Tree } from "../wire/tree.ts";
import { invalid, topicArn } from "./sns.ts";

function needed(params: Params, name: string): string {
  const value = text(params, name);
  if (value === undefined) throw invalid(name);
  return value;
}

function topicOf(cloud: Cloud, params: Params): string {
  const topic = needed(params, "TopicArn");
  if (!cloud.topics.has(topic)) throw awsError("NotFound", "Topic does not exist", 404);
  return topic;
}

const subscriptionShape = ({ arn, topic, protocol, endpoint }: Subscription): Tree => ({
  SubscriptionArn: arn,
  Owner: account,
  Protocol: protocol,
  Endpoint: endpoint,
  TopicArn: topic,
});

const ofTopic = (cloud: Cloud, topic: string): readonly Subscription[] =>
  [...cloud.subscriptions.values()].filter((subscription) => subscription.topic === topic);

/** SNS's topics, query protocol. Subscriptions are kept, and nothing is delivered to them. */
export const topicOperations: Operations = {
  CreateTopic: {
    run: (cloud, params) => {
      const name = needed(params, "Name");
      if (!/^[\w-]{1,256}$/.test(name)) throw invalid("Topic Name");
      const TopicArn = topicArn(cloud, name);
      cloud.topics.add(TopicArn);
      return { TopicArn };
    },
  },

  /** Deleting what is not there is no error. */
  DeleteTopic: {
    run: (cloud, params) => {
      const topic = needed(params, "TopicArn");
      cloud.topics.delete(topic);
      for (const { arn } of ofTopic(cloud, topic)) cloud.subscriptions.delete(arn);
      return {};
    },
  },

  ListTopics: {
    run: (cloud) => ({ Topics: [...cloud.topics].map((TopicArn) => ({ TopicArn })) }),
  },

  GetTopicAttributes: {
    run: (cloud, params) => {
      const topic = topicOf(cloud, params);
      const attributes = {
        TopicArn: topic,
        Owner: account,
        DisplayName: "",
        SubscriptionsConfirmed: String(ofTopic(cloud, topic).length),
        SubscriptionsPending: "0",
        SubscriptionsDeleted: "0",
      };
      return {
        Attributes: { entry: Object.entries(attributes).map(([key, value]) => ({ key, value })) },
      };
    },
  },

  Subscribe: {
    run: (cloud, params) => {
      const topic = topicOf(cloud, params);
      const arn = `${topic}:${cloud.ids.uuid()}`;
      cloud.subscriptions.set(arn, {
        arn,
        topic,
        protocol: needed(params, "Protocol"),
        endpoint: needed(params, "Endpoint"),
      });
      return { SubscriptionArn: arn };
    },
  },

  Unsubscribe: {
    run: (cloud, params) => {
      cloud.subscriptions.delete(needed(params, "SubscriptionArn"));
      return {};
    },
  },

  ListSubscriptions: {
    run: (cloud) => ({ Subscriptions: [...cloud.subscriptions.values()].map(subscriptionShape) }),
  },

  ListSubscriptionsByTopic: {
    run: (cloud, params) => ({
      Subscriptions: ofTopic(cloud, topicOf(cloud, params)).map(subscriptionShape),
    }),
  },
};
