import { readFile, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { fieldsOf, lostFields, type Schema } from "../support/schemaFields.ts";
import { schema } from "./schema.ts";

/** What was ever published of version 1, a line each. Lines are added and never taken away. */
const published = new URL("outcome-v1.fields.txt", import.meta.url);
const linesIn = (text: string): readonly string[] => text.split("\n").filter(Boolean);

const object = (properties: Readonly<Record<string, Schema>>, ...required: string[]): Schema => ({
  type: "object",
  properties,
  required,
});
const text: Schema = { type: "string" };

describe("the schema of outcomes", () => {
  it("only grows: it has all that was ever published of version 1, and what is new is published with it (`npm run docs` adds it)", async () => {
    const [now, before] = [fieldsOf(schema as Schema), linesIn(await readFile(published, "utf8"))];
    expect(lostFields(before, now)).toEqual([]);
    if (process.env["README_WRITE"] === "yes")
      await writeFile(published, `${[...new Set([...before, ...now])].toSorted().join("\n")}\n`);
    else expect(lostFields(now, before)).toEqual([]);
  });
});

describe("lostFields of an earlier and a later schema", () => {
  const either = (...kinds: readonly string[]): Schema => ({
    anyOf: kinds.map((kind) => object({ kind: { const: kind }, id: text }, "kind")),
  });
  const lost = (earlier: Schema, later: Schema): readonly string[] =>
    lostFields(fieldsOf(earlier), fieldsOf(later));

  it.each<[string, Schema, Schema]>([
    ["a new field", object({ a: text }, "a"), object({ a: text, b: text }, "a", "b")],
    ["a field that is always there now", object({ a: text }), object({ a: text }, "a")],
    [
      "a new value",
      object({ a: { type: "string", enum: ["x"] } }),
      object({ a: { type: "string", enum: ["x", "y"] } }),
    ],
    ["a new kind", object({ a: either("x") }), object({ a: either("x", "y") })],
    ["new words", object({ a: text }), object({ a: { ...text, description: "A." } as Schema })],
    [
      "a part that has become a definition",
      object({ a: object({ b: text }) }),
      { ...object({ a: { $ref: "#/$defs/part" } }), $defs: { part: object({ b: text }) } },
    ],
  ])("hides the false loss: %s", (_, earlier, later) => {
    expect(lost(earlier, later)).toEqual([]);
  });

  it.each<[string, Schema, Schema, readonly string[]]>([
    ["a field", object({ a: text, b: text }), object({ a: text }), ["b: string"]],
    ["a field's type", object({ a: text }), object({ a: { type: "number" } }), ["a: string"]],
    [
      "a field that may be missing",
      object({ a: text }, "a"),
      object({ a: text }),
      ["a: always there"],
    ],
    [
      "a value",
      object({ a: { type: "string", enum: ["x", "y"] } }),
      object({ a: { type: "string", enum: ["x"] } }),
      ['a: may be "y"'],
    ],
    [
      "a field of one kind in a list",
      object({ a: { type: "array", items: either("x") } }),
      object({
        a: { type: "array", items: { anyOf: [object({ kind: { const: "x" } }, "kind")] } },
      }),
      ["a[]<x>.id: string"],
    ],
    [
      "a field of a definition",
      { ...object({ a: { $ref: "#/$defs/part" } }), $defs: { part: object({ b: text }) } },
      { ...object({ a: { $ref: "#/$defs/part" } }), $defs: { part: object({}) } },
      ["a.b: string"],
    ],
  ])("still fires on the true one: %s", (_, earlier, later, expected) => {
    expect(lost(earlier, later)).toEqual(expected);
  });
});
