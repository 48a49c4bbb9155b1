import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Picture } from "../../lib/survey/picture.ts";
import { snapshotText } from "../../cli/picture/snapshotFile.ts";
import { run } from "../../cli/shell/run.ts";
import {
  application,
  database,
  front,
  group,
  instance,
  network,
  region,
  rule,
  tagged,
  target,
} from "../support/builders.ts";
import { snapshotOf } from "../support/region.ts";

/** A small shop: a web tier open to the world, one that is as it should be, one that cannot be closed, one that is left alone. */
const shop = region({
  groups: [
    group("sg-alb", "tcp 443 0.0.0.0/0"),
    group(
      "sg-web",
      rule("tcp 8000-8999 0.0.0.0/0", { description: "all of the web tier" }),
      "tcp 22 10.0.0.0/8",
      "tcp 8080 ::/0",
    ),
    group("sg-api", "tcp 9090 sg-alb"),
    group("sg-shared", "tcp 7000 10.0.0.0/8", "tcp 5432 sg-web"),
    tagged(group("sg-old", "tcp 6000 0.0.0.0/0"), { "elb-only": "ignore" }),
    group("sg-nlb-back", "tcp 4000 0.0.0.0/0"),
  ],
  interfaces: [
    instance("i-web1", ["sg-web"], { address: "10.0.1.11" }),
    instance("i-web2", ["sg-web"], { address: "10.0.1.12" }),
    instance("i-api", ["sg-api"], { address: "10.0.1.20" }),
    instance("i-shared", ["sg-shared"], { address: "10.0.1.30" }),
    instance("i-old", ["sg-old"], { address: "10.0.1.40" }),
    instance("i-tcp", ["sg-nlb-back"], { address: "10.0.1.50" }),
    database("eni-db", ["sg-shared"], "10.0.1.31"),
    front("eni-alb", ["sg-alb"], "10.0.0.5"),
  ],
  loadBalancers: [
    application("web-alb", {
      groups: ["sg-alb"],
      targets: [
        target("i-web1", 8080, 8081),
        target("i-web2", 8080, 8081),
        target("i-api", 9090),
        target("i-shared", 7000),
        target("i-old", 6000),
      ],
    }),
    network("tcp-nlb", { targets: [target("i-tcp", 4000)] }),
  ],
});

export const shopPicture: Picture = {
  region: "us-east-1",
  snapshot: snapshotOf(shop, ["sg-web", "sg-api", "sg-shared", "sg-old", "sg-nlb-back"]),
};

export const newFolder = (): string => mkdtempSync(join(tmpdir(), "elb-only-cli-"));

/** A folder with the shop's snapshot in it. */
export function shopFolder(pictures: readonly Picture[] = [shopPicture]): string {
  const folder = newFolder();
  writeFileSync(join(folder, "snapshot.json"), snapshotText(pictures));
  return folder;
}

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process, as in a pipe. */
export async function elbOnly(
  args: readonly string[],
  folder: string,
  environment: Readonly<Record<string, string>> = {},
  now: () => Date = () => new Date("2026-11-25T09:00:00Z"),
): Promise<Ran> {
  const written = { out: "", err: "" };
  const code = await run(args, {
    stdout: { write: (text) => (written.out += text) },
    stderr: { write: (text) => (written.err += text) },
    environment,
    folder,
    now,
  });
  return { code, ...written };
}
