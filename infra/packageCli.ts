import { chmod, copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { bundleOptions } from "./bundle.ts";

// `npm run package`: the command line tool as a package of its own, of one file that needs no other package.

const root = join(import.meta.dirname, "..");
const folder = join(root, "dist", "cli");
const program = "elb-only.mjs";

await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
await build({
  ...bundleOptions(join(root, "cli", "main.ts"), join(folder, program)),
  absWorkingDir: root,
  target: "node22",
  // A person's credentials may come from anywhere: profiles, single sign-on, a process, the instance.
  alias: {},
  // Some of the packages are CommonJS, and ask for Node's own modules by `require`.
  banner: {
    js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
  },
  // --debug shows names.
  minify: false,
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: false,
});
await chmod(join(folder, program), 0o755);

const { name, version, description, license } = JSON.parse(
  await readFile(join(root, "package.json"), "utf8"),
) as Readonly<Record<string, string>>;
const product = {
  name,
  version,
  description,
  license,
  type: "module",
  bin: { [String(name)]: program },
  engines: { node: ">=22" },
};
await writeFile(join(folder, "package.json"), `${JSON.stringify(product, undefined, 2)}\n`);
await copyFile(join(root, "LICENSE"), join(folder, "LICENSE"));
await copyFile(join(root, "node_modules", "elkjs", "LICENSE.md"), join(folder, "LICENSE.elkjs.md"));
await copyFile(join(root, "docs", "cli.md"), join(folder, "README.md"));
await copyFile(join(root, "docs", "policy.schema.json"), join(folder, "policy.schema.json"));
