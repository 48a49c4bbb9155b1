import { execFile } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleOptions, spellOutKeys } from "../../infra/bundle.ts";
import { answeringServer, probeSource, samples, type Request } from "./probe.ts";

const sampled = Object.entries(samples).flatMap(([from, { operations }]) =>
  Object.keys(operations).map((operation) => ({ from, operation })),
);
const root = join(import.meta.dirname, "../..");

describe("the operations that functions use", () => {
  const imports = globSync("lib/aws/**/*.ts", { cwd: root }).flatMap((file) =>
    sdkImports(readFileSync(join(root, file), "utf8")).map((found) => ({ file, ...found })),
  );

  it("are found at all", () => {
    expect(imports.flatMap(({ names = [] }) => names).filter(operationOf).length).toBeGreaterThan(
      20,
    );
  });

  it("are imported by name, so that the others fall away", () => {
    expect(imports.filter(({ names }) => names === undefined)).toEqual([]);
  });

  it("are all tried below: each has a sample", () => {
    // The command line's alone: no function has them.
    const byPeople = /^client-(sts|cloudformation) |^client-lambda GetFunctionConfiguration$/;
    const used = imports.flatMap(({ from, names = [] }) =>
      names
        .map(operationOf)
        .filter((name) => name !== undefined)
        .map((operation) => `${from} ${operation}`),
    );
    expect(
      used.filter(
        (operation) =>
          !byPeople.test(operation) &&
          !sampled.some((known) => operation === `${known.from} ${known.operation}`),
      ),
    ).toEqual([]);
  });
});

describe("a lean bundle", () => {
  const folder = mkdtempSync(join(tmpdir(), "elb-only-probe-"));
  const requests: Request[] = [];
  let server: Server;
  let lean: Results;
  let plain: Results;

  beforeAll(async () => {
    server = await answeringServer(requests);
    writeFileSync(join(folder, "probe.mjs"), probeSource());
    await Promise.all([bundle("lean.mjs", {}), bundle("plain.mjs", { plugins: [], alias: {} })]);
    lean = await run("lean.mjs");
    plain = await run("plain.mjs");
  }, 30_000);

  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  const bundle = (name: string, without: object) =>
    build({
      ...bundleOptions(join(folder, "probe.mjs"), join(folder, name)),
      nodePaths: [join(root, "node_modules")],
      ...without,
    });

  async function run(name: string): Promise<Results> {
    requests.length = 0;
    const { port } = server.address() as AddressInfo;
    const env = {
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_SESSION_TOKEN: "session-token",
    };
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(folder, name), `http://127.0.0.1:${port}`],
      { env },
    );
    return {
      answers: JSON.parse(stdout) as Answers,
      requests: new Map(requests.map((request) => [request.url, request])),
    };
  }

  it("is less than half the size", () => {
    expect(statSync(join(folder, "lean.mjs")).size).toBeLessThan(
      statSync(join(folder, "plain.mjs")).size / 2,
    );
  });

  describe.each(sampled)("$from $operation", ({ from, operation }) => {
    const { input, answer } = samples[from]!.operations[operation]!;
    const url = (kind: string): string => `/${from}/${operation}/${kind}`;

    it("sends the same request, with everything in it, signed by the session of the environment", () => {
      const request = lean.requests.get(url("answer"));
      expect(request).toEqual(plain.requests.get(url("answer")));
      expect(request?.token).toBe("session-token");
      expect([...(request?.said ?? []), ...bodyLeaves(request?.body ?? "")]).toEqual(
        expect.arrayContaining(leaves(input)),
      );
    });

    it("reads the same answer, and all of it", () => {
      const { [url("answer")]: read } = lean.answers;
      expect(read).toEqual(plain.answers[url("answer")]);
      expect([...leaves(read), ...Object.keys((read as MapRead).Attributes ?? {})]).toEqual(
        expect.arrayContaining(typeof answer === "string" ? xmlLeaves(answer) : leaves(answer)),
      );
    });

    it("reads the same refusal", () => {
      const { [url("error")]: read } = lean.answers;
      expect(read).toEqual(plain.answers[url("error")]);
      expect(read).toMatchObject({
        message: expect.stringMatching(
          /^(it exists|no such thing|no topic|no queue|no table|no trail|no function|not now)$/,
        ),
      });
    });
  });
});

describe("spellOutKeys", () => {
  it.each([
    [
      "a key that is a constant text",
      'const _m = "min";\nvar a = { [_m]: 1 };',
      'const _m = "min";\nvar a = { "min": 1 };',
    ],
    [
      "a key that is something else: left alone",
      "const f = g();\nvar a = { [f]: 1 };",
      "const f = g();\nvar a = { [f]: 1 };",
    ],
    [
      "a list, which is no key",
      'const _m = "min";\nvar a = [[_m], _m];',
      'const _m = "min";\nvar a = [[_m], _m];',
    ],
  ])("%s", (_, source, spelledOut) => {
    expect(spellOutKeys(source)).toBe(spelledOut);
  });
});

/** Of a map, its keys are told, too. */
interface MapRead {
  readonly Attributes?: object;
}

type Answers = Readonly<Record<string, unknown>>;

interface Results {
  readonly answers: Answers;
  readonly requests: ReadonlyMap<string, Request>;
}

/** What a source imports from the SDK's clients, types left out. Names are undefined where everything is imported. */
function sdkImports(
  source: string,
): { readonly from: string; readonly names: readonly string[] | undefined }[] {
  return [
    ...source.matchAll(/import\s+(?!type\b)([^;]*?)\s+from\s+"@aws-sdk\/(client-[\w-]+)"/g),
  ].map(([, what = "", from = ""]) => ({
    from,
    names: what.startsWith("{")
      ? what
          .slice(1, -1)
          .split(",")
          .map((name) => name.trim())
      : undefined,
  }));
}

const operationOf = (imported: string): string | undefined =>
  (/^(\w+)Command\b/.exec(imported) ?? /^paginate(\w+)/.exec(imported))?.[1];

/** Every text and number in a value, as text; times aside, which each protocol writes its own way. */
function leaves(value: unknown): string[] {
  if (value instanceof Date) return [];
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(leaves);
  return typeof value === "string" ? [value] : [String(value)];
}

const bodyLeaves = (body: string): string[] =>
  body.startsWith("{") ? leaves(JSON.parse(body)) : [...new URLSearchParams(body).values()];

const xmlLeaves = (xml: string): string[] =>
  [...xml.replaceAll(/<requestId>.*?<\/requestId>/gi, "").matchAll(/>([^<>]+)</g)].map(
    ([, text = ""]) =>
      text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&"),
  );
