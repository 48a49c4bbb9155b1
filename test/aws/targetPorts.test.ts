import type {
  TargetGroup,
  TargetHealthDescription,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { describe, expect, it } from "vitest";
import { portsOf } from "../../lib/aws/read/targetPorts.ts";
import * as a from "./things.ts";

const ports = (group: TargetGroup, target: TargetHealthDescription): string[] =>
  portsOf(a.targetGroup("t", ["alb"], group), target).map(
    ({ protocol, from, purpose }) => `${purpose}: ${protocol}/${from}`,
  );

describe("portsOf", () => {
  it.each<[string, TargetGroup, TargetHealthDescription, string[]]>([
    [
      "the target's own port, which health checks use too",
      {},
      a.registered("i-1", 80),
      ["target: tcp/80"],
    ],
    ["its own port over that of its group", {}, a.registered("i-1", 8080), ["target: tcp/8080"]],
    ["its group's port where it has none", {}, { Target: { Id: "i-1" } }, ["target: tcp/80"]],
    ["HTTPS as TCP", { Protocol: "HTTPS" }, a.registered("i-1", 443), ["target: tcp/443"]],
    ["TLS as TCP", { Protocol: "TLS" }, a.registered("i-1", 443), ["target: tcp/443"]],
    [
      "UDP with TCP health checks on the same number",
      { Protocol: "UDP" },
      a.registered("i-1", 53),
      ["target: udp/53", "health check: tcp/53"],
    ],
    [
      "both of TCP_UDP",
      { Protocol: "TCP_UDP" },
      a.registered("i-1", 53),
      ["target: tcp/53", "target: udp/53"],
    ],
    [
      "QUIC as UDP",
      { Protocol: "QUIC" },
      a.registered("i-1", 443),
      ["target: udp/443", "health check: tcp/443"],
    ],
    [
      "both of TCP_QUIC",
      { Protocol: "TCP_QUIC" },
      a.registered("i-1", 443),
      ["target: tcp/443", "target: udp/443"],
    ],
    [
      "GENEVE's port and its health check",
      { Protocol: "GENEVE", Port: 6081, HealthCheckPort: "80" },
      { Target: { Id: "i-1", Port: 6081 }, HealthCheckPort: "80" },
      ["target: udp/6081", "health check: tcp/80"],
    ],
    [
      "another health check port, as the target has it",
      {},
      a.registered("i-1", 80, { HealthCheckPort: "9000" }),
      ["target: tcp/80", "health check: tcp/9000"],
    ],
    [
      "another health check port, as the group has it",
      { HealthCheckPort: "9001" },
      { Target: { Id: "i-1", Port: 80 } },
      ["target: tcp/80", "health check: tcp/9001"],
    ],
    [
      "no health check where there is none",
      { HealthCheckEnabled: false },
      a.registered("i-1", 80, { HealthCheckPort: "9000" }),
      ["target: tcp/80"],
    ],
    [
      "the target control port",
      { TargetControlPort: 3000 },
      a.registered("i-1", 80),
      ["target: tcp/80", "target control: tcp/3000"],
    ],
    ["a high port of an instance as it is", {}, a.registered("i-1", 50_051), ["target: tcp/50051"]],
    ["a node port as it is", { Port: 1 }, a.registered("i-1", 32_767), ["target: tcp/32767"]],
  ])("has %s", (_, group, target, expected) => {
    expect(ports(group, target)).toEqual(expected);
  });

  it.each<[string, TargetGroup, TargetHealthDescription]>([
    ["a protocol that is not known", { Protocol: "SCTP" as never }, a.registered("i-1", 80)],
    [
      "a health check port that is no number",
      {},
      a.registered("i-1", 80, { HealthCheckPort: "any" }),
    ],
  ])("throws for %s: a port would be missing", (_, group, target) => {
    expect(() => ports(group, target)).toThrow(a.targetGroupArn("t"));
  });
});
