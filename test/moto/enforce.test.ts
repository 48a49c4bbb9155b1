import {
  DescribeSecurityGroupsCommand,
  RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { brief, inbound, newGroup, tcp } from "../contract/groups.ts";
import { event, newBackEnd, open, type Kind } from "./backEnds.ts";
import { built, drain, send, wire, type Functions, type Wiring } from "./functions.ts";
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

/** What it remembers for itself is no change of the account's. */
const isOfState = (action: string): boolean =>
  ["Query", "GetItem", "PutItem", "DeleteItem"].includes(action);

/** What an event makes of the account: it goes through the queue to the function. */
async function enforce(what: object): Promise<void> {
  await send(aws, wiring.enforceQueue, what);
  await drain(aws, wiring.enforceQueue, functions.enforce);
}

const everyone = { Ipv6Ranges: [{ CidrIpv6: "::/0" }] };
const briefly = async (group: string) => (await inbound(aws.ec2, group)).map(brief).sort();
const isRead = (operation: string): boolean => /^(Describe|Get)/.test(operation);

/** Grouped as they are: where rules are told one by one, moto leaves out the description of those from groups. */
async function descriptions(group: string): Promise<readonly string[]> {
  const { SecurityGroups } = await aws.ec2.send(
    new DescribeSecurityGroupsCommand({ GroupIds: [group] }),
  );
  const permissions = SecurityGroups?.[0]?.IpPermissions ?? [];
  return permissions
    .flatMap(({ IpRanges = [], UserIdGroupPairs = [] }) =>
      [...IpRanges, ...UserIdGroupPairs].map(({ Description = "" }) => Description),
    )
    .sort();
}

async function vpcOf(group: string): Promise<string> {
  const { SecurityGroups } = await aws.ec2.send(
    new DescribeSecurityGroupsCommand({ GroupIds: [group] }),
  );
  return SecurityGroups?.[0]?.VpcId ?? "";
}

describe.each<Kind>(["classic", "application", "network"])(
  "a back end of a %s load balancer",
  (kind) => {
    /** One rule for the world on either address family, one for a network, and the only rule that carries SSH. */
    async function opened() {
      const backEnd = await newBackEnd(
        aws,
        kind,
        { ...tcp(80, "0.0.0.0/0", "10.0.0.0/8"), ...everyone },
        { ...tcp(8081), ...everyone },
      );
      const wide = {
        IpProtocol: "tcp",
        FromPort: 20,
        ToPort: 90,
        IpRanges: [{ CidrIp: "0.0.0.0/0", Description: "the office" }],
      };
      await open(aws, backEnd.back, wide, { Key: "owner", Value: "web" });
      return backEnd;
    }

    it("is reached through the load balancer alone once it is registered, and by SSH as before", async () => {
      const { back, front, loadBalancer, id, registration } = await opened();
      await enforce(registration);

      expect(await briefly(back)).toEqual(
        [
          `tcp 80-80 ${front}`,
          `tcp 8081-8081 ${front}`,
          "tcp 20-79 0.0.0.0/0",
          "tcp 81-90 0.0.0.0/0",
        ].sort(),
      );
      for (const { Tags, ReferencedGroupInfo } of await inbound(aws.ec2, back)) {
        expect(Object.fromEntries((Tags ?? []).map(({ Key, Value }) => [Key, Value]))).toEqual(
          ReferencedGroupInfo === undefined
            ? { owner: "web", "elb-only:remainder-of": expect.stringMatching(/^sgr-/) as string }
            : { "elb-only:load-balancer": id },
        );
      }
      const admits = `elb-only: admits ${loadBalancer} on tcp/`;
      expect(await descriptions(back)).toEqual([
        `${admits}80 from ${front}`,
        `${admits}8081 from ${front}`,
        "the office",
        "the office",
      ]);
    });

    it("is closed to another group, too", async () => {
      const { back, front, registration } = await newBackEnd(aws, kind);
      const other = await newGroup(aws.ec2, await vpcOf(back));
      await open(
        aws,
        back,
        // Without a description, which moto would not show: what is not seen cannot be compared and deleted.
        { ...tcp(80), UserIdGroupPairs: [{ GroupId: other }] },
        { Key: "owner", Value: "web" },
      );
      await enforce(registration);
      expect(await briefly(back)).toEqual([`tcp 80-80 ${front}`, `tcp 8081-8081 ${front}`]);
    });

    it("is written to once: the same event again only reads", async () => {
      const { registration } = await opened();
      const first = await recorded(() => functions.enforce.invoke(registration));
      expect(first.filter((one) => !isRead(one))).toEqual(
        expect.arrayContaining(["AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress"]),
      );
      const second = await recorded(() => functions.enforce.invoke(registration));
      expect(second).toContain("DescribeSecurityGroupRules");
      expect(second.filter((one) => !isRead(one) && !isOfState(one))).toEqual([]);
    });

    it("gets the load balancer's rule back when somebody deletes it", async () => {
      const { back, front, registration } = await opened();
      await enforce(registration);
      const before = await briefly(back);
      const [{ SecurityGroupRuleId = "" } = {}] = (await inbound(aws.ec2, back)).filter(
        ({ ReferencedGroupInfo }) => ReferencedGroupInfo?.GroupId === front,
      );
      await aws.ec2.send(
        new RevokeSecurityGroupIngressCommand({
          GroupId: back,
          SecurityGroupRuleIds: [SecurityGroupRuleId],
        }),
      );
      expect(await briefly(back)).not.toEqual(before);
      await enforce(
        event("aws.ec2.RevokeSecurityGroupIngress", { groupId: back, ipPermissions: {} }),
      );
      expect(await briefly(back)).toEqual(before);
    });
  },
);
