import { crc32, deflateRawSync } from "node:zlib";

/** 1980-01-01, the beginning of a zip file's calendar: the same code makes the same archive. */
const date = 0x0021;

const deflated = 8;
const utf8Names = 0x0800;
/** A regular file that everybody may read, made on Unix. */
const madeOnUnix = 0x0314;
const mode = 0o100644 * 0x10000;

/** A zip archive (PKWARE's APPNOTE 6.3) of one file. */
export function zipOf(name: string, content: Uint8Array): Buffer {
  const fileName = Buffer.from(name);
  const packed = deflateRawSync(content, { level: 9 });

  // From "version needed" to "length of the extra field": the same in both headers.
  const shared = Buffer.alloc(26);
  shared.writeUInt16LE(20, 0);
  shared.writeUInt16LE(utf8Names, 2);
  shared.writeUInt16LE(deflated, 4);
  shared.writeUInt16LE(date, 8);
  shared.writeUInt32LE(crc32(content), 10);
  shared.writeUInt32LE(packed.length, 14);
  shared.writeUInt32LE(content.length, 18);
  shared.writeUInt16LE(fileName.length, 22);

  const local = Buffer.concat([Buffer.from("PK\u0003\u0004"), shared, fileName, packed]);

  const attributes = Buffer.alloc(14);
  attributes.writeUInt32LE(mode, 6);
  const version = Buffer.alloc(2);
  version.writeUInt16LE(madeOnUnix);
  const central = Buffer.concat([
    Buffer.from("PK\u0001\u0002"),
    version,
    shared,
    attributes,
    fileName,
  ]);

  const end = Buffer.alloc(22);
  end.write("PK\u0005\u0006");
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}
