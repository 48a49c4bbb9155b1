import type { Outcome } from "../../lib/values/outcome.ts";
import { portsText, sourceKey } from "../../lib/values/rule.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import type { Bundled } from "../sandbox/bundled.ts";
import type { Kind, Struck } from "./kinds.ts";
import { amissNow, filling, happen, lostNow, rulesIn, type Story, tellStory } from "./story.ts";

/** What came of a story in which something went wrong. */
export interface Trial {
  /** What was lost after some call, or does not hold in the end. */
  readonly wrong: readonly string[];
  /** How often people were told of each rule that went or came: "- tcp/20-90 0.0.0.0/0". */
  readonly told: ReadonlyMap<string, number>;
  /** Rules of which a dead letter tells, in the same words: there an alarm leads people. */
  readonly givenUp: ReadonlySet<string>;
  /** Rules that went or came, which people should know. */
  readonly changed: readonly string[];
  readonly calls: Sandbox["calls"];
}

/** The story, with something that goes wrong; then it stops, time passes, and two sweeps come by. */
export async function tryOut(
  product: Bundled,
  options: Kind["options"],
  faults: (sandbox: Sandbox, story: Story) => readonly Parameters<Sandbox["inject"]>[0][],
): Promise<Trial> {
  const sandbox = await product.start({}, options);
  try {
    const story = tellStory(sandbox);
    const lost = new Set<string>();
    sandbox.inject({
      action: "*",
      caller: "elb-only-enforce",
      kind: "last",
      run: () => {
        if (isOpened(sandbox, story)) for (const one of lostNow(sandbox, story)) lost.add(one);
      },
    });
    const ends = faults(sandbox, story).map((fault) => sandbox.inject(fault));
    const before = [...rulesText(sandbox, story), "tcp/20-90 0.0.0.0/0"];
    await happen(sandbox, story);
    await sandbox.idle();
    for (const end of ends) end();
    makeRoom(sandbox, story);
    for (let sweep = 1; sweep <= 2; sweep++) {
      sandbox.advance(1_000_000);
      await sandbox.idle();
      await sandbox.invoke("verify", {});
      await sandbox.idle();
    }
    const after = rulesText(sandbox, story);
    return {
      wrong: [...lost, ...amissNow(sandbox, story)],
      told: toldRules(sandbox),
      givenUp: new Set(sandbox.deadLetters.flatMap(({ body }) => rulesOfLetter(body))),
      changed: sandbox.cloud.groups.has(story.back)
        ? [
            ...before.filter((one) => !after.includes(one)).map((one) => `- ${one}`),
            ...after
              .filter((one) => !before.includes(one) && !one.includes(filling))
              .map((one) => `+ ${one}`),
          ]
        : [],
      calls: [...sandbox.calls],
    };
  } finally {
    await sandbox.close();
  }
}

/** Takes out again what only filled the group. */
function makeRoom({ cloud }: Sandbox, { back }: Story): void {
  const rules = cloud.groups.get(back)?.rules;
  for (const [id, { source }] of rules ?? []) if (sourceKey(source) === filling) rules?.delete(id);
}

const isOpened = (sandbox: Sandbox, { back }: Story): boolean =>
  sandbox.events.some(
    ({ detail }) =>
      detail["eventName"] === "AuthorizeSecurityGroupIngress" &&
      JSON.stringify(detail).includes(back),
  );

/** "tcp/20-90 0.0.0.0/0" */
const rulesText = (sandbox: Sandbox, { back }: Story): readonly string[] =>
  rulesIn(sandbox, back).map((rule) => `${portsText(rule)} ${sourceKey(rule.source)}`);

/** The rules that messages say went or came, and in how many messages each. */
function toldRules({ alerts }: Sandbox): ReadonlyMap<string, number> {
  const told = new Map<string, number>();
  for (const { message } of alerts) {
    const [, section = ""] =
      /^Inbound rules: - went, \+ came\n((?: {2}.*\n)+)/m.exec(message) ?? [];
    for (const [, sign, ports, source] of section.matchAll(/^ {2}([-+]) {2}(\S+) +(\S+)/gm)) {
      const rule = `${sign} ${ports} ${source}`;
      told.set(rule, (told.get(rule) ?? 0) + 1);
    }
  }
  return told;
}

/** The rules that went or came by an outcome that could not be published. */
function rulesOfLetter(body: string): readonly string[] {
  const { added = [], removed = [] } = JSON.parse(body) as Partial<Outcome>;
  return [
    ...removed.map((rule) => `- ${portsText(rule)} ${sourceKey(rule.source)}`),
    ...added.map((rule) => `+ ${portsText(rule)} ${sourceKey(rule.source)}`),
  ];
}

/** The calls that a function makes in the story where nothing goes wrong, each by its number among those of its name. */
export function callsOf(calls: Sandbox["calls"]): readonly Struck[] {
  const seen = new Map<string, number>();
  return calls.flatMap(({ caller, service, action }) => {
    if (caller !== "elb-only-enforce" && caller !== "elb-only-notify") return [];
    const skip = seen.get(`${caller} ${action}`) ?? 0;
    seen.set(`${caller} ${action}`, skip + 1);
    return [{ caller, service, action, skip }];
  });
}
