import { describe, expect, it } from "vitest";
import {
  type Contest,
  contested,
  contestIn,
  forgottenAt,
  isToWait,
  removedOnceMore,
} from "../../lib/values/contest.ts";

const start = Date.parse("2026-11-22T12:00:00Z");
const minutes = (count: number): number => start + count * 60_000;

/** A rule that is put back as soon as it is removed, and looked at every minute: the minutes in which it is removed. */
function removals(isPublic: boolean, until: number): readonly number[] {
  let contest: Contest | undefined;
  return Array.from({ length: until }, (_, minute) => minute).filter((minute) => {
    const now = minutes(minute);
    if (isToWait(contest, false, now)) {
      contest = contested(contest, isPublic, now);
      return false;
    }
    contest = removedOnceMore(contest, isPublic, now);
    return true;
  });
}

describe("a rule that comes back", () => {
  it("is removed three times, and then less and less often", () => {
    expect(removals(false, 1000)).toEqual([0, 1, 2, 18, 48, 108, 228, 468, 948]);
  });

  it("is closed every five minutes where the internet gets in by it", () => {
    expect(removals(true, 30)).toEqual([0, 1, 2, 8, 13, 18, 23, 28]);
  });

  it("is left at once where it came back in the very run that removed it", () => {
    expect(isToWait(undefined, true, start)).toBe(true);
    expect(isToWait(undefined, false, start)).toBe(false);
  });

  it("is removed as any other where it comes back once in a while", () => {
    let contest: Contest | undefined;
    for (let hour = 0; hour < 50; hour += 1) {
      expect(isToWait(contest, false, minutes(hour * 30))).toBe(false);
      contest = removedOnceMore(contest, false, minutes(hour * 30));
    }
    expect(contest?.removals).toHaveLength(3);
  });

  it("is no later than a day after it was due forgotten", () => {
    const contest = contested(undefined, false, start);
    expect(forgottenAt(contest, start)).toBe(minutes(15 + 24 * 60));
  });
});

it.each([undefined, null, "forged", { removals: ["soon"] }, { removals: [], next: "soon" }])(
  "what is no contest is not taken for one: %j",
  (body) => {
    expect(contestIn(body)).toBeUndefined();
  },
);
