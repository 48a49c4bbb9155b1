import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const read = (file: string): string => readFileSync(join(root, file), "utf8");

/** The calls that are named where they are made. */
const callsIn = (files: readonly string[]): readonly string[] => [
  ...new Set(
    files.flatMap((file) =>
      [...read(file).matchAll(/"((?:ec2|elasticloadbalancing|sts):[A-Z]\w+)"/g)].map(
        ([, name = ""]) => name,
      ),
    ),
  ),
];

describe("docs/cli.md", () => {
  const [, part = ""] = /<!-- calls -->\n([^]*?)<!-- \/calls -->/.exec(read("docs/cli.md")) ?? [];
  const listed = [...part.matchAll(/^- `(.*)`$/gm)].map(([, name]) => name);
  // The targets' health is asked only before and after a removal.
  const readers = globSync("lib/aws/read/*.ts", { cwd: root }).filter(
    (file) => !file.endsWith("health.ts"),
  );

  it("lists every call that the tool may make, in order", () => {
    expect(listed).toEqual([...callsIn([...readers, "lib/aws/identity.ts"])].sort());
  });

  it("lists calls that are there to be found", () => {
    expect(listed.length).toBeGreaterThan(10);
    for (const name of listed.filter((one) => !one?.startsWith("sts:")))
      expect(name).toMatch(/:(Describe|Get|List)/);
  });
});
