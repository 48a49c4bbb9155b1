import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");

const declaration =
  /^export (?:abstract |async )?(?:const|function\*?|interface|type|class) (?<name>\w+)/;

/** Every exported line in lib/, and the name that it declares. */
const exported = globSync("lib/**/*.ts", { cwd: root }).flatMap((file) =>
  readFileSync(join(root, file), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("export"))
    .map((line) => ({ file, line, name: declaration.exec(line)?.groups?.["name"] })),
);

describe("exported names in lib/", () => {
  it("are declared one a line, where this test can read them", () => {
    expect(exported.length).toBeGreaterThan(300);
    expect(exported.filter(({ name }) => name === undefined)).toEqual([]);
  });

  it("stand in one file each: one word, one thing", () => {
    const filesOf = [...Map.groupBy(exported, ({ name }) => name)].map(
      ([name, lines]) => `${name}: ${[...new Set(lines.map(({ file }) => file))].join(" ")}`,
    );
    expect(filesOf.filter((one) => one.split(" ").length > 2)).toEqual([]);
  });
});
