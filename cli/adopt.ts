import { type Command, Option } from "commander";
import { admittedBy } from "../lib/values/ownAdmission.ts";
import { asCloudFormation, asTerraform } from "../lib/values/asCode.ts";
import type { GroupId, Rule } from "../lib/values/rule.ts";
import type { Snapshot } from "../lib/values/snapshot.ts";
import { counted } from "../lib/survey/words.ts";
import { gatherPictures, wantedBy } from "./picture/gather.ts";
import type { Act, GlobalOptions } from "./shell/act.ts";
import { readsSnapshot, type WhereOptions } from "./shell/options.ts";
import { progressOn, type Surroundings } from "./shell/surroundings.ts";

interface AdoptOptions extends WhereOptions, GlobalOptions {
  readonly as: keyof typeof writers;
  readonly json?: boolean;
}

const writers = { terraform: asTerraform, cloudformation: asCloudFormation } as const;

const examples = `
Examples
  elb-only adopt sg-0123456789abcdef0                        # Terraform, with the import
  elb-only adopt sg-0123456789abcdef0 --as cloudformation
  elb-only adopt --from snapshot.json --json | jq -r '.rules[].code'
`;

/** `elb-only adopt`: hands the rules that elb-only made to the tool that owns their groups. */
export function addAdopt(program: Command, around: Surroundings, act: Act): void {
  const command = program
    .command("adopt")
    .summary("hands rules of ours to Terraform or CloudFormation: the code, and the import")
    .argument("[groups...]", "security groups; all behind load balancers, if none is named")
    .description(
      "Prints each rule by which elb-only lets a load balancer in, as code with its import. EC2 has no two equal rules, so the one that stands is imported, not made again. Then tag the group elb-only:adopt: from then on elb-only takes none of them away. Changes nothing.\nExit code: 0 printed, or there is nothing to hand over; 1 an error.",
    );
  readsSnapshot(command)
    .addOption(
      new Option("--as <tool>", "whose code").choices(Object.keys(writers)).default("terraform"),
    )
    .optionsGroup("Output:")
    .option("--json", "one JSON document instead of text")
    .addHelpText("after", examples)
    .action((groups: readonly GroupId[], _, self: Command) =>
      act(() => adopt(groups, self.optsWithGlobals(), around)),
    );
}

async function adopt(
  groups: readonly GroupId[],
  options: AdoptOptions,
  around: Surroundings,
): Promise<number> {
  const progress = progressOn(around);
  const wanted = wantedBy({ group: [...groups], loadBalancer: [], vpc: [] });
  const pictures = await gatherPictures(options, around, progress, wanted).finally(progress.end);
  const unknown = groups.find((one) => pictures.every(({ snapshot }) => !snapshot.groups.has(one)));
  if (unknown !== undefined)
    throw new Error(`${unknown} is no security group behind a load balancer there.`);
  const write = writers[options.as];
  const rules = pictures.flatMap(({ snapshot, region }) =>
    handedOver(snapshot, groups).map(({ group, rule }) => ({
      account: snapshot.account,
      region,
      group,
      rule: rule.id ?? "",
      code: write(group, rule),
    })),
  );
  const text =
    options.json === true
      ? JSON.stringify({ kind: "elb-only adopt", version: 1, rules }, undefined, 2)
      : rules.map(({ code }) => code).join("\n\n");
  if (text !== "") around.stdout.write(`${text}\n`);
  const found = new Set(rules.map(({ group }) => group));
  around.stderr.write(
    rules.length === 0
      ? "elb-only made no rules there.\n"
      : `${counted(rules.length, "rule")} in ${counted(found.size, "group")}. Afterwards: aws ec2 create-tags --resources ${[...found].join(" ")} --tags Key=elb-only:adopt,Value=yes\n`,
  );
  return 0;
}

/** The rules that elb-only made, by proof, in these groups or in all in question. */
const handedOver = (
  { groups, inQuestion }: Snapshot,
  asked: readonly GroupId[],
): readonly { readonly group: GroupId; readonly rule: Rule }[] =>
  (asked.length > 0 ? asked : inQuestion).flatMap((group) =>
    (groups.get(group)?.rules ?? [])
      .filter((rule) => admittedBy(rule) !== undefined)
      .map((rule) => ({ group, rule })),
  );
