import type { Store } from "../../lib/remediation/ports.ts";
import type { Outcome } from "../../lib/values/outcome.ts";
import type { Moods } from "../support/fakeWorld.ts";
import { inTurns, type Tell } from "../support/underLease.ts";
import type { Fate } from "./world.ts";

/** What a worker has to do with, as its fate has it: each step waits for its turn, and what befalls it is told. Once it is dead nothing happens any more. */
export function fated(
  { ages, losses, state, unsent, dies = Infinity }: Fate,
  turn: (what: string) => Promise<unknown>,
  befalls: (what: string) => void,
) {
  let steps = 0;
  let questions = 0;
  let words = 0;
  const step = async (what: string): Promise<void> => {
    await turn(what);
    steps += 1;
    if (steps < dies) return;
    if (steps === dies) befalls(`dies before it ${what}`);
    throw new Error("the process died");
  };
  const moods: Moods = {
    beforeLook: (look) => step(`looks ${look}`),
    beforeCall: (call) => step(`calls ${call}`),
    behind: (look) => {
      const age = ages[look - 1] ?? 0;
      if (age > 0) befalls(`look ${look} is ${age} changes old`);
      return age;
    },
    lost: (call) => {
      const loss = losses[call - 1];
      if (loss !== undefined) befalls(`the answer to call ${call} is lost, and it is ${loss}`);
      return loss;
    },
  };
  const faulty = (of: Store): Store =>
    unreliable(of, (what) => {
      const fault = state[questions++];
      if (fault !== undefined) befalls(`state ${fault}, as it ${what}`);
      return fault;
    });
  return {
    moods,
    store: (of: Store): Store => inTurns(faulty(of), step),
    telling:
      (heard: Outcome[]): Tell =>
      async (outcomes) => {
        if (outcomes.length === 0) return new Map();
        await step("tells people");
        if (unsent[words++] === true) {
          befalls("the queue refuses what it tells people");
          return new Map(outcomes.map(({ group }) => [group, "the queue refuses"]));
        }
        heard.push(...outcomes);
        return new Map();
      },
  };
}

/** A store that refuses some questions, and of some loses the answer. */
function unreliable(of: Store, next: (what: string) => Fate["state"][number]): Store {
  const asked = async <Answer>(what: string, ask: () => Promise<Answer>): Promise<Answer> => {
    const fault = next(what);
    if (fault === "refuses") throw new Error("state refuses");
    const answer = await ask();
    if (fault === "answers nobody") throw new Error("state does not answer");
    return answer;
  };
  return {
    read: (place) => asked(`reads ${place.of} ${place.at}`, () => of.read(place)),
    write: (place, ...more) =>
      asked(`writes ${place.of} ${place.at}`, () => of.write(place, ...more)),
    erase: (seen) => asked(`erases ${seen.place.of} ${seen.place.at}`, () => of.erase(seen)),
    list: (what, which) => asked(`lists ${what}`, () => of.list(what, which)),
  };
}
