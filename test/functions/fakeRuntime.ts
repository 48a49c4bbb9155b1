import { memoryStore } from "../support/memoryStore.ts";
import type { Runtime } from "../../functions/runtime/runtime.ts";
import type { Measures } from "../../functions/runtime/measures.ts";
import type { Clock, Outbox, RegionWorld } from "../../lib/remediation/ports.ts";
import type { GroupId } from "../../lib/values/rule.ts";
import type { Trigger } from "../../lib/values/trigger.ts";
import { outcome } from "../messages/outcome.ts";
import { recordingLog } from "./recordingLog.ts";

/** The groups that triggers name, each with those that do. */
export function groupsNamedBy(triggers: readonly Trigger[]): ReadonlyMap<GroupId, Trigger[]> {
  const groups = new Map<GroupId, Trigger[]>();
  for (const trigger of triggers)
    for (const thing of trigger.touched)
      if (thing.kind === "group")
        groups.set(thing.group, [...(groups.get(thing.group) ?? []), trigger]);
  return groups;
}

const nobody = (): Promise<never> => Promise.reject(new Error("nobody should ask"));

/** In which each trigger touches the groups that it names, and there is nothing else to see. */
const quietWorld: RegionWorld = {
  account: "123456789012",
  region: "eu-west-1",
  partition: "aws",
  affected: (triggers) => Promise.resolve(groupsNamedBy(triggers)),
  look: nobody,
  add: nobody,
  remove: nobody,
  health: () => Promise.resolve([]),
  pause: () => Promise.resolve(),
  sweep: () => Promise.resolve({ groups: [], gaps: [] }),
  calls: () => 7,
};

export interface Changes extends Partial<Omit<Runtime, "world" | "outbox" | "clock" | "log">> {
  readonly world?: Partial<RegionWorld>;
  readonly outbox?: Partial<Outbox>;
  readonly now?: Clock["now"];
}

/** A runtime with time enough, in which every group is unchanged; what is sent, measured and logged is kept. */
export function fakeRuntime({ world, outbox, now = () => 0, ...more }: Changes = {}) {
  const { log, lines } = recordingLog();
  const notified: string[] = [];
  const enforced: { readonly text: string; readonly delaySeconds: number | undefined }[] = [];
  const measured: Measures[] = [];
  const runtime: Runtime = {
    world: { ...quietWorld, ...world },
    outbox: {
      notify: (texts) => {
        notified.push(...texts);
        return Promise.resolve([]);
      },
      copy: () => Promise.resolve([]),
      enforce: (texts, delaySeconds) => {
        enforced.push(...texts.map((text) => ({ text, delaySeconds })));
        return Promise.resolve([]);
      },
      ...outbox,
    },
    store: memoryStore({ now }),
    clock: { now, sleep: nobody },
    log,
    observe: (affected) =>
      Promise.resolve([...affected].map(([group, triggers]) => outcome({ group, triggers }))),
    measure: (measures) => void measured.push(measures),
    remainingMs: () => 60_000,
    ...more,
  };
  return { runtime, lines, notified, enforced, measured };
}
