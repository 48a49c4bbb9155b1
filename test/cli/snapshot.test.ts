import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { picturesIn, snapshotText } from "../../cli/picture/snapshotFile.ts";
import { prefixList } from "../support/builders.ts";
import { elbOnly, shopFolder, shopPicture } from "./scene.ts";

describe("a snapshot's file", () => {
  it("holds all that was read: it is read back as it was", () => {
    const { snapshot } = shopPicture;
    const full = {
      ...shopPicture,
      snapshot: {
        ...snapshot,
        prefixLists: new Map([["pl-1", prefixList("pl-1", "10.0.0.0/8")]]),
        vpcRanges: new Map([["vpc-1", ["2001:db8::/56"]]]),
        sourceClusters: new Map([["sg-control", "demo"]]),
        gaps: ["x"],
      },
    };
    expect(picturesIn(snapshotText([full]), "x")).toEqual([full]);
  });

  it("keeps whatever tags are called", () => {
    const key = fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom("constructor", "prototype"));
    fc.assert(
      fc.property(fc.dictionary(key, fc.string()), (tags) => {
        const own = Object.fromEntries(Object.entries(tags).filter(([key]) => key !== "__proto__"));
        const { snapshot } = shopPicture;
        const groups = new Map(
          [...snapshot.groups].map(([id, one]) => [id, { ...one, tags: own }]),
        );
        const tagged = { ...shopPicture, snapshot: { ...snapshot, groups } };
        const [read] = picturesIn(snapshotText([tagged]), "x");
        expect(read?.snapshot.groups.get("sg-web")?.tags).toEqual({ ...own });
      }),
    );
  });
});

describe("elb-only snapshot", () => {
  it("writes a file that only its owner can read, and that plan reads alike", async () => {
    const folder = shopFolder();
    const args = ["snapshot", "--from", "snapshot.json", "--out", "copy.json"];
    const { code, out, err } = await elbOnly(args, folder);
    expect({ code, out, err }).toEqual({
      code: 0,
      out: "",
      err: "copy.json: 6 security groups.\n",
    });
    const copy = join(folder, "copy.json");
    expect(statSync(copy).mode & 0o077).toBe(0);
    expect(picturesIn(readFileSync(copy, "utf8"), "x")).toEqual([shopPicture]);
  });

  it("writes to standard output where that is asked for", async () => {
    const folder = shopFolder();
    const { out } = await elbOnly(["snapshot", "--from", "snapshot.json", "--out", "-"], folder);
    expect(picturesIn(out, "x")).toEqual([shopPicture]);
  });
});
