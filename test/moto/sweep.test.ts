import { AuthorizeSecurityGroupIngressCommand } from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { brief, inbound, tcp } from "../contract/groups.ts";
import { event, newBackEnd } from "./backEnds.ts";
import {
  built,
  drain,
  published,
  send,
  take,
  wire,
  type Functions,
  type Wiring,
} from "./functions.ts";
import { connected, recorded, reset } from "./moto.ts";

const aws = connected();
let wiring: Wiring;
let functions: Functions;

beforeAll(async () => {
  wiring = await wire(aws);
  functions = built(wiring);
});
beforeEach(async () => {
  await reset();
  await wire(aws);
});
afterAll(() => functions.close());

const briefly = async (group: string) => (await inbound(aws.ec2, group)).map(brief).sort();
const openToAll = (GroupId: string) =>
  aws.ec2.send(
    new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [tcp(80, "0.0.0.0/0")] }),
  );

describe("the sweep", () => {
  it("finds what no event told of, and changes nothing itself", async () => {
    const { back } = await newBackEnd(aws, "application");
    await openToAll(back);
    const calls = await recorded(() => functions.verify.invoke({}));
    expect(calls.filter((one) => /^(Authorize|Revoke|Modify|Create|Delete)/.test(one))).toEqual([]);
    expect(await briefly(back)).toEqual(["tcp 80-80 0.0.0.0/0"]);
    const [handed, ...more] = await take(aws, wiring.enforceQueue);
    expect(more).toEqual([]);
    expect(JSON.parse(handed?.Body ?? "")).toMatchObject({
      source: "elb-only",
      "detail-type": "elb-only drift",
      detail: { groups: [back] },
    });
  });

  it.each(["classic", "application", "network"] as const)(
    "hands over the back end of a %s load balancer, which is put right",
    async (kind) => {
      const { back, front } = await newBackEnd(aws, kind);
      await openToAll(back);
      await functions.verify.invoke({});
      expect(await drain(aws, wiring.enforceQueue, functions.enforce)).toBeGreaterThan(0);
      expect(await briefly(back)).toEqual([`tcp 80-80 ${front}`, `tcp 8081-8081 ${front}`]);
      await functions.verify.invoke({});
      expect(await take(aws, wiring.enforceQueue)).toEqual([]);
    },
  );
});

describe("an outcome", () => {
  it("becomes a message at the topic: what was closed, on which group, and who had opened it", async () => {
    const { back, registration } = await newBackEnd(aws, "classic");
    await functions.enforce.invoke(registration);
    await take(aws, wiring.notifyQueue);
    await openToAll(back);
    const request = {
      groupId: back,
      ipPermissions: {},
      ipProtocol: "tcp",
      fromPort: 80,
      toPort: 80,
      cidrIp: "0.0.0.0/0",
    };
    await send(
      aws,
      wiring.enforceQueue,
      event("aws.ec2.AuthorizeSecurityGroupIngress.flat-form", request),
    );
    await drain(aws, wiring.enforceQueue, functions.enforce);
    expect(await drain(aws, wiring.notifyQueue, functions.notify)).toBe(1);

    const [message, ...more] = await published(aws, wiring.inbox);
    expect(more).toEqual([]);
    expect(message?.Subject).toMatch(/closed tcp\/80 to the internet/);
    expect(message?.Subject).toContain(back);
    expect(message?.Message).toContain("user/alice");
    expect(message?.Message).toContain("203.0.113.25");
    expect(message?.MessageAttributes["group"]?.Value).toBe(back);
  });
});
