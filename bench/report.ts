import { gzipSync } from "node:zlib";
import { pageOf } from "../lib/report/page.ts";
import { survey } from "../lib/survey/survey.ts";
import { defaultPolicy } from "../lib/values/policy.ts";
import { regionOf, type Size } from "./region.ts";

const size = { groups: 1000, rulesPerGroup: 20, inBaseline: 0, isAdmitted: true };
const facts = {
  policy: defaultPolicy,
  made: "2026-11-22T12:00:00Z",
  version: "bench",
  history: [],
};

async function measure(name: string, of: Size): Promise<void> {
  const begun = performance.now();
  const seen = survey({ region: "eu-west-1", snapshot: regionOf(of) }, defaultPolicy);
  const surveyed = performance.now();
  const page = await pageOf([seen], facts);
  const made = performance.now();
  console.log(
    [
      name.padEnd(44),
      `survey ${((surveyed - begun) / 1000).toFixed(1)} s`.padEnd(16),
      `page ${((made - surveyed) / 1000).toFixed(1)} s`.padEnd(14),
      `${(page.length / 1e6).toFixed(1)} MB, ${(gzipSync(page).length / 1000).toFixed(0)} KB compressed`,
    ].join(""),
  );
}

console.log("The report of 1,000 groups");
await measure("behind 40 load balancers", { ...size, loadBalancers: 40 });
await measure("behind one load balancer", { ...size, loadBalancers: 1 });
