/** A JSON schema, as far as fields are concerned. */
export interface Schema {
  readonly type?: string;
  readonly const?: string | number | boolean;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

/**
 * All that somebody may rely on in a schema, a line each: "result: string", "result: always there", "result: may be "changed"", "proof[].who<internet>.family: string".
 * What may be added within a version adds lines; what must not be done takes one away.
 */
export const fieldsOf = (schema: Schema): readonly string[] =>
  [...new Set(linesOf("", schema, schema.$defs ?? {}))].toSorted();

/** What a later schema has lost of an earlier one. */
export const lostFields = (
  earlier: readonly string[],
  later: readonly string[],
): readonly string[] => earlier.filter((line) => !later.includes(line));

function linesOf(
  path: string,
  given: Schema,
  definitions: Readonly<Record<string, Schema>>,
): readonly string[] {
  const schema = given.$ref === undefined ? given : definitions[given.$ref.replace("#/$defs/", "")];
  if (schema === undefined) throw new Error(`${path} refers to nothing: ${given.$ref}`);
  const { properties = {}, required = [], items, additionalProperties } = schema;
  const below = (name: string): string => (path === "" ? name : `${path}.${name}`);
  return [
    ...(schema.type === undefined ? [] : [`${path || "outcome"}: ${schema.type}`]),
    ...[schema.const, ...(schema.enum ?? [])]
      .filter((value) => value !== undefined)
      .map((value) => `${path}: may be ${JSON.stringify(value)}`),
    ...required.map((name) => `${below(name)}: always there`),
    ...Object.entries(properties).flatMap(([name, one]) => linesOf(below(name), one, definitions)),
    ...(items === undefined ? [] : linesOf(`${path}[]`, items, definitions)),
    ...(typeof additionalProperties === "object"
      ? linesOf(`${path}{}`, additionalProperties, definitions)
      : []),
    ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((one) =>
      linesOf(`${path}<${String(one.properties?.["kind"]?.const ?? one.type)}>`, one, definitions),
    ),
  ];
}
