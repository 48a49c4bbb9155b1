import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as dynamodb from "@aws-sdk/client-dynamodb";
import * as elbv2 from "@aws-sdk/client-elastic-load-balancing-v2";
import { describe, expect, it } from "vitest";
import { shortenErrors } from "../../infra/bundle.ts";

type ErrorClass = new (options: object) => Error;

const sourceOf = (client: string): string =>
  readFileSync(
    join(import.meta.dirname, `../../node_modules/@aws-sdk/${client}/dist-es/models/errors.js`),
    "utf8",
  );

/** The classes that a source exports, each made on this base. */
function classesIn(source: string, base: unknown): Readonly<Record<string, ErrorClass>> {
  const body = source.replace(/^import .*$/gm, "").replaceAll(/^export /gm, "");
  const names = [...source.matchAll(/^export (?:class|const) (\w+)/gm)].map(([, name]) => name);
  // oxlint-disable-next-line typescript/no-implied-eval
  return new Function("__BaseException", `${body}\nreturn { ${names.join(", ")} };`)(
    base,
  ) as Readonly<Record<string, ErrorClass>>;
}

const seen = (error: Error) => ({
  ...Object.fromEntries(Object.entries(error)),
  name: error.name,
  message: error.message,
  text: String(error),
  isError: error instanceof Error,
});

describe("shortened errors", () => {
  it.each([
    ["client-dynamodb", dynamodb.DynamoDBServiceException],
    ["client-elastic-load-balancing-v2", elbv2.ElasticLoadBalancingV2ServiceException],
  ])("of %s are what the SDK's are, all of them, and shorter", (client, base) => {
    const source = sourceOf(client);
    const short = shortenErrors(source);
    const [plain, made] = [classesIn(source, base), classesIn(short, base)];
    expect(Object.keys(plain).length).toBeGreaterThan(20);
    expect(Object.keys(made)).toEqual(Object.keys(plain));
    expect(short.length).toBeLessThan(source.length / 3);
    const given = { message: "no", Message: "No", $metadata: {}, Item: { a: 1 }, Reason: "full" };
    for (const [name, Plain] of Object.entries(plain)) {
      const Made = made[name];
      if (Made === undefined) throw new Error(name);
      expect(seen(new Made(given))).toEqual(seen(new Plain(given)));
      expect(new Made(given)).toBeInstanceOf(base);
      expect(new Made(given)).toBeInstanceOf(Made);
    }
  });

  it("leave alone a class that is otherwise", () => {
    const other = "export class Other extends __BaseException {\n    $retryable = {};\n}";
    expect(shortenErrors(other)).toContain(other);
  });
});
