import { relative } from "node:path";
import { bundleFunction, folderOf, functionNames } from "./bundle.ts";

const kilobytes = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KB`.padStart(8);

try {
  for (const name of functionNames) {
    const { raw, gzip } = await bundleFunction(name);
    console.log(
      relative(process.cwd(), folderOf(name)).padEnd(24),
      `${kilobytes(raw)}, gzip ${kilobytes(gzip)}`,
    );
  }
} catch (error) {
  console.error(`Build failed. ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
