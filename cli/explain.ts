import { isIP } from "node:net";
import { type Command, InvalidArgumentError, Option } from "commander";
import { gatherPictures } from "./picture/gather.ts";
import {
  type PolicyOptions,
  readsSnapshot,
  takesPolicy,
  type WhereOptions,
} from "./shell/options.ts";
import { givenPolicy } from "./shell/policy.ts";
import type { Act, GlobalOptions } from "./shell/act.ts";
import { paperFor, progressOn, type Surroundings } from "./shell/surroundings.ts";
import { ecsNameOf, taskHint } from "./ecs.ts";
import type { Question } from "./packet.ts";
import { type Subject, subjectIn, subjectKinds } from "./subject.ts";
import { type Survey, survey } from "../lib/survey/survey.ts";
import { explainedAs, explanationLines } from "./text/explanation.ts";
import { packetAs, packetLines } from "./text/packetText.ts";

interface ExplainOptions extends WhereOptions, PolicyOptions, GlobalOptions {
  readonly fromAddress?: string;
  readonly port?: number;
  readonly protocol: string;
  readonly json?: boolean;
}

const examples = `
Examples
  elb-only explain sg-0123456789abcdef0
  elb-only explain i-0123456789abcdef0 --region eu-west-1
  elb-only explain web-alb --from snapshot.json
  elb-only explain i-0123456789abcdef0 --from-address 203.0.113.9 --port 80

--from names the snapshot to read; --from-address is where the packet comes from.
`;

const address = (text: string): string => {
  if (isIP(text) === 0)
    throw new InvalidArgumentError("Allowed: an IPv4 or IPv6 address as in 203.0.113.9.");
  return text;
};

const portNumber = (text: string): number => {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new InvalidArgumentError("Allowed: a port from 0 to 65535.");
  return port;
};

/** `elb-only explain`: who can reach something, by which rule, and what we would do about it. */
export function addExplain(program: Command, around: Surroundings, act: Act): void {
  const command = program
    .command("explain")
    .summary("who can reach it on which port, by which rule of which group")
    .description(
      "Says who can reach something on which port, by which rule of which group, and what elb-only would do about it. Changes nothing.\nExit code: 0 explained, 1 an error (also: there is no such thing).",
    )
    .argument("<what>", subjectKinds)
    .optionsGroup("One packet, and what happens to it:")
    .addOption(
      new Option("--from-address <address>", "where the packet comes from").argParser(address),
    )
    .addOption(new Option("--port <port>", "where it goes to").argParser(portNumber))
    .addOption(
      new Option("--protocol <protocol>", "its protocol").choices(["tcp", "udp"]).default("tcp"),
    );
  takesPolicy(readsSnapshot(command))
    .optionsGroup("Output:")
    .option("--json", "one JSON document instead of text")
    .addHelpText("after", examples)
    .action((what: string, _, self: Command) =>
      act(() => explain(what, self.optsWithGlobals(), around)),
    );
}

async function explain(
  what: string,
  options: ExplainOptions,
  around: Surroundings,
): Promise<number> {
  const question = questionIn(options);
  const task = ecsNameOf(what);
  if (task?.kind === "task") throw new Error(taskHint(task));
  const { policy } = givenPolicy(options, around.folder);
  const progress = progressOn(around);
  const pictures = await gatherPictures(options, around, progress, {
    kind: "thing",
    name: what,
  }).finally(progress.end);
  const found = pictures.flatMap((one): readonly (readonly [Subject, Survey])[] => {
    const subject = subjectIn(what, one.snapshot);
    return subject === undefined ? [] : [[subject, survey(one, policy)]];
  });
  if (found.length === 0)
    throw new Error(
      `There is no ${what} in ${pictures.map(({ region, snapshot }) => `${snapshot.account} ${region}`).join(", ") || "what was read"}.\nAllowed: ${subjectKinds}.`,
    );
  const paper = paperFor(around, !options.color);
  if (options.json === true) {
    const answers = found.map(([subject, seen]) => ({
      account: seen.before.account,
      region: seen.region,
      at: seen.before.at,
      subject: subject.title,
      ...(question === undefined
        ? { interfaces: explainedAs(subject, seen) }
        : { packet: question, interfaces: packetAs(question, subject, seen) }),
    }));
    const document = { kind: "elb-only explanation", version: 1, answers };
    around.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
    return 0;
  }
  for (const [subject, seen] of found)
    for (const line of question === undefined
      ? explanationLines(subject, seen, paper)
      : packetLines(question, subject, seen, paper))
      paper.line(line);
  return 0;
}

function questionIn({ fromAddress, port, protocol }: ExplainOptions): Question | undefined {
  if (fromAddress === undefined && port === undefined) return undefined;
  if (fromAddress === undefined || port === undefined)
    throw new Error("A packet needs both: --from-address as in 203.0.113.9, and --port as in 80.");
  return { address: fromAddress, protocol, port };
}
