import { summaryKind } from "../values/ownMessages.ts";
import type { MessageParts } from "./parts.ts";
import { type Trouble, troubleParts } from "./trouble.ts";
import { type WeeklySummary, weeklySummaryParts } from "./weeklySummary.ts";

/** What a sweep says of elb-only itself and of the region: no outcome of a group. */
export type OwnReport = Trouble | WeeklySummary;

export const isOwnReport = (report: object): report is OwnReport => "kind" in report;

export const ownReportParts = (report: OwnReport): MessageParts =>
  report.kind === summaryKind ? weeklySummaryParts(report) : troubleParts(report);

/** The same trouble is the same whatever the order; a summary is said once a day at most, however often it is sent. */
export const samenessOf = (report: OwnReport): readonly string[] =>
  report.kind === summaryKind ? [report.at.slice(0, 10)] : [...report.problems].sort();
