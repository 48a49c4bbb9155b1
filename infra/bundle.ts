import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type BuildOptions, type Plugin } from "esbuild";

/** The Lambda functions: each is functions/<name>.ts here and dist/functions/<name>/index.mjs there. */
export const functionNames = ["enforce", "verify", "notify"] as const;
export type FunctionName = (typeof functionNames)[number];

const root = join(import.meta.dirname, "..");

const entryOf = (name: FunctionName): string => join(root, "functions", `${name}.ts`);

/** The folder to deploy for a function: the bundle, and the source map that makes its stack traces readable. */
export const folderOf = (name: FunctionName): string => join(root, "dist", "functions", name);

/** How every function is bundled. A lean bundle starts about three times as fast as esbuild's defaults. */
export function bundleOptions(entry: string, outfile: string): BuildOptions {
  return {
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node24",
    // The SDK's CommonJS files, which Node's default would choose, cannot be tree-shaken.
    mainFields: ["module", "main"],
    minify: true,
    legalComments: "none",
    // Names and lines only: a map with the sources in it would outweigh the bundle.
    sourcemap: "linked",
    sourcesContent: false,
    // A function's credentials are in its environment; the default chain drags in HTTP clients for everything else.
    alias: {
      "@aws-sdk/credential-provider-node": join(import.meta.dirname, "environment-credentials.ts"),
      "@aws-sdk/middleware-endpoint-discovery": join(
        import.meta.dirname,
        "no-endpoint-discovery.ts",
      ),
      "@smithy/core/event-streams": join(import.meta.dirname, "no-event-streams.ts"),
    },
    plugins: [droppableSchemas, shortErrors, versionOnly],
    metafile: true,
    logLevel: "silent",
  };
}

/**
 * The SDK describes every operation of a service in one file of array literals, about 550 KB for EC2. esbuild keeps them all,
 * because computing a key, as in `{ [_xN]: _m }`, might have a side effect (evanw/esbuild#4373). With the keys spelled out it
 * drops what no operation of ours refers to.
 */
const droppableSchemas: Plugin = {
  name: "droppable-schemas",
  setup(build) {
    build.onLoad(
      { filter: /[\\/]@aws-sdk[\\/].*[\\/]schemas[\\/]schemas_\d+\.js$/ },
      async ({ path }) => ({
        contents: spellOutKeys(await readFile(path, "utf8")),
        loader: "js",
      }),
    );
  },
};

/** `const _m = "min"; ... { [_m]: 1 }` becomes `const _m = "min"; ... { "min": 1 }`. @internal */
export function spellOutKeys(source: string): string {
  const texts = new Map(
    [...source.matchAll(/^const (\w+) = ("[^"\\\n]*");$/gm)].map(([, name, text]) => [name, text]),
  );
  return source.replaceAll(/\[(\w+)\]:/g, (key, name: string) =>
    texts.has(name) ? `${texts.get(name)}:` : key,
  );
}

/** Each client brings a class for each of its service's errors, some 300 in all, written out: they are all the same but for name, fault and members. */
const shortErrors: Plugin = {
  name: "short-errors",
  setup(build) {
    build.onLoad(
      { filter: /[\\/]@aws-sdk[\\/].*[\\/]models[\\/]errors\.js$/ },
      async ({ path }) => ({
        contents: shortenErrors(await readFile(path, "utf8")),
        loader: "js",
      }),
    );
  },
};

const errorClass =
  /^export class (\w+) extends __BaseException \{\n {4}name = "\1";\n {4}\$fault = "(\w+)";\n((?: {4}\w+;\n)*) {4}constructor\(opts\) \{\n {8}super\(\{\n {12}name: "\1",\n {12}\$fault: "\2",\n {12}\.\.\.opts,\n {8}\}\);\n {8}Object\.setPrototypeOf\(this, \1\.prototype\);\n((?: {8}this\.(\w+) = opts\.\5;\n)*) {4}\}\n\}$/gm;

const errorOf = `function errorOf(name, fault, members) {
  const Made = class extends __BaseException {
    constructor(opts) {
      super({ name, $fault: fault, ...opts });
      Object.setPrototypeOf(this, Made.prototype);
      this.name = name;
      this.$fault = fault;
      for (const member of members) this[member] = opts[member];
    }
  };
  return Made;
}
`;

/** Classes of errors that are as all others become a call of one function; any other stays as it is. @internal */
export const shortenErrors = (source: string): string =>
  `${source.replaceAll(
    errorClass,
    (_, name: string, fault: string, members: string) =>
      `export const ${name} = errorOf("${name}", "${fault}", ${JSON.stringify(members.match(/\w+/g) ?? [])});`,
  )}\n${errorOf}`;

/** Each client reads its own package.json, for the version in its user agent; the rest of it is dead weight. */
const versionOnly: Plugin = {
  name: "version-only",
  setup(build) {
    build.onLoad(
      { filter: /[\\/]@aws-sdk[\\/]client-[\w-]+[\\/]package\.json$/ },
      async ({ path }) => {
        const { version } = JSON.parse(await readFile(path, "utf8")) as { version: string };
        return { contents: JSON.stringify({ version }), loader: "json" };
      },
    );
  },
};

/** Sizes in bytes, without the source map. */
export interface Bundle {
  readonly name: FunctionName;
  readonly raw: number;
  readonly gzip: number;
}

export async function bundleFunction(name: FunctionName): Promise<Bundle> {
  const entry = entryOf(name);
  if (!existsSync(entry))
    throw new Error(`The function "${name}" has no entry: ${entry} does not exist.`);

  const outfile = join(folderOf(name), "index.mjs");
  await rm(folderOf(name), { recursive: true, force: true });
  const { metafile } = await build({
    ...bundleOptions(entry, outfile),
    absWorkingDir: root,
    metafile: true,
  });

  const output = Object.values(metafile.outputs).find(({ entryPoint }) => entryPoint !== undefined);
  if (!output?.exports.includes("handler"))
    throw new Error(`The function "${name}" has no handler: ${entry} must export one.`);

  const code = await readFile(outfile);
  return { name, raw: code.length, gzip: gzipSync(code).length };
}
