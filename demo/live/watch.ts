import { setTimeout as pause } from "node:timers/promises";
import { exposureText, type Happening, happeningOf } from "../../lib/report/history.ts";
import type { Survey } from "../../lib/survey/survey.ts";
import type { Outcome } from "../../lib/values/outcome.ts";
import type { CallRecord } from "../../sandbox/perform.ts";
import { text } from "../../sandbox/wire/params.ts";
import { about, isByFunction, isChange } from "../calls.ts";
import type { Stage } from "../stage.ts";
import { openEyes } from "./eyes.ts";

/** What there is to see at one time. */
export interface Sight {
  readonly survey: Survey;
  readonly history: readonly Happening[];
  /** What happened last, in a sentence. */
  readonly news: string;
}

const pollMs = 40;
/** Later happenings push older ones out. */
const mostHappenings = 50;

/**
 * Looks again whenever somebody did something, or the functions are done, and shows it. The functions' calls wait until what people did has been looked at: a hole that is closed at once
 * would be seen by nobody.
 */
export async function watch(stage: Stage, show: (sight: Sight) => Promise<void>) {
  const { sandbox } = stage;
  const eyes = openEyes(stage);
  const stop = new AbortController();
  let seen = { changes: -1, outcomes: 0, groups: 0 };
  const now = () => ({
    changes: sandbox.calls.filter((call) => isChange(call) && !isByFunction(call)).length,
    outcomes: outcomesOf(stage).length,
    groups: sandbox.cloud.groups.size,
  });
  const isNew = (): boolean => JSON.stringify(now()) !== JSON.stringify(seen);

  let looking: Promise<void> | undefined;
  const look = async (): Promise<void> => {
    seen = now();
    const survey = await eyes.look();
    const history = happeningsOn(stage);
    const [latest] = history.toSorted(byTime).slice(-1);
    await show({ survey, history, news: latest === undefined ? "" : newsOf(latest) });
  };
  const lookOnce = (): Promise<void> => {
    looking ??= look().finally(() => (looking = undefined));
    return looking;
  };
  const withdraw = sandbox.inject({
    kind: "first",
    action: "*",
    caller: "elb-only-enforce",
    run: async () => {
      while (isNew()) await lookOnce();
    },
  });
  await lookOnce();
  const watching = (async () => {
    while (!stop.signal.aborted) {
      if (isNew()) await lookOnce();
      await pause(pollMs, undefined, { signal: stop.signal }).catch(() => {});
    }
  })();
  return {
    stop: async (): Promise<void> => {
      stop.abort();
      withdraw();
      await watching;
      eyes.close();
    },
  };
}

const outcomesOf = ({ sandbox }: Stage): readonly Outcome[] =>
  sandbox.events
    .filter(({ source }) => source === "elb-only")
    .map(({ detail }) => detail as unknown as Outcome);

const byTime = (a: Happening, b: Happening): number => (a.at < b.at ? -1 : 1);

const newsOf = ({ text, exposedSeconds }: Happening): string =>
  exposedSeconds === undefined ? `${text}.` : `${text}; ${exposureText(exposedSeconds)}.`;

/** What people did, and what the functions said that they did about it. */
function happeningsOn(stage: Stage): readonly Happening[] {
  const { calls } = stage.sandbox;
  const people = calls
    .filter((call) => !isByFunction(call) && isChange(call) && call.ok)
    .map((call): Happening => ({
      at: call.at.toISOString(),
      tone: call.action === "AuthorizeSecurityGroupIngress" ? "opened" : "told",
      text: `${call.caller}: ${call.action} ${about(call)}`,
    }));
  const functions = outcomesOf(stage).flatMap((outcome): readonly Happening[] => {
    const told = happeningOf(outcome);
    const exposedSeconds = exposureOf(outcome, calls);
    if (told === undefined) return [];
    return [exposedSeconds === undefined ? told : { ...told, exposedSeconds }];
  });
  return [...people, ...functions].sort(byTime).slice(-mostHappenings);
}

/** To the millisecond, by the calls themselves: CloudTrail counts whole seconds. */
function exposureOf(
  { group, removed, at = "" }: Outcome,
  calls: readonly CallRecord[],
): number | undefined {
  if (removed.length === 0) return undefined;
  const ofGroup = calls.filter(
    (call) => call.ok && text(call.params, "GroupId") === group && call.at.toISOString() <= at,
  );
  const closed = ofGroup.findLast(
    (call) => isByFunction(call) && call.action === "RevokeSecurityGroupIngress",
  );
  const opened = ofGroup.findLast(
    (call) =>
      !isByFunction(call) &&
      call.action === "AuthorizeSecurityGroupIngress" &&
      closed !== undefined &&
      call.at <= closed.at,
  );
  return opened === undefined || closed === undefined
    ? undefined
    : (closed.at.getTime() - opened.at.getTime()) / 1000;
}
