import type { Format } from "../../lib/messages/parts.ts";
import type { Caution } from "../../lib/remediation/restraints.ts";
import type { Policy } from "../../lib/values/policy.ts";
import { policyOf } from "../../lib/values/policySettings.ts";
import { allowedText, problemsOf, type Reader, type Setting } from "../../lib/values/setting.ts";
import { settings, type SettingName } from "../../lib/values/settings.ts";
import { wiringSettings } from "../../lib/values/wiringSettings.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** What each function needs to know of its deployment. */
interface SharedConfig {
  readonly policy: Policy;
  readonly enforceQueueUrl: string;
  readonly notifyQueueUrl: string;
  readonly eventBus: string;
  /** The DynamoDB table of what is remembered from one run to the next. */
  readonly stateTable: string;
  /** Milliseconds for which an admission stays that nobody uses. */
  readonly admissionGrace: number;
  /** How many calls a second ELB is asked by all functions together. */
  readonly elbCallsPerSecond: number;
}
/** What each process gets of those; two enforce at a time. */
export const elbShares = { enforce: 2 / 9, verify: 5 / 9 } as const;

export interface VerifyConfig extends SharedConfig {
  readonly alertTopicArn: string;
  /** The region whose sweep looks at the others; empty: none does. */
  readonly homeRegion: string;
  /** What the stack deployed. Undefined: nobody looks whether it is still there. */
  readonly wiring: Readonly<Record<WiringSetting, string>> | undefined;
}
type WiringSetting = keyof typeof wiringSettings;
export interface EnforceConfig extends SharedConfig {
  /** Seconds between a removal and the look at the targets' health. */
  readonly checkHealthAfter: number | "off";
  readonly caution: Caution;
}
export interface NotifyConfig {
  readonly alertTopicArn: string;
  readonly format: Format;
  readonly stateTable: string;
  /** Milliseconds for which the same is not told again. */
  readonly periodMs: number;
  readonly region: string;
}

type Catalogue = typeof settings;

/** The text of a setting: one of its values, or any; nothing, too, where it may be left out. */
type TextOf<One extends Setting> =
  | (One["allowed"] extends readonly (infer Text)[] ? Text : string)
  | (One extends { readonly default: string } | { readonly required: true } ? never : undefined);

/** The texts of the settings that a function reads. */
type Texts<By extends Reader> = {
  readonly [
    Name in SettingName as By extends Catalogue[Name]["readBy"][number] ? Name : never
  ]: TextOf<Catalogue[Name]>;
};

const ours = Object.values(settings)
  .map(({ variable }) => variable)
  .filter((variable) => variable.startsWith("ELB_ONLY_"));

/** A misspelled setting would silently leave its default in force. */
const misspelled = (environment: Environment): readonly string[] =>
  Object.keys(environment)
    .filter((name) => name.startsWith("ELB_ONLY_") && !ours.some((known) => known === name))
    .map((name) => `${name} is not a setting; allowed: ${ours.join(", ")}`);

function problems(setting: Setting, name: string, given: string | undefined): readonly string[] {
  if (given !== undefined) return problemsOf(setting, name, given);
  return setting.required === true ? [`${name} is not set; allowed: ${allowedText(setting)}`] : [];
}

const problemsFound = (found: readonly string[]): Error =>
  new Error(
    `The configuration has ${found.length === 1 ? "a problem" : `${found.length} problems`}:\n${found.map((line) => `- ${line}`).join("\n")}`,
  );

/** Reads what a function is told; throws every problem in one message. */
function read<By extends Reader>(by: By, environment: Environment): Texts<By> {
  const asked = Object.entries(settings).filter(([, { readBy }]) =>
    readBy.some((one: Reader) => one === by),
  );
  const found = [
    ...misspelled(environment),
    ...asked.flatMap(([, one]) => problems(one, one.variable, environment[one.variable])),
  ];
  if (found.length > 0) throw problemsFound(found);
  return Object.fromEntries(
    asked.map(([name, one]: readonly [string, Setting & { readonly variable: string }]) => [
      name,
      environment[one.variable] ?? one.default,
    ]),
  ) as Texts<By>;
}

const sharedConfig = (texts: Texts<"enforce"> | Texts<"verify">): SharedConfig => ({
  policy: policyOf(texts),
  enforceQueueUrl: texts.enforceQueueUrl,
  notifyQueueUrl: texts.notifyQueueUrl,
  eventBus: texts.eventBus,
  stateTable: texts.stateTable,
  admissionGrace: Number(texts.admissionGrace) * 3_600_000,
  elbCallsPerSecond: Number(texts.elbCallsPerSecond),
});

export function enforceConfig(environment: Environment): EnforceConfig {
  const texts = read("enforce", environment);
  const after = texts.checkHealthAfter;
  const most = (text: string): number => (text === "off" ? Infinity : Number(text));
  return {
    ...sharedConfig(texts),
    checkHealthAfter: after === "off" ? after : Number(after),
    caution: {
      limits: {
        groups: most(texts.breakerGroups),
        interfaces: most(texts.breakerInterfaces),
        sources: most(texts.breakerSources),
      },
      privateGrace: Number(texts.privateGrace) * 3_600_000,
    },
  };
}

export function verifyConfig(environment: Environment): VerifyConfig {
  const texts = read("verify", environment);
  return {
    ...sharedConfig(texts),
    alertTopicArn: texts.alertTopicArn,
    homeRegion: texts.homeRegion,
    wiring: wiringIn(texts),
  };
}

/** All of the wiring, or none of it. */
function wiringIn(texts: Texts<"verify">): VerifyConfig["wiring"] {
  if (texts.rulePrefix === undefined) return undefined;
  const names = Object.keys(wiringSettings) as readonly WiringSetting[];
  const missing = names.filter((name) => texts[name] === undefined);
  if (missing.length > 0)
    throw problemsFound(
      missing.map(
        (name) =>
          `${wiringSettings[name].variable} is not set; allowed beside ${wiringSettings.rulePrefix.variable}: ${allowedText(wiringSettings[name])}`,
      ),
    );
  return Object.fromEntries(names.map((name) => [name, texts[name]])) as NonNullable<
    VerifyConfig["wiring"]
  >;
}

export function notifyConfig(environment: Environment): NotifyConfig {
  const { alertTopicArn, alertFormat, stateTable, repeatAfter, region } = read(
    "notify",
    environment,
  );
  return {
    alertTopicArn,
    format: alertFormat,
    stateTable,
    periodMs: Number(repeatAfter) * 3_600_000,
    region,
  };
}

/**
 * Reads a configuration now, at cold start, and hands it out (or throws what is wrong with it) at every invocation:
 * thrown at load, Lambda would report a crash and start over, again and again.
 */
export function readOnce<Config>(
  config: (environment: Environment) => Config,
  environment: Environment,
): () => Config {
  try {
    const value = config(environment);
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}
