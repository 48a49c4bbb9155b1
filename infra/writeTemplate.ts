import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { App } from "aws-cdk-lib";
import { type FunctionName, folderOf, functionNames } from "./bundle.ts";
import { templateStack, stackName } from "./template.ts";
import { zipOf } from "./zip.ts";

// Writes dist/template/: a CloudFormation template, and the functions' code under names that change with it.
const folder = join(import.meta.dirname, "..", "dist", "template");

async function zipped(name: FunctionName): Promise<string> {
  const bundle = join(folderOf(name), "index.mjs");
  if (!existsSync(bundle))
    throw new Error(
      `The function "${name}" is not bundled: ${bundle} does not exist. Run "npm run build" first.`,
    );
  const zip = zipOf("index.mjs", await readFile(bundle));
  const file = `${name}-${createHash("sha256").update(zip).digest("hex").slice(0, 16)}.zip`;
  await writeFile(join(folder, file), zip);
  return file;
}

try {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const files = Object.fromEntries(
    await Promise.all(functionNames.map(async (name) => [name, await zipped(name)] as const)),
  );

  const outdir = await mkdtemp(join(tmpdir(), "elb-only-template-"));
  const app = new App({ analyticsReporting: false, outdir });
  templateStack(app, files as Record<FunctionName, string>);
  const { template } = app.synth().getStackByName(stackName);
  await rm(outdir, { recursive: true });

  const file = join(folder, "elb-only.template.json");
  await writeFile(file, JSON.stringify(template));
  for (const written of [...Object.values(files).map((name) => join(folder, name)), file])
    console.log(relative(process.cwd(), written));
} catch (error) {
  console.error(`No template was made. ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
