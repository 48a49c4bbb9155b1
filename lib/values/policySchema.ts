import * as v from "valibot";
import { allowedSource, sourcePattern, sourceProblem, sourcesAllowed } from "./allowedSource.ts";
import { defaultPolicy } from "./policy.ts";
import { policySettings } from "./policySettings.ts";
import {
  portPattern,
  portProblem,
  portsAllowed,
  portText,
  protectedPort,
} from "./protectedPort.ts";
import { allowedText } from "./setting.ts";

const oneOf = <const Values extends readonly string[]>(setting: {
  readonly about: string;
  readonly allowed: Values;
}) => v.picklist(setting.allowed, `allowed: ${allowedText(setting)}`);

const withoutProblem = (problem: (text: string) => string | undefined, pattern: RegExp) =>
  v.pipe(
    v.string((issue) => problem(String(issue.input)) ?? ""),
    v.regex(pattern, (issue) => problem(issue.input) ?? ""),
    v.check(
      (text) => problem(text) === undefined,
      (issue) => problem(issue.input) ?? "",
    ),
  );

const described = <const Schema extends v.GenericSchema>(schema: Schema, about: string) =>
  v.pipe(schema, v.description(about));

const {
  defaultMode,
  close,
  admit,
  protectedPorts,
  allowedSources,
  keepSelf,
  maxKeepDays,
  rulesPerGroup,
  spareRules,
} = policySettings;

const integer = (setting: Parameters<typeof allowedText>[0], least: number, most: number) => {
  const problem = `allowed: ${allowedText(setting)}`;
  return v.pipe(
    v.number(problem),
    v.integer(problem),
    v.minValue(least, problem),
    v.maxValue(most, problem),
  );
};

/** A policy as people write it, in JSON; every setting has a default. Parses to `Policy`. */
export const policySchema = v.pipe(
  v.strictObject({
    defaultMode: v.optional(
      described(oneOf(defaultMode), defaultMode.about),
      defaultPolicy.defaultMode,
    ),
    close: v.optional(described(oneOf(close), close.about), defaultPolicy.close),
    admit: v.optional(described(oneOf(admit), admit.about), defaultPolicy.admit),
    protectedPorts: v.optional(
      described(
        v.array(
          v.pipe(withoutProblem(portProblem, portPattern), v.transform(protectedPort)),
          portsAllowed,
        ),
        protectedPorts.about,
      ),
      defaultPolicy.protectedPorts.map(portText),
    ),
    allowedSources: v.optional(
      described(
        v.array(
          v.pipe(withoutProblem(sourceProblem, sourcePattern), v.transform(allowedSource)),
          sourcesAllowed,
        ),
        allowedSources.about,
      ),
      [...defaultPolicy.allowedSources],
    ),
    keepSelf: v.optional(
      described(v.boolean(`allowed: ${allowedText(keepSelf)}`), keepSelf.about),
      defaultPolicy.keepSelf,
    ),
    maxKeepDays: v.optional(
      described(integer(maxKeepDays, 1, 9999), maxKeepDays.about),
      defaultPolicy.maxKeepDays,
    ),
    rulesPerGroup: v.optional(
      described(integer(rulesPerGroup, 1, 1000), rulesPerGroup.about),
      defaultPolicy.rulesPerGroup,
    ),
    spareRules: v.optional(
      described(integer(spareRules, 0, 99), spareRules.about),
      defaultPolicy.spareRules,
    ),
  }),
  v.title("elb-only policy"),
);
