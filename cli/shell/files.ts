import { readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

/** Files, and of folders every file in them, however deep: as `aws s3 sync` leaves them. `flag`: who asks. */
export function filesIn(paths: readonly string[], folder: string, flag: string): readonly string[] {
  return paths.flatMap((path) => {
    const full = resolve(folder, path);
    const found = statSync(full, { throwIfNoEntry: false });
    if (found === undefined) throw new Error(`${flag} ${path}: there is no such file or folder.`);
    if (!found.isDirectory()) return [full];
    const files = readdirSync(full, { withFileTypes: true, recursive: true })
      .filter((one) => one.isFile())
      .map((one) => join(one.parentPath, one.name));
    if (files.length === 0) throw new Error(`${flag} ${path}: there is no file in it.`);
    return files.sort();
  });
}
