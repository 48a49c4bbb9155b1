import { readFile } from "node:fs/promises";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { defaultPolicy } from "../../lib/values/policy.ts";
import type { Trigger } from "../../lib/values/trigger.ts";
import { message } from "../../lib/messages/message.ts";
import { outcomeSchema } from "../../lib/values/outcomeSchema.ts";
import { remediate } from "../support/remediate.ts";
import { rule as ruleAs, trigger } from "../messages/outcome.ts";
import { classic, group, instance, region, rule, target } from "../support/builders.ts";
import { cloud, fakeWorld } from "../support/fakeWorld.ts";
import { generatedIn } from "./generated.ts";
import { schema } from "./schema.ts";

const path = new URL("../../docs/outcome.md", import.meta.url);
const [web, front] = ["sg-0a00000000000000a", "sg-0b00000000000000b"];

const opened: Trigger = trigger({
  at: "2026-11-22T11:59:19Z",
  actor: {
    principal: "arn:aws:iam::111111111111:user/alice",
    sourceAddress: "203.0.113.17",
    userAgent: "aws-cli/2.15.0",
  },
  touched: [{ kind: "group", group: web }],
  rules: [ruleAs("tcp/80 from 0.0.0.0/0")],
});

/** What comes of it when alice opens port 80 of a back end to everybody. */
async function example() {
  const where = cloud(
    region({
      groups: [
        group(web, rule("tcp 80 0.0.0.0/0", { description: "temporary" }), rule(`tcp 80 ${front}`)),
        group(front),
      ],
      interfaces: [instance("i-1", [web])],
      loadBalancers: [classic("MyLoadBalancer", { groups: [front], targets: [target("i-1", 80)] })],
    }),
  );
  const [outcome] = await remediate(
    new Map([[web, [opened]]]),
    { ...defaultPolicy, defaultMode: "enforce" },
    fakeWorld(where),
  );
  if (outcome === undefined) throw new Error("There is no outcome.");
  return outcome;
}

interface Described {
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly const?: number;
  readonly type?: string;
}

function fieldsTable(): string {
  const required = new Set(schema.required);
  const rows = Object.entries(schema.properties as Readonly<Record<string, Described>>).map(
    ([name, { description, enum: values, ...field }]) => {
      const about = [
        values?.map((value) => `\`${value}\``).join(", "),
        field.const === undefined ? undefined : `\`${field.const}\``,
      ];
      const what = [...about, description?.replaceAll("|", "\\|")].filter(Boolean).join(". ");
      return `| \`${name}\` | ${field.type ?? "number"} | ${required.has(name) ? "always" : "may be missing"} | ${what} |`;
    },
  );
  return ["| field | type | there | meaning |", "|---|---|---|---|", ...rows].join("\n");
}

const asJson = (value: unknown): string =>
  `\`\`\`json\n${JSON.stringify(value, undefined, 2)}\n\`\`\``;

describe("docs/outcome.md", () => {
  it("has every field of the schema (`npm run docs` writes it anew)", () => {
    expect(generatedIn(path, "fields", fieldsTable())).toBe(fieldsTable());
  });

  it("shows an outcome that the code made", async () => {
    const outcome = await example();
    expect(v.parse(outcomeSchema, outcome)).toEqual(outcome);
    expect(generatedIn(path, "example", asJson(outcome))).toBe(asJson(outcome));
  });

  it("shows that outcome's message, as e-mail", async () => {
    const now = `\`\`\`text\n${message(await example()).text}\`\`\``;
    expect(generatedIn(path, "text", now)).toBe(now);
  });

  it("shows that outcome's message, for a chat", async () => {
    const now = asJson(JSON.parse(message(await example(), { format: "chat" }).text));
    expect(generatedIn(path, "chat", now)).toBe(now);
  });

  it("lists the attributes that messages have, and no other", async () => {
    const attributes = Object.keys(message(await example()).attributes);
    const [, table = ""] =
      /<!-- attributes -->([\s\S]*?)<!-- \/attributes -->/.exec(await readFile(path, "utf8")) ?? [];
    expect(new Set([...table.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name))).toEqual(
      new Set(attributes),
    );
  });
});

describe("docs/outcome.schema.json", () => {
  it("is the schema by which the notify function reads outcomes (write it anew with `npx vitest run test/readme -u`)", async () => {
    // Short arrays on one line, as the formatter has them.
    const text = JSON.stringify(schema, undefined, 2).replaceAll(
      /\[\s+([^[\]{}]*?)\s+\]/g,
      (list, items: string) => {
        const line = `[${items.replaceAll(/\s+/g, " ")}]`;
        return line.length < 120 ? line : list;
      },
    );
    await expect(`${text}\n`).toMatchFileSnapshot("../../docs/outcome.schema.json");
  });
});
