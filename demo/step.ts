import type { Outcome } from "../lib/values/outcome.ts";
import type { Rule } from "../lib/values/rule.ts";
import type { LogLine } from "../sandbox/lambda/function.ts";
import type { Alert } from "../sandbox/state/sns.ts";
import type { CallRecord } from "../sandbox/perform.ts";
import { readRules } from "./auditor.ts";
import { isByFunction, isChange } from "./calls.ts";
import { judge, type Proof, type Question } from "./judge.ts";
import type { Stage } from "./stage.ts";

/** Something that somebody does, and what must be true afterwards. */
export interface Step {
  readonly title: string;
  /** What is to be seen here, in a line or two. */
  readonly says: string;
  /** The security group that is looked at. */
  readonly group: string;
  readonly act: (stage: Stage) => Promise<void>;
  readonly questions: (stage: Stage) => Promise<readonly Question[]>;
  readonly checks: (seen: Seen) => readonly Proof[];
  /** Show the alert's whole text, not only its beginning. */
  readonly wholeAlert?: boolean;
}

/** What somebody did. */
export interface Acted {
  /** People's calls that changed something. */
  readonly people: readonly CallRecord[];
  /** How many events CloudTrail told, or told once more. */
  readonly events: number;
}

/** What came of a step, as the sandbox and its API tell it. */
export interface Seen {
  readonly acted: Acted;
  readonly functions: readonly CallRecord[];
  /** What the functions put on the event bus. */
  readonly outcomes: readonly Outcome[];
  /** The group's rules when the functions began to look, and now. */
  readonly before: readonly Rule[];
  readonly after: readonly Rule[];
  readonly alerts: readonly Alert[];
  /** What the functions wrote to their logs. */
  readonly logs: readonly LogLine[];
  /** From the first opening call to the last closing one. */
  readonly openMs?: number;
}

/** Plays a step: somebody acts, the functions do what they do, the rules are read back and judged. `told` is called in between. */
export async function play(
  step: Step,
  stage: Stage,
  told: (acted: Acted) => void,
): Promise<{ readonly seen: Seen; readonly proofs: readonly Proof[] }> {
  const { sandbox } = stage;
  const from = {
    calls: sandbox.calls.length,
    events: sandbox.events.length,
    alerts: sandbox.alerts.length,
    logs: sandbox.logs.length,
  };
  let reading: Promise<readonly Rule[]> | undefined;
  const readOnce = (): Promise<readonly Rule[]> => (reading ??= readRules(stage, step.group));
  // The functions' first call waits until the auditor has read what they are about to see.
  const withdraw = ["elb-only-enforce", "elb-only-verify"].map((caller) =>
    sandbox.inject({
      kind: "first",
      action: "*",
      caller,
      times: 1,
      run: async () => void (await readOnce()),
    }),
  );

  await step.act(stage);
  const isPersons = (call: CallRecord): boolean => !isByFunction(call) && isChange(call);
  const acted: Acted = {
    people: sandbox.calls.slice(from.calls).filter(isPersons),
    events: sandbox.events.slice(from.events).filter(({ source }) => source.startsWith("aws."))
      .length,
  };
  told(acted);
  await stage.settled();
  for (const one of withdraw) one();

  const functions = sandbox.calls.slice(from.calls).filter(isByFunction);
  const outcomes = sandbox.events
    .slice(from.events)
    .filter(({ source }) => source === "elb-only")
    .map(({ detail }) => detail as unknown as Outcome);
  const openMs = openFor(acted.people, functions);
  const seen: Seen = {
    acted,
    functions,
    outcomes,
    before: await readOnce(),
    after: await readRules(stage, step.group),
    alerts: sandbox.alerts.slice(from.alerts),
    logs: sandbox.logs.slice(from.logs),
    ...(openMs === undefined ? {} : { openMs }),
  };
  return {
    seen,
    proofs: [...judge(await step.questions(stage), seen.before, seen.after), ...step.checks(seen)],
  };
}

function openFor(
  people: readonly CallRecord[],
  functions: readonly CallRecord[],
): number | undefined {
  const opened = people.find(({ action }) => action === "AuthorizeSecurityGroupIngress");
  const closed = functions.findLast(
    ({ action, ok }) => action === "RevokeSecurityGroupIngress" && ok,
  );
  return opened === undefined || closed === undefined
    ? undefined
    : closed.at.getTime() - opened.at.getTime();
}
