import type { Store } from "../../lib/remediation/ports.ts";
import type { GroupId } from "../../lib/values/rule.ts";
import type { Eligibility } from "../runtime/measures.ts";

/** What a sweep found in some groups. */
export interface Portion {
  /** The last of its groups, in their order: the next portion begins after it. */
  readonly last: GroupId;
  readonly counts: {
    readonly groups: number;
    readonly compliant: number;
    readonly drifted: number;
    readonly audit: number;
    readonly failed: number;
  };
  readonly findings: Readonly<Record<string, number>>;
  /** Why some failed, in words; the first few. */
  readonly failures: readonly string[];
  readonly seen: readonly Eligibility[];
}

/** A sweep that goes on where the last invocation had no more time. */
export interface Progress {
  /** Milliseconds since 1970, when it began: what was read of target groups since then need not be read again. */
  readonly since: number;
  /** Those that are done, in order. */
  readonly portions: readonly Portion[];
  /** Answers whether it is kept for the next invocation. */
  add(portion: Portion): Promise<boolean>;
  /** Answers whether the next invocation will go on with it. */
  pause(): Promise<boolean>;
  /** The next one is another sweep. */
  end(): Promise<void>;
}

/** Milliseconds. What takes longer than this is not one look at the region any more: then it begins anew. */
const longestSweep = 2 * 3_600_000;
const begun = { of: "sweep", at: "begun" };

/** Goes on with the sweep that was begun, or begins one. Where the table fails, each begins anew. */
export async function progressOf(store: Store, now: number): Promise<Progress> {
  const expires = Math.ceil((now + longestSweep) / 1000);
  const known = await orNothing(store.read(begun));
  const since = sinceIn(known?.body, now);
  const portions =
    since === undefined
      ? []
      : ((await orNothing(store.list("sweep", { prefix: `${since} ` }))) ?? []).map(
          ({ body }) => body as Portion,
        );
  const start = since ?? now;
  const isWritten = async (at: string, body: unknown): Promise<boolean> =>
    (await orNothing(store.write({ of: "sweep", at }, body, "whatever", expires))) === true;
  let count = portions.length;
  let isBroken = false;
  return {
    since: start,
    portions,
    add: async (portion) => {
      // What comes after one that is not kept would hide that it is missing.
      isBroken ||= !(await isWritten(`${start} ${String(count++).padStart(6, "0")}`, portion));
      return !isBroken;
    },
    pause: () => isWritten(begun.at, { since: start }),
    end: async () => {
      const kept = await orNothing(store.read(begun));
      if (kept !== undefined) await orNothing(store.erase(kept));
    },
  };
}

function sinceIn(body: unknown, now: number): number | undefined {
  const since = (body as { readonly since?: unknown } | null | undefined)?.since;
  return typeof since === "number" && since <= now && now - since < longestSweep
    ? since
    : undefined;
}

const orNothing = <Answer>(asked: Promise<Answer>): Promise<Answer | undefined> =>
  asked.catch(() => undefined);
