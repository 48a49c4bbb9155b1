import { describe, expect, it } from "vitest";
import { checkOtherRegions } from "../../functions/verify/otherRegions.ts";
import { message } from "../../lib/messages/message.ts";
import { received } from "../../lib/messages/received.ts";
import type { OtherRegions, RegionCover } from "../../lib/remediation/ports.ts";
import { memoryStore } from "../support/memoryStore.ts";
import { fakeRuntime } from "./fakeRuntime.ts";

const hour = 3_600_000;
const start = Date.parse("2026-11-29T10:00:00Z");

function looking(
  covers: Readonly<Record<string, RegionCover>>,
  changes: Partial<OtherRegions> = {},
) {
  let time = start;
  const now = () => time;
  const { runtime, notified, lines } = fakeRuntime({ now, store: memoryStore({ now }) });
  const asked: string[] = [];
  const regions: OtherRegions = {
    list: () => Promise.resolve(Object.keys(covers)),
    coverOf: (region) => {
      asked.push(region);
      return Promise.resolve(covers[region] ?? { kind: "empty" });
    },
    ...changes,
  };
  return {
    runtime,
    lines,
    asked,
    lookAfter: (hours: number) => {
      time = start + hours * hour;
      return checkOtherRegions(regions, runtime);
    },
    told: () => notified.map(received),
  };
}

describe("checkOtherRegions", () => {
  it("tells which regions have load balancers and no stack, and of no other", async () => {
    const { lookAfter, told } = looking({
      "ap-east-1": { kind: "closed" },
      "eu-central-1": { kind: "uncovered" },
      "us-east-1": { kind: "covered" },
      "us-west-2": { kind: "empty" },
    });
    await lookAfter(0);
    expect(told()).toMatchObject([
      {
        kind: "uncovered",
        region: "eu-west-1",
        problems: [expect.stringMatching(/^eu-central-1 /)],
      },
    ]);
    const { subject, attributes } = message(told()[0]!);
    expect(subject).toMatch(
      /^regions without elb-only, seen from eu-west-1: eu-central-1 has load balancers and no/,
    );
    expect(attributes["severity"]).toBe("medium");
  });

  it("tells what it cannot read, and looks at the rest", async () => {
    const { lookAfter, told } = looking({
      "ap-south-1": { kind: "unread", why: "events:ListRules: AccessDeniedException" },
      "eu-central-1": { kind: "uncovered" },
    });
    await lookAfter(0);
    expect(told()).toMatchObject([
      {
        problems: [
          "It cannot be read whether ap-south-1 has load balancers: events:ListRules: AccessDeniedException",
          expect.stringMatching(/^eu-central-1 has load balancers and no stack of elb-only: /),
        ],
      },
    ]);
    const blind = looking({}, { list: () => Promise.reject(new Error("UnauthorizedOperation")) });
    await blind.lookAfter(0);
    expect(blind.told()).toMatchObject([
      {
        problems: ["It cannot be read which other regions the account uses: UnauthorizedOperation"],
      },
    ]);
  });

  it("leaves the sweep its time where a region does not answer", async () => {
    const names = ["ap-east-1", "ap-south-1", "us-east-1"];
    const { runtime, told } = looking({});
    let time = start;
    const clock = { ...runtime.clock, now: () => time };
    await checkOtherRegions(
      {
        list: () => Promise.resolve(names),
        coverOf: () => {
          time += 61_000;
          return Promise.resolve({ kind: "empty" });
        },
      },
      { ...runtime, clock },
    );
    expect(told()).toMatchObject([
      { problems: ["2 regions were not looked at for want of time."] },
    ]);
  });

  it("looks once a day", async () => {
    const { lookAfter, asked } = looking({ "us-west-2": { kind: "empty" } });
    const counts: number[] = [];
    for (const hours of [0, 1, 23, 24, 25, 48]) {
      await lookAfter(hours);
      counts.push(asked.length);
    }
    expect(counts).toEqual([1, 1, 1, 2, 2, 3]);
  });

  it("is not kept from looking by a time in the table that is still to come", async () => {
    const { runtime, lookAfter, asked } = looking({ "us-west-2": { kind: "empty" } });
    await runtime.store.write(
      { of: "regions", at: "-" },
      { at: "2099-01-01T00:00:00Z" },
      undefined,
    );
    await lookAfter(1);
    expect(asked).toEqual(["us-west-2"]);
  });

  it("does not look, and says so in the log, where nobody can say when it last did", async () => {
    const { runtime, lookAfter, asked, lines } = looking({ "us-west-2": { kind: "empty" } });
    Object.assign(runtime.store, { read: () => Promise.reject(new Error("AccessDenied")) });
    await lookAfter(0);
    expect(asked).toEqual([]);
    expect(lines.at(-1)).toMatchObject({ level: "error", fields: { why: "AccessDenied" } });
  });
});
