import { readFileSync, writeFileSync } from "node:fs";

/** The part of a document between `<!-- name -->` and `<!-- /name -->`. `npm run docs` writes it anew, and then it is compared like any other time. */
export function generatedIn(path: URL, name: string, now: string): string {
  const part = new RegExp(`(?<=<!-- ${name} -->\\n)[\\s\\S]*?(?=<!-- /${name} -->)`);
  const document = readFileSync(path, "utf8");
  if (process.env["README_WRITE"] !== "yes") return part.exec(document)?.[0].trim() ?? "";
  writeFileSync(
    path,
    document.replace(part, () => `${now}\n`),
  );
  return now;
}
