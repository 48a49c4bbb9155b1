import { createHash } from "node:crypto";

/** Ids that look like AWS's and come out the same every time a sandbox starts. */
export interface Ids {
  /** "sg" -> "sg-0" and sixteen hexadecimal digits. */
  readonly next: (prefix: string) => string;
  /** Hexadecimal digits alone. */
  readonly hex: (length: number) => string;
  readonly uuid: () => string;
}

export function createIds(seed = "sandbox"): Ids {
  let count = 0;
  const hex = (length: number): string =>
    createHash("sha256").update(`${seed} ${count++}`).digest("hex").slice(0, length);
  return {
    next: (prefix) => `${prefix}-0${hex(16)}`,
    hex,
    uuid: () => hex(32).replace(/^(.{8})(.{3})(.)(.{3}).(.{3})(.{12}).*$/, "$1-$2$3-4$4-a$5-$6"),
  };
}
