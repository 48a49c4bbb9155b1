import type { Policy } from "../lib/values/policy.ts";
import { type EvidenceOptions, withEvidence } from "./evidence/gatherEvidence.ts";
import { gatherPictures, wantedBy } from "./picture/gather.ts";
import type { ChoiceOptions, WhereOptions } from "./shell/options.ts";
import { progressOn, type Surroundings } from "./shell/surroundings.ts";
import { choose } from "./choose.ts";
import { type Survey, survey } from "../lib/survey/survey.ts";

/** Reads, plans and chooses what was asked about, with the evidence of who used it. */
export async function gatherSurveys(
  options: WhereOptions & ChoiceOptions & EvidenceOptions,
  policy: Policy,
  around: Surroundings,
): Promise<readonly Survey[]> {
  const progress = progressOn(around);
  const pictures = await gatherPictures(options, around, progress, wantedBy(options)).finally(
    progress.end,
  );
  const chosen = choose(
    pictures.map((one) => survey(one, policy)),
    options,
  );
  return withEvidence(chosen, options, around, progress).finally(progress.end);
}
