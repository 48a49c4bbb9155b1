import type { Evidence } from "../evidence/wayIn.ts";
import type { Policy } from "../values/policy.ts";
import type { Snapshot } from "../values/snapshot.ts";
import { forecast } from "./forecast.ts";
import { type GroupReport, isToChange, reportsOf } from "./groupReport.ts";
import type { Picture } from "./picture.ts";

/** One picture with what there is to say of each group that was chosen. */
export interface Survey {
  readonly region: string;
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly reports: readonly GroupReport[];
  /** What the flow logs say, where some were read. */
  readonly evidence?: Evidence;
}

/** Counts over all surveys: what comes first in every answer. */
export interface Totals {
  readonly groups: number;
  readonly toChange: number;
  readonly rulesToAdd: number;
  readonly rulesToRemove: number;
  readonly interfaces: number;
  /** Groups with a way in that would stay open to others than load balancers. */
  readonly staysOpen: number;
  readonly loadBalancers: number;
  readonly gaps: number;
}

export function survey({ region, snapshot }: Picture, policy: Policy): Survey {
  const forecasts = forecast(snapshot, policy);
  return {
    region,
    before: snapshot,
    after: forecasts.after,
    reports: reportsOf(forecasts, policy),
  };
}

export function totalsOf(surveys: readonly Survey[]): Totals {
  const reports = surveys.flatMap((one) => one.reports);
  const changing = reports.filter(isToChange);
  const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
  return {
    groups: reports.length,
    toChange: changing.length,
    rulesToAdd: sum(changing.map(({ add }) => add.length)),
    rulesToRemove: sum(changing.map(({ remove }) => remove.length)),
    interfaces: new Set(changing.flatMap(({ attached }) => attached.map((one) => one.interface)))
      .size,
    staysOpen: reports.filter(({ staysOpen }) => staysOpen.length > 0).length,
    loadBalancers: new Set(
      reports.flatMap(({ loadBalancers }) => loadBalancers.map(({ id }) => id)),
    ).size,
    gaps: sum(surveys.map(({ before }) => before.gaps.length)),
  };
}
