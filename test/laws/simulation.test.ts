import { describe, expect, it } from "vitest";
import { tryWorlds } from "../simulation/try.ts";
import { patience, runs } from "./runs.ts";

describe("people, two workers under a lease, and all that may go wrong at once", () => {
  it(
    "break no law: each call does what its look warrants, all is settled in the end, and people are told of what changed",
    async () => {
      const broken = await tryWorlds({ seed: 1, numRuns: runs(300) });
      expect(broken?.story).toBeUndefined();
    },
    patience,
  );
});
