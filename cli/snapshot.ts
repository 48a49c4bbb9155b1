import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import { gatherPictures } from "./picture/gather.ts";
import { snapshotText } from "./picture/snapshotFile.ts";
import { readsSnapshot, type WhereOptions } from "./shell/options.ts";
import type { Act } from "./shell/act.ts";
import { progressOn, type Surroundings } from "./shell/surroundings.ts";
import { counted } from "../lib/survey/words.ts";

interface SnapshotOptions extends WhereOptions {
  readonly out: string;
}

const examples = `
Examples
  elb-only snapshot --region eu-west-1
  elb-only snapshot --profile production --region eu-west-1,us-east-1 --out production.json
  elb-only snapshot --from described/ --out snapshot.json
  elb-only plan --from snapshot.json

It holds addresses, names, tags and rules as they were read: keep it as you keep those.
`;

/** `elb-only snapshot`: writes what was read, for plan, verify and explain without AWS. */
export function addSnapshot(program: Command, around: Surroundings, act: Act): void {
  const command = program
    .command("snapshot")
    .summary("write what was read to a file, to plan, verify and explain without AWS")
    .description(
      "Reads, and writes what was read to a file that plan, verify and explain take with --from.\nExit code: 0 written, 1 an error.",
    );
  readsSnapshot(command)
    .optionsGroup("Output:")
    .option("--out <file>", "the file to write; - is standard output", "snapshot.json")
    .addHelpText("after", examples)
    .action((_, self: Command) => act(() => snapshot(self.optsWithGlobals(), around)));
}

async function snapshot(options: SnapshotOptions, around: Surroundings): Promise<number> {
  const progress = progressOn(around);
  const pictures = await gatherPictures(options, around, progress).finally(progress.end);
  const text = snapshotText(pictures);
  if (options.out === "-") around.stdout.write(text);
  else {
    // Others on this machine need not know who is let in where.
    writeFileSync(resolve(around.folder, options.out), text, { mode: 0o600 });
    const groups = pictures.reduce((sum, one) => sum + one.snapshot.groups.size, 0);
    around.stderr.write(`${options.out}: ${counted(groups, "security group")}.\n`);
  }
  const gaps = pictures.flatMap((one) => one.snapshot.gaps);
  for (const gap of gaps) around.stderr.write(`Not read: ${gap}\n`);
  return 0;
}
