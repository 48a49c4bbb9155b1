// Runs on any Node, so it is plain JavaScript: the pinned `node` package puts itself first on the PATH of npm's scripts,
// unless its install script did not run (--ignore-scripts); then the machine's own Node would fail in puzzling ways.
import { readFileSync } from "node:fs";

const { devDependencies } = JSON.parse(
  readFileSync(new URL("../package.json", import.meta.url), "utf8"),
);
const needed = devDependencies.node.split(".")[0];
const found = process.versions.node;

if (found.split(".")[0] !== needed) {
  console.error(
    [
      `elb-only needs Node ${needed} to build and test; this is Node ${found} (${process.execPath}).`,
      `The pinned Node ${devDependencies.node} comes with the packages, but its install script has not run (was it --ignore-scripts?).`,
      "Run:  npm ci --ignore-scripts=false   and then the same command again, through npm.",
    ].join("\n"),
  );
  process.exit(1);
}
