import { inflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { zipOf } from "../../infra/zip.ts";

describe("zipOf", () => {
  const content = Buffer.from("export const handler = () => 'café';\n".repeat(100));
  const zip = zipOf("index.mjs", content);
  const end = zip.length - 22;
  const central = zip.readUInt32LE(end + 16);
  const local = zip.readUInt32LE(central + 42);

  it("ends in a directory of one file, which begins at the first byte", () => {
    expect(zip.subarray(end, end + 4).toString("latin1")).toBe("PK\u0005\u0006");
    expect([zip.readUInt16LE(end + 8), zip.readUInt16LE(end + 10)]).toEqual([1, 1]);
    expect(central + zip.readUInt32LE(end + 12)).toBe(end);
    expect(zip.subarray(central, central + 4).toString("latin1")).toBe("PK\u0001\u0002");
    expect(local).toBe(0);
    expect(zip.subarray(local, local + 4).toString("latin1")).toBe("PK\u0003\u0004");
  });

  it("names the file in both headers, and lets everybody read it: Lambda runs as somebody else", () => {
    expect(
      zip.subarray(central + 46, central + 46 + zip.readUInt16LE(central + 28)).toString(),
    ).toBe("index.mjs");
    expect(zip.subarray(local + 30, local + 30 + zip.readUInt16LE(local + 26)).toString()).toBe(
      "index.mjs",
    );
    expect((zip.readUInt32LE(central + 38) >>> 16).toString(8)).toBe("100644");
  });

  it("holds the content and its lengths", () => {
    const packed = zip.subarray(local + 30 + zip.readUInt16LE(local + 26), central);
    expect(inflateRawSync(packed)).toEqual(content);
    for (const header of [local, central + 2])
      expect([zip.readUInt32LE(header + 18), zip.readUInt32LE(header + 22)]).toEqual([
        packed.length,
        content.length,
      ]);
  });

  it("holds the checksum, whose published check value is that of 123456789", () => {
    expect(zipOf("digits", Buffer.from("123456789")).readUInt32LE(14)).toBe(0xcbf43926);
  });

  it("is the same for the same content, at any time", () => {
    expect(zipOf("index.mjs", content)).toEqual(zip);
  });
});
