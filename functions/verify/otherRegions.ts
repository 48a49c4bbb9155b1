import type { OtherRegions } from "../../lib/remediation/ports.ts";
import { uncoveredKind } from "../../lib/values/ownMessages.ts";
import { days } from "../../lib/values/time.ts";
import { whyOf } from "../runtime/invocation.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { tellTrouble } from "./trouble.ts";

const place = { of: "regions", at: "-" };
/** Milliseconds. A region that does not answer must not keep the sweep from its own. */
const longest = 60_000;

/** Once a day: in which other regions are load balancers and no stack? What cannot be read is told as well. Never throws: the sweep is to go on. */
export async function checkOtherRegions(regions: OtherRegions, runtime: Runtime): Promise<void> {
  const { store, clock, log } = runtime;
  const now = clock.now();
  try {
    const last = await store.read(place);
    if (isToday(last?.body, now)) return;
    const problems = await problemsOf(regions, () => clock.now() - now > longest);
    if (problems.length > 0) {
      log.warn("Regions are not covered", { problems });
      await tellTrouble(uncoveredKind, problems, runtime);
    }
    await store.write(place, { at: new Date(now).toISOString() }, last);
  } catch (error) {
    log.error("The other regions were not looked at", { why: whyOf(error), error });
  }
}

/** A time that is none, or is still to come, keeps nobody from looking. */
function isToday(body: unknown, now: number): boolean {
  const { at } = (body ?? {}) as { readonly at?: unknown };
  const since = now - (typeof at === "string" ? Date.parse(at) : Number.NaN);
  return since >= 0 && since < days(1);
}

async function problemsOf(
  regions: OtherRegions,
  isLate: () => boolean,
): Promise<readonly string[]> {
  const names = await regions.list().catch((error: unknown) => whyOf(error));
  if (typeof names === "string")
    return [`It cannot be read which other regions the account uses: ${names}`];
  const problems: string[] = [];
  // One after the other: once a day nothing is in a hurry.
  for (const [done, name] of names.entries()) {
    if (isLate())
      return [...problems, `${names.length - done} regions were not looked at for want of time.`];
    const cover = await regions.coverOf(name);
    if (cover.kind === "uncovered")
      problems.push(
        `${name} has load balancers and no stack of elb-only: what somebody opens there stays open, and nobody is told. Deploy it there: AWS_REGION=${name} npx cdk deploy`,
      );
    if (cover.kind === "unread")
      problems.push(`It cannot be read whether ${name} has load balancers: ${cover.why}`);
  }
  return problems;
}
