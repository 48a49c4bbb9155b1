import {
  CreateLoadBalancerCommand,
  RegisterInstancesWithLoadBalancerCommand,
} from "@aws-sdk/client-elastic-load-balancing";
import {
  CreateLoadBalancerCommand as CreateV2LoadBalancerCommand,
  CreateTargetGroupCommand,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { BusEvent } from "../../sandbox/state/events.ts";
import { startSandbox, type Sandbox } from "../../sandbox/sandbox.ts";
import { clients, unique } from "../contract/backend.ts";

let sandbox: Sandbox;
let group: string;

beforeAll(async () => {
  sandbox = await startSandbox({ now: () => new Date("2026-03-17T08:37:10.500Z") });
});
afterAll(() => sandbox.close());
beforeEach(() => {
  group = sandbox.world.group({
    name: unique("web"),
    rules: [{ protocol: "tcp", fromPort: 22, cidr: "192.0.2.0/24" }],
  }).id;
  sandbox.forget();
});

function only(): BusEvent {
  const [event, ...more] = sandbox.events;
  if (event === undefined || more.length > 0)
    throw new Error(`One event was to be there, not ${sandbox.events.length}.`);
  return event;
}

describe("CloudTrail's event", () => {
  it("of Elastic Load Balancing has plain lists and an API version", async () => {
    const { elb } = clients(sandbox);
    const instance = sandbox.world.instance({ groups: [group] }).id;
    const LoadBalancerName = unique("lb");
    sandbox.world.classicLoadBalancer({
      name: LoadBalancerName,
      listeners: [{ protocol: "HTTP", port: 80, instancePort: 8080 }],
    });
    await elb.send(
      new RegisterInstancesWithLoadBalancerCommand({
        LoadBalancerName,
        Instances: [{ InstanceId: instance }],
      }),
    );
    expect(only()).toMatchObject({
      source: "aws.elasticloadbalancing",
      detail: {
        eventSource: "elasticloadbalancing.amazonaws.com",
        apiVersion: "2012-06-01",
        requestParameters: {
          loadBalancerName: LoadBalancerName,
          instances: [{ instanceId: instance }],
        },
        responseElements: { instances: [{ instanceId: instance }] },
      },
    });
  });

  it("of the second API shows targets with their ports, and health check ports as text", async () => {
    const { elbv2 } = clients(sandbox);
    const { instance, vpc } = {
      instance: sandbox.world.instance({ groups: [group] }).id,
      vpc: [...sandbox.cloud.vpcs.keys()][0],
    };
    const create = new CreateTargetGroupCommand({
      Name: unique("tg"),
      Protocol: "TCP",
      Port: 8081,
      VpcId: vpc,
      HealthCheckPort: "80",
      HealthyThresholdCount: 3,
    });
    const TargetGroupArn = (await elbv2.send(create)).TargetGroups?.[0]?.TargetGroupArn;
    await elbv2.send(
      new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: instance, Port: 80 }] }),
    );
    expect(sandbox.events.map(({ detail }) => detail)).toMatchObject([
      {
        eventName: "CreateTargetGroup",
        apiVersion: "2015-12-01",
        requestParameters: {
          protocol: "TCP",
          port: 8081,
          healthCheckPort: "80",
          healthyThresholdCount: 3,
        },
        responseElements: {
          targetGroups: [
            {
              targetGroupArn: TargetGroupArn,
              port: 8081,
              healthCheckPort: "80",
              targetType: "instance",
            },
          ],
        },
      },
      {
        eventName: "RegisterTargets",
        requestParameters: {
          targetGroupArn: TargetGroupArn,
          targets: [{ id: instance, port: 80 }],
        },
        responseElements: null,
      },
    ]);
  });

  it("of a load balancer has its time in words", async () => {
    const { elbv2 } = clients(sandbox);
    const Subnets = [...sandbox.cloud.subnets.keys()];
    await elbv2.send(
      new CreateV2LoadBalancerCommand({
        Name: unique("nlb"),
        Type: "network",
        Subnets,
        SecurityGroups: [group],
      }),
    );
    expect(sandbox.events[0]?.detail).toMatchObject({
      eventName: "CreateLoadBalancer",
      requestParameters: { type: "network", subnets: Subnets, securityGroups: [group] },
      responseElements: {
        loadBalancers: [
          {
            type: "network",
            state: { code: "provisioning" },
            createdTime: "Mar 17, 2026 8:37:10 AM",
          },
        ],
      },
    });
  });

  it("of a new load balancer is followed by those of its interfaces, made by the service", async () => {
    const { elb } = clients(sandbox);
    const Listeners = [{ Protocol: "HTTP", LoadBalancerPort: 80, InstancePort: 8080 }];
    await elb.send(
      new CreateLoadBalancerCommand({
        LoadBalancerName: unique("lb"),
        Listeners,
        AvailabilityZones: ["us-east-1a", "us-east-1b"],
      }),
    );
    expect(sandbox.events.map(({ detail }) => detail["eventName"])).toEqual([
      "CreateLoadBalancer",
      "CreateNetworkInterface",
      "CreateNetworkInterface",
    ]);
    expect(sandbox.events[0]?.detail["requestParameters"]).toMatchObject({
      listeners: [{ protocol: "HTTP", loadBalancerPort: 80, instancePort: 8080 }],
      availabilityZones: ["us-east-1a", "us-east-1b"],
    });
    expect(sandbox.events[1]?.detail).toMatchObject({
      userIdentity: { invokedBy: "elasticloadbalancing.amazonaws.com" },
      responseElements: { networkInterface: { requesterId: "amazon-elb", requesterManaged: true } },
    });
  });
});
