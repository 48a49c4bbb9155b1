/** How often a property is tried; LAWS_RUNS=20 tries each twenty times as often. */
export const runs = (count: number): number =>
  Math.ceil(count * Number(process.env["LAWS_RUNS"] ?? 1));

/** A property's own time, in milliseconds: generous, since it is there to end a hang, not to measure. */
export const patience = runs(120_000);
