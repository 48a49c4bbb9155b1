import type { GroupReport } from "../survey/groupReport.ts";
import type { Survey } from "../survey/survey.ts";

/** Where on the page a group is: the same id may stand in a report twice only in different accounts or regions. */
export const groupAnchor = (
  { group }: Pick<GroupReport, "group">,
  { before, region }: Survey,
): string => `group-${before.account}-${region}-${group}`.replaceAll(/[^\w-]/g, "_");
