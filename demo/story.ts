import type { Act } from "./act.ts";
import { check, type Proof } from "./judge.ts";
import type { Stage } from "./stage.ts";
import { play } from "./step.ts";
import type { Teller } from "./teller.ts";

/** Plays the acts one after the other. Does every proof hold? */
export async function tellStory(
  acts: readonly Act[],
  stage: Stage,
  teller: Teller,
): Promise<boolean> {
  const begun = performance.now();
  const proofs: Proof[] = [];
  teller.opening(stage);
  for (const [index, act] of acts.entries()) {
    teller.act(act, index + 1);
    act.build(stage);
    for (const [place, step] of act.steps.entries()) {
      teller.step(step, `${index + 1}.${place + 1}`);
      const played = await play(step, stage, teller.acted);
      proofs.push(...played.proofs);
      teller.seen(step, played.seen, played.proofs);
    }
  }
  const { failures, deadLetters, logs } = stage.sandbox;
  proofs.push(
    check("functions that ended with an error", failures.length, 0),
    check("messages in the dead letters", deadLetters.length, 0),
  );
  const logged = logs
    .filter(({ text }) => text.includes('"level":"ERROR"'))
    .map(({ function: name, text }) => `${name}: ${text}`);
  const errors = [...new Set([...logged, ...failures.map(String)])];
  teller.ending({ proofs, seconds: (performance.now() - begun) / 1000, errors });
  return proofs.every(({ holds }) => holds);
}
