import { createReadStream, createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { createGunzip, createGzip } from "node:zlib";
import { tallyOf } from "../lib/evidence/tally.ts";
import { defaultFields } from "../lib/evidence/flowLog.ts";
import { logReader } from "../lib/evidence/logReader.ts";
import { plan } from "../lib/plan/plan.ts";
import { defaultPolicy } from "../lib/values/policy.ts";
import { regionOf } from "./region.ts";

const records = 1_000_000;
const policy = { ...defaultPolicy, defaultMode: "enforce" } as const;

/** Records as a busy region has them: two thirds to where nobody is cut off, the others to ports that would be closed, from ever new addresses. */
function recordAt(
  index: number,
  interfaces: readonly { readonly id: string; readonly address: string }[],
): string {
  const { id, address } = interfaces[(index * 7919) % interfaces.length] ?? { id: "", address: "" };
  const from = `${1 + (index % 200)}.${(index >> 8) & 255}.${(index >> 4) & 255}.${index & 255}`;
  const port = index % 3 === 0 ? 80 : index % 3 === 1 ? 9001 : 40_000 + (index % 20_000);
  const start = 1_790_000_000 + Math.floor(index / 10);
  return `2 111111111111 ${id} ${from} ${address} 50000 ${port} 6 10 840 ${start} ${start + 60} ACCEPT OK\n`;
}

async function writeLog(file: string, interfaces: Parameters<typeof recordAt>[1]): Promise<void> {
  const gzip = createGzip({ level: 1 });
  const out = gzip.pipe(createWriteStream(file));
  gzip.write(`${defaultFields}\n`);
  for (let index = 0; index < records; index += 1)
    if (!gzip.write(recordAt(index, interfaces))) await once(gzip, "drain");
  gzip.end();
  await once(out, "finish");
}

const folder = mkdtempSync(join(tmpdir(), "elb-only-bench-"));
const before = regionOf({
  groups: 1000,
  rulesPerGroup: 20,
  loadBalancers: 40,
  inBaseline: 0,
  isAdmitted: true,
});
const closing = new Map(
  [...plan(before, policy).groups].map(([id, { removals, waiting }]) => [
    id,
    [...removals, ...waiting],
  ]),
);
const waysIn = [...closing].flatMap(([group, rules]) => rules.map((rule) => ({ group, rule })));
const after = {
  ...before,
  groups: new Map(
    [...before.groups].map(([id, group]) => [
      id,
      { ...group, rules: group.rules.filter((rule) => !closing.get(id)?.includes(rule)) },
    ]),
  ),
};
const interfaces = before.interfaces.map(({ id, addresses }) => ({
  id,
  address: addresses[0] ?? "",
}));
const file = join(folder, "flows.log.gz");
await writeLog(file, interfaces);

const heap = (): number => Math.round(process.memoryUsage().heapUsed / 1e6);
for (const times of [1, 3]) {
  const tally = tallyOf({ before, after, waysIn });
  const start = performance.now();
  for (let time = 0; time < times; time += 1) {
    const reader = logReader(file, undefined, tally.take);
    for await (const chunk of createReadStream(file).pipe(createGunzip()))
      reader.push((chunk as Buffer).toString("latin1"));
    reader.end();
  }
  const seconds = (performance.now() - start) / 1000;
  const { uses, records: read } = tally.evidence();
  const flows = uses.reduce((sum, one) => sum + one.flows, 0);
  console.log(
    `${read.toLocaleString("en")} records in ${seconds.toFixed(1)} s, ${waysIn.length} ways in, ${flows.toLocaleString("en")} flows by them, heap ${heap()} MB, at most ${Math.round(process.resourceUsage().maxRSS / 1000)} MB`,
  );
}
rmSync(folder, { recursive: true });
