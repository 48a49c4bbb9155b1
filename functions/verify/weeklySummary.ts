import { reasonText } from "../../lib/messages/openPorts.ts";
import type { SummaryWay, WeeklySummary } from "../../lib/messages/weeklySummary.ts";
import { placeOfPosture } from "../../lib/remediation/loosening.ts";
import type { OpenPort } from "../../lib/values/openPort.ts";
import { summaryKind } from "../../lib/values/ownMessages.ts";
import { postureIn, rememberedWay } from "../../lib/values/posture.ts";
import { rangeText } from "../../lib/values/portRange.ts";
import { ruleKey, ruleText } from "../../lib/values/rule.ts";
import { days } from "../../lib/values/time.ts";
import { whyOf } from "../runtime/invocation.ts";
import { type Eligibility, ofSweep } from "../runtime/measures.ts";
import type { Runtime } from "../runtime/runtime.ts";

const place = { of: summaryKind, at: "-" };
/** So many ways in of each kind are named: a message is to be read. */
const mostWays = 30;

/**
 * Says that elb-only is there and how the region stands, when a week has passed since it last did; the first sweep begins the week. It is told first and
 * remembered then. Never throws: the sweep was completed.
 */
export async function tellWeekly(seen: readonly Eligibility[], runtime: Runtime): Promise<void> {
  const { store, clock, outbox, log } = runtime;
  const now = clock.now();
  try {
    const last = await store.read(place);
    const since = last === undefined ? now : sinceIn(last.body, now);
    if (last !== undefined && now - since < days(7)) return;
    if (last !== undefined) {
      const summary = await summaryOf(seen, since, runtime);
      const [unsent] = await outbox.notify([JSON.stringify(summary)]);
      if (unsent !== undefined) throw new Error(unsent.why);
    }
    await store.write(place, { at: new Date(now).toISOString() }, last);
  } catch (error) {
    log.error("The weekly summary was not told or not remembered", { why: whyOf(error), error });
  }
}

/** A time that is none, or is still to come, silences nobody: then a week has passed. */
function sinceIn(body: unknown, now: number): number {
  const { at } = (body ?? {}) as { readonly at?: unknown };
  const since = typeof at === "string" ? Date.parse(at) : Number.NaN;
  return since <= now ? since : now - days(7);
}

async function summaryOf(
  seen: readonly Eligibility[],
  since: number,
  runtime: Runtime,
): Promise<WeeklySummary> {
  const { account, region, partition } = runtime.world;
  const counted = ofSweep(seen, 0);
  const all = seen.flatMap(({ open = [] }) => open);
  const namesOf = async (some: readonly OpenPort[]): Promise<readonly SummaryWay[]> => {
    const distinct = new Map(
      some.map((one) => [`${one.group} ${portsText(one)} ${ruleKey(one.rule)}`, one]),
    );
    return Promise.all([...distinct.values()].slice(0, mostWays).map((one) => wayIn(one, runtime)));
  };
  return {
    version: 1,
    kind: summaryKind,
    account,
    region,
    partition,
    at: new Date(runtime.clock.now()).toISOString(),
    since: new Date(since).toISOString(),
    groups: {
      protected: counted.GroupsProtected,
      audit: counted.GroupsAudit,
      drifted: counted.GroupsDrifted,
      ignored: counted.GroupsIgnored,
      refused: counted.GroupsRefused,
    },
    openPorts: counted.ServedPortsOpen,
    open: await namesOf(all.filter(({ isPublic }) => isPublic)),
    keptRules: counted.RulesKept,
    kept: await namesOf(
      all.filter(({ isPublic, because }) => !isPublic && because.kind === "kept"),
    ),
  };
}

const portsText = ({ ports }: OpenPort): string => `${ports.protocol}/${rangeText(ports)}`;

/** What cannot be recalled of an exemption is left out. */
async function wayIn(open: OpenPort, { store, log }: Runtime): Promise<SummaryWay> {
  const posture = await store
    .read(placeOfPosture(open.group))
    .then((kept) => postureIn(kept?.body))
    .catch((error: unknown) => {
      log.error("Who exempted a way in could not be read", { group: open.group, error });
      return undefined;
    });
  const { since, by } = (posture && rememberedWay(posture, open)) ?? {};
  return {
    group: open.group,
    way: `${portsText(open)} by ${ruleText(open.rule)}`,
    why: reasonText(open.because),
    ...(since === undefined ? {} : { since }),
    ...(by === undefined ? {} : { by }),
  };
}
