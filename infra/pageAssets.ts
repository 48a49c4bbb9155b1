import { join } from "node:path";
import { build } from "esbuild";

const folder = join(import.meta.dirname, "..", "lib", "report", "browser");

const bundled = async (name: string): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [join(folder, name)],
    bundle: true,
    write: false,
    minify: true,
    platform: "browser",
    format: "iife",
    // What runs `light-dark()` and `:has()` runs these.
    target: ["chrome123", "firefox120", "safari17.5"],
    charset: "utf8",
    legalComments: "none",
    logLevel: "silent",
  });
  return (outputFiles[0]?.text ?? "").trimEnd();
};

/** The module that holds what runs in a report's browser, as text: a page is one file, and so is the command line tool. */
export async function pageAssets(): Promise<string> {
  const [script, style] = [await bundled("main.ts"), await bundled("page.css")];
  return [
    "// Made of lib/report/browser: `npm run docs` writes it anew.",
    `export const pageScript = ${JSON.stringify(script)};`,
    `export const pageStyle = ${JSON.stringify(style)};`,
    "",
  ].join("\n");
}
