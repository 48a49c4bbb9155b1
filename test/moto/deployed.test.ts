import { createHash } from "node:crypto";
import { AuthorizeSecurityGroupIngressCommand } from "@aws-sdk/client-ec2";
import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventPatterns } from "../../lib/triggers/eventPatterns.ts";
import { matches } from "../../sandbox/events/patterns.ts";
import { brief, inbound, tcp } from "../contract/groups.ts";
import { sample, sampleNames } from "../triggers/samples.ts";
import { event, newBackEnd } from "./backEnds.ts";
import { deliveries } from "./differences.ts";
import {
  drain,
  published,
  started,
  subscribe,
  take,
  type FunctionName,
  type Functions,
} from "./functions.ts";
import { connected, endpoint, reset } from "./moto.ts";
import { deploy, deployedFunction, unplug, zipFile, type Stack } from "./stack.ts";

const aws = connected();
let stack: Stack;
let functions: Functions;
let enforceQueue: string;
let notifyQueue: string;

/** CloudFormation's answers name AWS's own hosts. */
const here = (url: string): string => `${endpoint()}${new URL(url).pathname}`;
const isUrl = (text: string): boolean => text.startsWith("https://sqs.");
const made = (id: string): string => {
  const physical = stack.made[id];
  if (physical === undefined || physical === "")
    throw new Error(`The stack has no ${id}; it has ${Object.keys(stack.made).join(", ")}`);
  return physical;
};

async function environment(id: string): Promise<Readonly<Record<string, string>>> {
  const { Variables } = (await deployedFunction(made(id))).Environment;
  return Object.fromEntries(
    Object.entries(Variables).map(([name, value]) => [name, isUrl(value) ? here(value) : value]),
  );
}

beforeAll(async () => {
  await reset();
  stack = await deploy({ DefaultMode: "enforce" });
  for (const reader of ["EnforceQueueReader", "NotifyQueueReader"]) await unplug(made(reader));
  enforceQueue = here(made("EnforceQueue"));
  notifyQueue = here(made("NotifyQueue"));
  functions = started({
    enforce: await environment("EnforceFunction"),
    verify: await environment("VerifyFunction"),
    notify: await environment("NotifyFunction"),
  });
});
afterAll(() => functions.close());

const openPorts = (GroupId: string) =>
  aws.ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId,
      IpPermissions: [tcp(80, "0.0.0.0/0"), tcp(22, "0.0.0.0/0")],
    }),
  );

interface Event {
  readonly source: string;
  readonly "detail-type": string;
  readonly detail: object;
}
async function put({ source, "detail-type": DetailType, detail }: Event): Promise<void> {
  const { FailedEntryCount } = await aws.events.send(
    new PutEventsCommand({
      Entries: [{ Source: source, DetailType, Detail: JSON.stringify(detail) }],
    }),
  );
  expect(FailedEntryCount).toBe(0);
}

describe("the stack", () => {
  it("is complete, and its outputs name what it made", () => {
    expect(stack.status).toBe("CREATE_COMPLETE");
    expect(stack.outputs["EnforceQueueUrl"]).toBe(made("EnforceQueue"));
    expect(stack.outputs["AlertTopicInUse"]).toBe(made("AlertTopic"));
    expect(stack.outputs["EnforceFunctionName"]).toBe(made("EnforceFunction"));
  });

  it.each<[string, FunctionName]>([
    ["EnforceFunction", "enforce"],
    ["VerifyFunction", "verify"],
    ["NotifyFunction", "notify"],
  ])("has as %s the bundle that was built", async (id, name) => {
    const zip = await zipFile(name);
    expect((await deployedFunction(made(id))).CodeSha256).toBe(
      createHash("sha256").update(zip).digest("base64"),
    );
  });
});

describe("an event on the bus", () => {
  it.each(["classic", "application", "network"] as const)(
    "reaches the queue, and the back end of a %s load balancer is closed",
    async (kind) => {
      const { back, front } = await newBackEnd(aws, kind);
      await openPorts(back);
      const request = {
        groupId: back,
        ipPermissions: {},
        ipProtocol: "tcp",
        fromPort: 80,
        toPort: 80,
        cidrIp: "0.0.0.0/0",
      };
      await put(event("aws.ec2.AuthorizeSecurityGroupIngress.flat-form", request));
      expect(await drain(aws, enforceQueue, functions.enforce)).toBe(1);
      const rules = [`tcp 80-80 ${front}`, `tcp 8081-8081 ${front}`, "tcp 22-22 0.0.0.0/0"];
      expect((await inbound(aws.ec2, back)).map(brief).sort()).toEqual(rules.sort());
      const outcomes = (await take(aws, notifyQueue)).map(
        ({ Body = "" }) => JSON.parse(Body) as object,
      );
      expect(outcomes).toMatchObject([{ group: back, result: "changed" }]);
    },
  );

  it("is not needed: the sweep finds an open back end, and people hear of it", async () => {
    const inbox = await subscribe(aws, made("AlertTopic"));
    const { back } = await newBackEnd(aws, "application");
    await openPorts(back);
    await functions.verify.invoke({});
    expect(await drain(aws, enforceQueue, functions.enforce)).toBeGreaterThan(0);
    await drain(aws, notifyQueue, functions.notify);
    const subjects = (await published(aws, inbox)).map(({ Subject }) => Subject);
    expect(
      subjects.filter((subject) => subject.startsWith("closed tcp/80 to the internet")),
    ).toEqual([expect.stringContaining(back)]);
  });

  it("is delivered by the stack's rules exactly where the patterns say so", async () => {
    const role = stack.outputs["EnforceRoleArn"] ?? "";
    const patterns = Object.values(eventPatterns([role]));
    const otherwise: string[] = [];
    for (const name of sampleNames) {
      const one = JSON.parse(
        JSON.stringify(sample(name)).replaceAll(
          "arn:aws:iam::123456789012:role/elb-only-enforce",
          role,
        ),
      ) as Event;
      await put(one);
      const arrived = await take(aws, enforceQueue);
      const expected = patterns.filter((pattern) => matches(pattern, one)).length;
      if (arrived.length !== expected) otherwise.push(name);
    }
    expect(otherwise).toEqual(Object.keys(deliveries));
  });
});
