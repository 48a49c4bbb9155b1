import { PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { RevokeSecurityGroupIngressCommand } from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { names } from "../../sandbox/functions.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { clients } from "../contract/backend.ts";
import { tcp } from "../contract/groups.ts";
import { type Bundled, bundled } from "../sandbox/bundled.ts";
import { field, fromInternet, toldOf } from "./field.ts";

let product: Bundled;
let sandbox: Sandbox;

beforeAll(async () => {
  product = await bundled();
  sandbox = await product.start();
});
afterAll(async () => {
  await sandbox.close();
  await product.remove();
});

/** Changes what is remembered of what people were told, where its key begins so. */
async function forge(prefix: string, change: (body: object) => object): Promise<number> {
  const { dynamodb } = clients(sandbox, "mallory");
  const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName: names.stateTable }));
  const found = Items.filter(({ of }) => of?.S?.startsWith(prefix));
  for (const item of found) {
    const body = JSON.stringify(change(JSON.parse(item["body"]?.S ?? "{}") as object));
    const forged = { ...item, body: { S: body }, expires: { N: "99999999999" } };
    await dynamodb.send(new PutItemCommand({ TableName: names.stateTable, Item: forged }));
  }
  return found.length;
}

const subjectsAbout = (group: string): readonly (string | undefined)[] =>
  toldOf(sandbox, group).map(({ subject }) => subject);

async function sweep(): Promise<void> {
  await sandbox.invoke("verify", {});
  await sandbox.idle();
}

describe("with rights to the table of what was told", () => {
  it("nobody is kept from hearing for longer than a period", async () => {
    const { group, instance, serve } = field(sandbox);
    const back = group("back", [fromInternet], { "elb-only": "audit" });
    serve(80, [group("front")], instance(back));
    await sweep();
    await sweep();
    expect(toldOf(sandbox, back)).toHaveLength(1);
    expect(await forge(`told ${back}`, (body) => ({ ...body, until: 99_999_999_999 }))).toBe(1);
    await sweep();
    expect(toldOf(sandbox, back)).toHaveLength(2);
  });

  it("a port that is opened again and again is told of all the same, once an hour", async () => {
    const { group, instance, serve, authorize, mallory } = field(sandbox);
    const back = group("back");
    serve(80, [group("front")], instance(back));
    await sweep();
    const open = () => authorize(back, tcp(80, "0.0.0.0/0"));
    /** Once the pause is over that is made where a rule keeps being put back. */
    const openLater = async (): Promise<void> => {
      const next = new Date(Date.now() - 1000).toISOString();
      expect(await forge("contested", (body) => ({ ...body, next }))).toBe(1);
      await open();
    };
    for (let times = 0; times < 4; times += 1) await open();
    expect(subjectsAbout(back)).toEqual([
      expect.stringMatching(/^let .* in to tcp\/80 /),
      expect.stringMatching(/^closed tcp\/80 to the internet/),
      expect.stringMatching(/^closed tcp\/80 to the internet/),
      expect.stringMatching(/^keeps coming back: closed tcp\/80 to the internet/),
      expect.stringMatching(/^tcp\/80 .* is open to the internet \(contested\)/),
    ]);
    await mallory.ec2.send(
      new RevokeSecurityGroupIngressCommand({
        GroupId: back,
        IpPermissions: [tcp(80, "0.0.0.0/0")],
      }),
    );
    await sandbox.idle();
    await openLater();
    const hourAgo = new Date(Date.now() - 3_660_000).toISOString();
    expect(await forge(`told muted ${back}`, (body) => ({ ...body, since: hourAgo }))).toBe(1);
    await openLater();
    expect(subjectsAbout(back).at(-1)).toMatch(
      /^2 times, open \d+ s in all: closed tcp\/80 to the internet/,
    );
  });
});
