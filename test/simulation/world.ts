import fc from "fast-check";
import type { Policy } from "../../lib/values/policy.ts";
import { anyRegion } from "../support/arbitraryRegion.ts";
import { anyPolicy } from "../support/arbitraryRules.ts";
import type { Revoke } from "../support/calls.ts";
import { anyInterruptions, type Interruption } from "../support/people.ts";
import type { Region } from "../support/region.ts";
import { tight } from "../support/tight.ts";

/** What a worker meets with. Each list is by number: of its looks, of its calls to EC2, of its questions to state, of its words to people. */
export interface Fate {
  /** How old a look is, in changes. */
  readonly ages: readonly number[];
  /** Answers of EC2 that are lost after their effect. */
  readonly losses: readonly ("asked again" | "never answered" | undefined)[];
  /** State that does nothing, or whose answer is lost. */
  readonly state: readonly ("refuses" | "answers nobody" | undefined)[];
  /** Whether the queue refuses. */
  readonly unsent: readonly boolean[];
  /** It dies before this step: a look, a call, a question to state, a word to people. */
  readonly dies: number | undefined;
}

/** A region, its policy, and all that happens in it while two workers are at work. */
export interface World {
  readonly region: Region;
  readonly policy: Policy;
  readonly revoke: Revoke;
  readonly edits: readonly Interruption[];
  readonly fates: readonly [Fate, Fate];
  /** Whose turn it is, as a seed. */
  readonly order: number;
}

const seldom = <T>(what: fc.Arbitrary<T>) => fc.option(what, { nil: undefined, freq: 2 });
/** Mostly nothing at all goes wrong of a kind, so that what does is not lost among the rest. */
const few = <T>(what: fc.Arbitrary<T>, maxLength: number) =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constant<readonly T[]>([]) },
    { weight: 1, arbitrary: fc.array(what, { maxLength }) },
  );

const anyFate: fc.Arbitrary<Fate> = fc.record({
  ages: few(fc.nat({ max: 4 }), 4),
  losses: few(seldom(fc.constantFrom("asked again", "never answered")), 6),
  state: few(seldom(fc.constantFrom("refuses", "answers nobody")), 20),
  unsent: few(fc.boolean(), 3),
  dies: fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined, freq: 1 }),
});

const roomy = fc.record({ region: anyRegion, policy: anyPolicy });

export const anyWorld: fc.Arbitrary<World> = fc
  .record({
    place: fc.oneof(roomy, tight),
    revoke: fc.constantFrom<Revoke>("default VPC", "other"),
    edits: fc.oneof(fc.constant<readonly Interruption[]>([]), anyInterruptions),
    fates: fc.tuple(anyFate, anyFate),
    order: fc.noShrink(fc.nat()),
  })
  .map(({ place, ...rest }) => ({ ...place, ...rest }));
