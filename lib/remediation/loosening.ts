import { type Finding, finding } from "../values/finding.ts";
import type { Outcome } from "../values/outcome.ts";
import {
  exemptSince,
  loosenedBetween,
  type Posture,
  postureIn,
  postureOf,
  remembered,
} from "../values/posture.ts";
import type { GroupId } from "../values/rule.ts";
import { days, millis } from "../values/time.ts";
import { isLeaseEnd, isSweep, type Trigger } from "../values/trigger.ts";
import type { Kept, Place, Store } from "./ports.ts";

/** Outcomes that say what became looser, and how that is remembered, so that it is said once. */
export interface Noticed {
  readonly outcomes: readonly Outcome[];
  /** To be called once people were told, for the groups of which they were. Answers what went wrong, in words. */
  readonly remember: (isTold: (outcome: Outcome) => boolean) => Promise<readonly string[]>;
  /** What could not be read, in words: of these nobody can say whether they became looser. */
  readonly problems: readonly string[];
}

/** A group that is not looked at for so long is forgotten. */
const daysKept = 90;
/** What stays as it is is written again after so many days. */
const daysWritten = 30;

export const placeOfPosture = (group: GroupId): Place => ({ of: `group ${group}`, at: "posture" });

/** Compares each group with how it was when it was last looked at. The first look ever remembers, and says nothing. */
export async function noticeLoosening(
  outcomes: readonly Outcome[],
  store: Store,
): Promise<Noticed> {
  const problems: string[] = [];
  const looks = await Promise.all(
    outcomes.map(async (outcome): Promise<Look> => {
      const now = postureOf(outcome);
      if (now === undefined) return { outcome };
      try {
        const seen = await store.read(placeOfPosture(outcome.group));
        const before = postureIn(seen?.body);
        const [call] = calls(outcome);
        const since = call?.at ?? outcome.at;
        return {
          outcome,
          now: remembered(before, now, since, call?.actor.principal),
          seen,
          before,
        };
      } catch (error) {
        problems.push(`how strict ${outcome.group} was: ${whyOf(error)}`);
        return { outcome };
      }
    }),
  );
  return {
    problems,
    outcomes: looks.map(withNews),
    remember: async (isTold) => {
      const failed: string[] = [];
      await Promise.all(
        looks
          .filter(({ outcome }) => isTold(outcome))
          .map((look) =>
            write(look, store).catch((error: unknown) => {
              failed.push(`how strict ${look.outcome.group} is: ${whyOf(error)}`);
            }),
          ),
      );
      return failed;
    },
  };
}

interface Look {
  readonly outcome: Outcome;
  /** Missing: it could not be seen whole, or nobody knows how it was. */
  readonly now?: Posture;
  readonly seen?: Kept | undefined;
  readonly before?: Posture | undefined;
}

/** The outcome, with what became looser, and since when what is exempt has been. */
function withNews(look: Look): Outcome {
  const { outcome, now } = look;
  const findings = [...loosened(look), ...outcome.findings];
  if (now === undefined || outcome.open === undefined) return { ...outcome, findings };
  const open = outcome.open.map((one) =>
    one.group === outcome.group ? { ...one, ...exemptSince(one, now) } : one,
  );
  return { ...outcome, findings, open };
}

function loosened({ outcome, now, before }: Look): readonly Finding[] {
  if (now === undefined || before === undefined) return [];
  const { group, name } = outcome;
  return loosenedBetween(before, now).map((what) =>
    finding(
      "loosened",
      group,
      `${group} (${name}) is less protected: ${what}. ${whoText(outcome)}`,
    ),
  );
}

/** The calls that made us look; whoever made them may have loosened it. */
const calls = ({ triggers }: Outcome): readonly Trigger[] =>
  triggers.filter((one) => !isSweep(one) && !isLeaseEnd(one));

function whoText(outcome: Outcome): string {
  const [first, ...more] = calls(outcome);
  if (first === undefined) return "No event told who did it.";
  const others = more.length === 0 ? "" : `, or one of ${more.length} more calls`;
  const when = first.at === undefined ? "" : ` at ${first.at}`;
  return `As its event says: ${first.event} by ${first.actor.principal}${when}${others}.`;
}

async function write({ outcome, now, seen, before }: Look, store: Store): Promise<void> {
  if (now === undefined || outcome.at === undefined) return;
  const written = (seen?.body as { readonly at?: unknown } | undefined)?.at;
  const isFresh =
    typeof written === "string" && millis(outcome.at) - millis(written) < days(daysWritten);
  if (isFresh && JSON.stringify(before) === JSON.stringify(now)) return;
  const expires = Math.floor((millis(outcome.at) + days(daysKept)) / 1000);
  // Where another look wrote meanwhile, it has told.
  await store.write(placeOfPosture(outcome.group), { ...now, at: outcome.at }, seen, expires);
}

const whyOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
