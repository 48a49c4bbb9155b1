import { describe, expect, it } from "vitest";
import { checkHeard } from "../../functions/verify/heard.ts";
import { received } from "../../lib/messages/received.ts";
import { fakeRuntime } from "./fakeRuntime.ts";

const alerts = "arn:aws:sns:eu-west-1:123456789012:alerts";
const alarms = "arn:aws:sns:eu-west-1:123456789012:alarms";

/** Topics with so many confirmed subscriptions; without a number, they cannot be read. */
async function hearing(confirmed: Readonly<Record<string, number>>, known = true) {
  const { runtime, measured, notified } = fakeRuntime();
  const audience = {
    confirmed: (topic: string) =>
      confirmed[topic] === undefined
        ? Promise.reject(new Error(`sns:GetTopicAttributes: AuthorizationError: ${topic}`))
        : Promise.resolve(confirmed[topic]),
  };
  await checkHeard({ alerts, alarms: known ? alarms : undefined }, audience, runtime);
  return { measured, told: notified.map(received) };
}

describe("checkHeard", () => {
  it("is content with one confirmed subscription of each", async () => {
    expect(await hearing({ [alerts]: 1, [alarms]: 2 })).toEqual({
      measured: [{ AlertsHeard: 1 }],
      told: [],
    });
  });

  it("measures that nobody hears alerts, so that an alarm goes off on the other topic", async () => {
    const { measured, told } = await hearing({ [alerts]: 0, [alarms]: 1 });
    expect(measured).toEqual([{ AlertsHeard: 0 }]);
    expect(told).toMatchObject([
      {
        kind: "unheard",
        problems: [
          expect.stringContaining(
            `Nobody hears alerts: no subscription of the topic ${alerts} is confirmed.`,
          ),
        ],
      },
    ]);
  });

  it("tells by an alert that nobody hears alarms", async () => {
    const { measured, told } = await hearing({ [alerts]: 1, [alarms]: 0 });
    expect(measured).toEqual([{ AlertsHeard: 1 }]);
    expect(told).toMatchObject([{ problems: [expect.stringMatching(/^Nobody hears alarms: /)] }]);
  });

  it("takes what it may not read for unheard, naming the permission", async () => {
    const { measured, told } = await hearing({ [alarms]: 1 });
    expect(measured).toEqual([{ AlertsHeard: 0 }]);
    expect(told).toMatchObject([
      { problems: [expect.stringContaining("sns:GetTopicAttributes: AuthorizationError")] },
    ]);
  });

  it("does not ask for alarms where nobody told it their topic", async () => {
    const { told } = await hearing({ [alerts]: 1 }, false);
    expect(told).toMatchObject([]);
  });
});
