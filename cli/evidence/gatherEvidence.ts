import type { Evidence } from "../../lib/evidence/wayIn.ts";
import { tallyOf } from "../../lib/evidence/tally.ts";
import type { Progress, Surroundings } from "../shell/surroundings.ts";
import type { Survey } from "../../lib/survey/survey.ts";
import { filesIn } from "../shell/files.ts";
import { readFlowLog } from "./flowLogFiles.ts";

export interface EvidenceOptions {
  readonly flowLogs?: readonly string[];
  readonly flowLogFormat?: string;
}

/** Adds to each group what flow logs say of the ways in that would be closed; without flow logs the surveys as they are. */
export async function withEvidence(
  surveys: readonly Survey[],
  { flowLogs, flowLogFormat }: EvidenceOptions,
  { folder }: Surroundings,
  progress: Progress,
): Promise<readonly Survey[]> {
  if (flowLogs === undefined) return surveys;
  const files = filesIn(flowLogs, folder, "--flow-logs");
  const tallies = surveys.map(({ before, after, reports }) =>
    tallyOf({
      before,
      after,
      waysIn: reports.flatMap(({ group, remove }) => remove.map((rule) => ({ group, rule }))),
    }),
  );
  for (const [place, file] of files.entries()) {
    progress.say(`Reading flow logs, file ${place + 1} of ${files.length}`);
    await readFlowLog(file, flowLogFormat, (line) => {
      for (const tally of tallies) tally.take(line);
    });
  }
  return surveys.map((one, place) => withUses(one, tallies[place]?.evidence()));
}

const withUses = (survey: Survey, evidence: Evidence | undefined): Survey =>
  evidence === undefined
    ? survey
    : {
        ...survey,
        evidence,
        reports: survey.reports.map((report) => ({
          ...report,
          uses: evidence.uses.filter(({ wayIn }) => wayIn.group === report.group),
        })),
      };
