import type { GroupId, Rule } from "../values/rule.ts";
import { type Closing, mostExposedFirst } from "./closings.ts";
import type { Admission } from "./missing.ts";
import { isCovered } from "./remainder.ts";
import type { Holding, Needs, Rooms } from "./rooms.ts";

/** A closing that there is room for. */
export interface Begun {
  readonly closing: Closing;
  /** What is missing of its remainder; nothing while room for it is only being made. */
  readonly pieces: readonly Rule[];
  readonly isReady: boolean;
}

/** What there is room for, and what not. */
export interface Fit {
  /** To be written now. */
  readonly admissions: ReadonlySet<Admission>;
  readonly begun: readonly Begun[];
  /** Ways in that there is no room for. */
  readonly lacking: readonly Admission[];
  /** Closings that there is no room for. */
  readonly tooBig: readonly TooBig[];
}

export interface TooBig {
  readonly closing: Closing;
  readonly needs: Needs;
}

/**
 * Counts before anything is written. First come load balancers that do not get in at all; then closings, each with all that it needs or not at all, those that
 * free the most exposure first; then ways in beside others that stand already. What needs no room is always done.
 */
export function fitOf(
  admissions: readonly Admission[],
  closings: readonly Closing[],
  holdings: ReadonlyMap<GroupId, Holding>,
  rooms: Rooms,
): Fit {
  const now = new Set<Admission>();
  const later = new Set<Admission>();
  const begun: Begun[] = [];
  const tooBig: TooBig[] = [];
  const staysIn = new Map<GroupId, readonly Rule[]>();
  const isMissing = (one: Admission): boolean => !now.has(one) && !later.has(one);
  const admit = (one: Admission): void => {
    const when = rooms.take(needsOf([one]), undefined, one.isUrgent);
    if (when !== undefined) (when === "now" ? now : later).add(one);
  };

  for (const one of admissions) if (one.isUrgent) admit(one);
  for (const closing of mostExposedFirst(closings)) {
    const stays = staysIn.get(closing.group) ?? [];
    const staying = [...(holdings.get(closing.group)?.staying ?? []), ...stays];
    const pieces = closing.remainder.filter((piece) => !isCovered(piece, staying));
    const missing = closing.admissions.filter(isMissing);
    const needs = needsOf([...pieces.map((rule) => ({ ...closing, rule })), ...missing]);
    // Whoever does not get in at all, for want of room, is not let in by half of what a closing needs.
    const when = missing.some((one) => one.isUrgent) ? undefined : rooms.take(needs, closing);
    if (when === undefined) {
      tooBig.push({ closing, needs });
      staysIn.set(closing.group, [...stays, closing.rule]);
      continue;
    }
    for (const one of missing) (when === "now" ? now : later).add(one);
    begun.push({
      closing,
      pieces: when === "now" ? pieces : [],
      isReady: pieces.length === 0 && closing.isReplaced,
    });
  }
  // What only a closing needs that there is no room for would take room for nothing.
  const idle = new Set(tooBig.flatMap(({ closing }) => closing.admissions));
  for (const one of admissions) if (!one.isUrgent && isMissing(one) && !idle.has(one)) admit(one);
  return { admissions: now, begun, lacking: admissions.filter(isMissing), tooBig };
}

/** Rules by the group that they are needed in. */
const needsOf = (some: readonly { readonly group: GroupId; readonly rule: Rule }[]): Needs =>
  new Map(
    [...Map.groupBy(some, ({ group }) => group)].map(([group, ones]) => [
      group,
      ones.map(({ rule }) => rule),
    ]),
  );

/** What of all that concerns one group. */
export interface Share {
  readonly admissions: readonly Rule[];
  readonly begun: readonly Begun[];
  readonly lacking: readonly Admission[];
  readonly tooBig: readonly TooBig[];
}

export function sharesOf(fit: Fit): (group: GroupId) => Share {
  const admissions = Map.groupBy(fit.admissions, ({ group }) => group);
  const lacking = Map.groupBy(fit.lacking, ({ group }) => group);
  const begun = Map.groupBy(fit.begun, ({ closing }) => closing.group);
  const tooBig = Map.groupBy(fit.tooBig, ({ closing }) => closing.group);
  return (group) => ({
    admissions: (admissions.get(group) ?? []).map(({ rule }) => rule),
    begun: begun.get(group) ?? [],
    lacking: lacking.get(group) ?? [],
    tooBig: tooBig.get(group) ?? [],
  });
}
