import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { Line } from "../../lib/evidence/flowLog.ts";
import { logReader } from "../../lib/evidence/logReader.ts";

/** Hands every line of a file to `take`, one after the other, without keeping them. `format`: of a file without a header. */
export async function readFlowLog(
  file: string,
  format: string | undefined,
  take: (line: Line) => void,
): Promise<void> {
  const reader = logReader(file, format, take);
  for await (const chunk of openedLog(file)) reader.push((chunk as Buffer).toString("latin1"));
  reader.end();
}

/** Plain or gzip, by the first bytes: names may say anything. */
function openedLog(file: string): Readable {
  const head = Buffer.alloc(4);
  const opened = openSync(file, "r");
  readSync(opened, head, 0, 4, 0);
  closeSync(opened);
  if (head.toString("latin1") === "PAR1")
    throw new Error(`${file} is in Parquet; flow logs are read as text, plain or gzip.`);
  const isGzip = head[0] === 0x1f && head[1] === 0x8b;
  const stream = createReadStream(file, { highWaterMark: 256 * 1024 });
  if (!isGzip) return stream;
  const gunzip = createGunzip({ chunkSize: 256 * 1024 });
  stream.on("error", (error) => gunzip.destroy(error));
  return stream.pipe(gunzip);
}
