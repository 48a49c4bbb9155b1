import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Bundled, bundled } from "../sandbox/bundled.ts";
import { callText, judged } from "./judged.ts";
import { kinds, type Struck } from "./kinds.ts";
import { callsOf, tryOut } from "./trial.ts";

let product: Bundled;
let calls: readonly Struck[];
let quiet: ReturnType<typeof judged>;

beforeAll(async () => {
  product = await bundled();
  const trial = await tryOut(product, undefined, () => []);
  quiet = judged(trial);
  calls = callsOf(trial.calls);
});
afterAll(() => product.remove());

const right = { wrong: [], untold: [], givenUp: [], toldAgain: [] };

/** Milliseconds: the SDK waits before it tries again. */
const patience = 120_000;

// `npm run faults` strikes every call. Here each kind strikes the removal, or where it cannot, the first call that it can.
describe("a call that goes wrong", () => {
  it("is one of a story that ends well", () => {
    expect(quiet).toEqual(right);
    expect(calls.length).toBeGreaterThan(20);
  });

  it.concurrent.each(kinds)(
    "$name: the laws hold, all is well after the next sweeps, and people are told once",
    async ({ strikes, fault, options }) => {
      const possible = calls.filter(strikes);
      const at = possible.find(({ action }) => action.startsWith("Revoke")) ?? possible[0];
      if (at === undefined) throw new Error("There is no such call");
      const trial = await tryOut(product, options, (sandbox, story) => fault(at, sandbox, story));
      expect({ at: callText(at), ...judged(trial) }).toEqual({ at: callText(at), ...right });
    },
    patience,
  );
});
