import type { FunctionName } from "./bundle.ts";

/** Seconds. */
export const enforceTimeout = 120;
/** Lambda's longest: a large region's target groups are read at the pace that ELB allows. */
const verifyTimeout = 900;
export const notifyTimeout = 30;

/** Seconds and MB. A sweep's peak is below 400 MB; more memory is more processor, which halves a cold start. */
export const sizes: Readonly<
  Record<FunctionName, { readonly timeout: number; readonly memory: number }>
> = {
  enforce: { timeout: enforceTimeout, memory: 1024 },
  verify: { timeout: verifyTimeout, memory: 1024 },
  notify: { timeout: notifyTimeout, memory: 256 },
};
