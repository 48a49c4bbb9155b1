import { PutEventSelectorsCommand, StopLoggingCommand } from "@aws-sdk/client-cloudtrail";
import {
  DeleteRuleCommand,
  DisableRuleCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  type Target,
} from "@aws-sdk/client-eventbridge";
import {
  DeleteEventSourceMappingCommand,
  DeleteFunctionEventInvokeConfigCommand,
  ListEventSourceMappingsCommand,
  PutFunctionConcurrencyCommand,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import { ListSubscriptionsCommand, UnsubscribeCommand } from "@aws-sdk/client-sns";
import { DeleteQueueCommand, SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { names } from "../../sandbox/functions.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { type Clients, clients } from "../contract/backend.ts";
import { type Bundled, bundled } from "../sandbox/bundled.ts";
import { canaryId } from "../infra/located.ts";
import { deployedEnvironment, deployedPatterns, deployPolicies } from "./wiring.ts";

let product: Bundled;
let sandbox: Sandbox;
let policies: ReadonlyMap<string, string>;

beforeAll(async () => {
  product = await bundled();
});
afterAll(() => product.remove());

/** The functions with the template's rules, policies and settings around them. */
beforeEach(async () => {
  sandbox = await product.start(deployedEnvironment(), {
    patterns: deployedPatterns(),
    maxReceiveCount: 8,
  });
  sandbox.world.prefixList({ id: canaryId, name: "elb-only.canary", entries: [] });
  policies = await deployPolicies(sandbox);
  sandbox.forget();
});
afterEach(() => sandbox.close());

const logged = () =>
  sandbox.logs.map(({ text }) => JSON.parse(text) as Readonly<Record<string, unknown>>);
const armed = () => logged().flatMap(({ Armed }) => (typeof Armed === "number" ? [Armed] : []));

const proven = () =>
  logged().flatMap(({ ArmedProven }) => (typeof ArmedProven === "number" ? [ArmedProven] : []));

async function sweep(): Promise<void> {
  await sandbox.invoke("verify", {});
  await sandbox.idle();
}

const urlOf = (queue: string): string => `${sandbox.endpoint}/123456789012/${queue}`;
const rule = "elb-only.securityGroups";

async function targetOf({ events }: Clients): Promise<Target> {
  const { Targets } = await events.send(new ListTargetsByRuleCommand({ Rule: rule }));
  return Targets?.[0] ?? { Id: "none", Arn: "none" };
}

const retarget = async (to: Clients, changed: Partial<Target>): Promise<unknown> =>
  to.events.send(
    new PutTargetsCommand({ Rule: rule, Targets: [{ ...(await targetOf(to)), ...changed }] }),
  );

async function mappingOf({ lambda }: Clients, name: string): Promise<string> {
  const { EventSourceMappings } = await lambda.send(
    new ListEventSourceMappingsCommand({ FunctionName: name }),
  );
  return EventSourceMappings?.[0]?.UUID ?? "";
}

async function deleteRule({ events }: Clients, name: string): Promise<void> {
  await events.send(new RemoveTargetsCommand({ Rule: name, Ids: ["enforce"] }));
  await events.send(new DeleteRuleCommand({ Name: name }));
}

const setPolicy = ({ sqs }: Clients, queue: string, statements: readonly object[]) =>
  sqs.send(
    new SetQueueAttributesCommand({
      QueueUrl: urlOf(queue),
      Attributes: { Policy: JSON.stringify({ Version: "2012-10-17", Statement: statements }) },
    }),
  );

const statementsOf = (queue: string): readonly { readonly Sid: string }[] =>
  (JSON.parse(policies.get(queue) ?? "{}") as { Statement: readonly { Sid: string }[] }).Statement;

const anybody = {
  Effect: "Allow",
  Principal: "*",
  Action: "sqs:SendMessage",
  Resource: "*",
};

const narrowed = JSON.stringify({
  source: ["aws.ec2"],
  "detail-type": ["AWS API Call via CloudTrail"],
  detail: { eventName: ["RevokeSecurityGroupIngress"] },
});

const revert = "Revert the stack's drift (docs/operations.md#not-armed).";

/** Who breaks what, and what people are then told: which part it is, and how to mend it. */
const deviations: readonly (readonly [string, (to: Clients) => Promise<unknown>, string])[] = [
  ...Object.keys(deployedPatterns()).map(
    (name) =>
      [
        `deletes the rule ${name}`,
        (to: Clients) => deleteRule(to, name),
        `The EventBridge rule ${name} is missing: its calls wake nobody. ${revert}`,
      ] as const,
  ),
  [
    "disables a rule",
    ({ events }) => events.send(new DisableRuleCommand({ Name: rule })),
    `The EventBridge rule ${rule} is disabled. Enable it: aws events enable-rule --name ${rule}`,
  ],
  [
    "narrows a rule's pattern",
    ({ events }) => events.send(new PutRuleCommand({ Name: rule, EventPattern: narrowed })),
    `The EventBridge rule ${rule} asks for other events than this version reads (detail.eventSource, detail.eventName, detail.errorCode, detail.userIdentity), and may miss calls. ${revert}`,
  ],
  [
    "leads a rule elsewhere",
    (to) => retarget(to, { Arn: "arn:aws:sqs:us-east-1:123456789012:elsewhere" }),
    `The EventBridge rule ${rule} does not have the enforce queue as its target: its calls wake nobody. ${revert}`,
  ],
  [
    "puts an input transformer between",
    (to) => retarget(to, { InputTransformer: { InputTemplate: '"nothing"' } }),
    `The EventBridge rule ${rule} puts something else in the place of the events that it delivers (input, input path or input transformer). ${revert}`,
  ],
  [
    "takes away a rule's dead letters",
    (to) => retarget(to, { DeadLetterConfig: {} }),
    `The EventBridge rule ${rule} loses what it cannot deliver (dead letters, retries). ${revert}`,
  ],
  [
    "takes away a rule's retries",
    (to) =>
      retarget(to, { RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 } }),
    `The EventBridge rule ${rule} loses what it cannot deliver (dead letters, retries). ${revert}`,
  ],
  [
    "lets everybody send to the enforce queue",
    (to) =>
      setPolicy(to, names.enforceQueue, [
        ...statementsOf(names.enforceQueue).filter(({ Sid }) => Sid !== "NobodyElse"),
        { Sid: "Open", ...anybody },
      ]),
    `The policy of the enforce queue is not as deployed (NobodyElse is missing or changed, Open is new): what belongs there may be refused, or strangers let in. ${revert}`,
  ],
  [
    "keeps the rules from the enforce queue",
    (to) =>
      setPolicy(
        to,
        names.enforceQueue,
        statementsOf(names.enforceQueue).filter(({ Sid }) => Sid !== "Rules"),
      ),
    `The policy of the enforce queue is not as deployed (Rules is missing or changed): what belongs there may be refused, or strangers let in. ${revert}`,
  ],
  [
    "lets everybody send to the notify queue",
    (to) => setPolicy(to, names.notifyQueue, [anybody]),
    `The policy of the notify queue is not as deployed (NobodyWithoutTls is missing or changed, Roles is missing or changed, NobodyElse is missing or changed, a statement without a name is new): what belongs there may be refused, or strangers let in. ${revert}`,
  ],
  [
    "keeps the rules from their dead letters",
    (to) => setPolicy(to, names.ruleDeadLetters, []),
    `The policy of the queue of the rules' dead letters is not as deployed (NobodyWithoutTls is missing or changed, Rules is missing or changed, NobodyElse is missing or changed): what belongs there may be refused, or strangers let in. ${revert}`,
  ],
  [
    "leads the enforce queue's dead letters elsewhere",
    ({ sqs }) =>
      sqs.send(
        new SetQueueAttributesCommand({
          QueueUrl: urlOf(names.enforceQueue),
          Attributes: {
            RedrivePolicy: JSON.stringify({
              deadLetterTargetArn: `arn:aws:sqs:us-east-1:123456789012:${names.sweepDeadLetters}`,
              maxReceiveCount: 1,
            }),
          },
        }),
      ),
    `The enforce queue does not keep what was tried 8 times: its redrive policy is not as deployed. ${revert}`,
  ],
  [
    "deletes a queue of dead letters",
    ({ sqs }) => sqs.send(new DeleteQueueCommand({ QueueUrl: urlOf(names.sweepDeadLetters) })),
    `The queue of the sweep's dead letters is gone. ${revert}`,
  ],
  [
    "deletes the event source mapping of enforce",
    async (to) =>
      to.lambda.send(
        new DeleteEventSourceMappingCommand({ UUID: await mappingOf(to, "elb-only-enforce") }),
      ),
    `Nothing hands the function elb-only-enforce its queue's messages. ${revert}`,
  ],
  [
    "has the event source mapping of notify filter",
    async (to) =>
      to.lambda.send(
        new UpdateEventSourceMappingCommand({
          UUID: await mappingOf(to, "elb-only-notify"),
          FilterCriteria: { Filters: [{ Pattern: '{"body":["nothing"]}' }] },
        }),
      ),
    `The event source mapping of elb-only-notify filters: what it leaves out is deleted unread. ${revert}`,
  ],
  [
    "has failed messages deleted",
    async (to) =>
      to.lambda.send(
        new UpdateEventSourceMappingCommand({
          UUID: await mappingOf(to, "elb-only-enforce"),
          FunctionResponseTypes: [],
        }),
      ),
    `The event source mapping of elb-only-enforce does not ask which messages failed: they are not delivered again. ${revert}`,
  ],
  [
    "lets enforce not run at all",
    ({ lambda }) =>
      lambda.send(
        new PutFunctionConcurrencyCommand({
          FunctionName: "elb-only-enforce",
          ReservedConcurrentExecutions: 0,
        }),
      ),
    "The function elb-only-enforce may not run: its reserved concurrency is 0. Take that away: aws lambda delete-function-concurrency --function-name elb-only-enforce",
  ],
  [
    "has failed sweeps forgotten",
    ({ lambda }) =>
      lambda.send(
        new DeleteFunctionEventInvokeConfigCommand({
          FunctionName: "elb-only-verify",
          Qualifier: "$LATEST",
        }),
      ),
    `Sweeps that fail are not kept: elb-only-verify has another destination for them, or none. ${revert}`,
  ],
  [
    "stops the trail",
    ({ cloudTrail }) => cloudTrail.send(new StopLoggingCommand({ Name: "management-events" })),
    "The trail management-events is not logging. Start it: aws cloudtrail start-logging --name arn:aws:cloudtrail:us-east-1:123456789012:trail/management-events",
  ],
  [
    "takes ELB's calls out of the trail",
    ({ cloudTrail }) =>
      cloudTrail.send(
        new PutEventSelectorsCommand({
          TrailName: "management-events",
          AdvancedEventSelectors: [
            {
              FieldSelectors: [
                { Field: "eventCategory", Equals: ["Management"] },
                { Field: "eventSource", NotEquals: ["elasticloadbalancing.amazonaws.com"] },
              ],
            },
          ],
        }),
      ),
    "The trail management-events logs no management events that write of elasticloadbalancing.amazonaws.com: put that into its event selectors (aws cloudtrail put-event-selectors --trail-name arn:aws:cloudtrail:us-east-1:123456789012:trail/management-events).",
  ],
];

describe("the sweep", () => {
  it("finds everything that wakes enforcement as the template deploys it", async () => {
    await sweep();
    expect([armed(), sandbox.alerts, sandbox.failures]).toEqual([[1], [], []]);
  });

  it("proves it by a call of its own, whose record comes back to enforcement and changes nothing", async () => {
    await sweep();
    // Its own table apart, which is no part of what it looks after.
    const calls = sandbox.calls.filter(
      ({ caller, service }) => caller.startsWith("elb-only") && service !== "dynamodb",
    );
    expect(calls.filter(({ action }) => !/^(Describe|Get|List)/.test(action))).toMatchObject([
      { action: "CreateTags", caller: "elb-only-verify", ok: true },
    ]);
    expect(proven()).toEqual([1]);
  });

  it("does not prove it where the record does not come back, whatever is in its place", async () => {
    sandbox.setTrail(false);
    await sweep();
    expect(proven()).toEqual([]);
    sandbox.setTrail(true);
    sandbox.forget();
    await deleteRule(clients(sandbox, "mallory"), "elb-only.tags");
    await sweep();
    expect(proven()).toEqual([]);
  });

  it.each(deviations)("tells who %s, and how to mend it", async (_, tamper, problem) => {
    await tamper(clients(sandbox, "mallory"));
    await sweep();
    expect(armed()).toEqual([0]);
    expect(logged().find(({ message }) => message === "Not armed")).toMatchObject({
      problems: [problem],
    });
    expect(sandbox.alerts.map(({ attributes }) => attributes["kind"])).toEqual(["not-armed"]);
    expect(sandbox.alerts[0]?.message).toContain(`  ${problem}\n`);
  });

  it("tells that enforce's event source mapping is disabled, and how to enable it", async () => {
    const UUID = await mappingOf(clients(sandbox), "elb-only-enforce");
    await clients(sandbox, "mallory").lambda.send(
      new UpdateEventSourceMappingCommand({ UUID, Enabled: false }),
    );
    await sweep();
    expect(sandbox.alerts.map(({ message }) => message)).toEqual([
      expect.stringContaining(`aws lambda update-event-source-mapping --uuid ${UUID} --enabled`),
    ]);
  });

  it("tells who takes everybody off the topics, by an alarm and by an alert", async () => {
    const { sns } = clients(sandbox, "mallory");
    const { Subscriptions = [] } = await sns.send(new ListSubscriptionsCommand({}));
    for (const { SubscriptionArn } of Subscriptions)
      await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
    await sweep();
    expect(logged().flatMap(({ AlertsHeard }) => AlertsHeard ?? [])).toEqual([0]);
    expect(sandbox.alerts.map(({ subject, attributes }) => [subject, attributes["kind"]])).toEqual([
      [expect.stringMatching(/^not heard in us-east-1: Nobody hears alerts/), "unheard"],
    ]);
  });
});
