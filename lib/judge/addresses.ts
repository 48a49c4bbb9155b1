import { canonicalCidr } from "../values/cidr.ts";
import { parseAddress } from "./admits.ts";

/** A run of addresses of one family, both ends included. */
export interface AddressRange {
  readonly bits: 32 | 128;
  readonly first: bigint;
  readonly last: bigint;
}

/** Every address of a CIDR; its host bits do not count. Throws a RangeError for what is no CIDR. */
export function rangeOf(cidr: string): AddressRange {
  const [network = "", length = "", ...rest] = cidr.split("/");
  const { bits, value } = parseAddress(network);
  if (!/^\d+$/.test(length) || Number(length) > bits || rest.length > 0)
    throw new RangeError(`not a CIDR: ${cidr}`);
  const hosts = (1n << BigInt(bits - Number(length))) - 1n;
  const first = (value | hosts) ^ hosts;
  return { bits, first, last: first | hosts };
}

/** An address as EC2 writes it. */
export function addressText(value: bigint, bits: 32 | 128): string {
  const part = bits === 32 ? 8 : 16;
  const parts = Array.from({ length: bits / part }, (_, index) =>
    Number((value >> BigInt(bits - part * (index + 1))) & ((1n << BigInt(part)) - 1n)),
  );
  return bits === 32
    ? parts.join(".")
    : canonicalCidr(`${parts.map((one) => one.toString(16)).join(":")}/128`).replace(/\/128$/, "");
}

/** "10.0.0.0/8", or "11.0.0.0-255.255.255.255" where no CIDR is just that. */
export function addressesText({ bits, first, last }: AddressRange): string {
  const hosts = first ^ last;
  const isCidr = (hosts & (hosts + 1n)) === 0n && (first & hosts) === 0n;
  return isCidr
    ? `${addressText(first, bits)}/${bits - hosts.toString(2).replace(/^0$/, "").length}`
    : `${addressText(first, bits)}-${addressText(last, bits)}`;
}

/** In order, apart and never adjacent: the one spelling of a set of addresses of one family. */
export function joined(ranges: readonly AddressRange[]): readonly AddressRange[] {
  const sorted = [...ranges].sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  const merged: AddressRange[] = [];
  for (const range of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && range.first <= last.last + 1n) {
      if (range.last > last.last) merged[merged.length - 1] = { ...last, last: range.last };
    } else merged.push(range);
  }
  return merged;
}

/** What of one family is in `some` and not in `others`; both in their one spelling. */
export function without(
  some: readonly AddressRange[],
  others: readonly AddressRange[],
): readonly AddressRange[] {
  const rest: AddressRange[] = [];
  let next = 0;
  for (const { bits, first: start, last } of some) {
    let first = start;
    while (next < others.length && (others[next]?.last ?? 0n) < first) next += 1;
    for (let index = next; index < others.length && first <= last; index += 1) {
      const hole = others[index];
      if (hole === undefined || hole.first > last) break;
      if (hole.first > first) rest.push({ bits, first, last: hole.first - 1n });
      first = hole.last + 1n;
    }
    if (first <= last) rest.push({ bits, first, last });
  }
  return rest;
}
