import { cidrEnds } from "../values/cidr.ts";

/** In which cell an address lies: addresses of one cell are told apart by none of the ranges that the cells were made of. */
export type CellOf = (address: string) => number | string;

const numberOf = (address: string): number => {
  let value = 0;
  let byte = 0;
  for (let index = 0; index <= address.length; index += 1) {
    const code = address.charCodeAt(index);
    if (code >= 48 && code <= 57) byte = byte * 10 + code - 48;
    else {
      value = value * 256 + byte;
      byte = 0;
    }
  }
  return value;
};

/** IPv4 is cut at the ends of all ranges; each IPv6 address is a cell of its own. */
export function cellsOf(cidrs: readonly string[]): CellOf {
  const starts = new Set([0]);
  for (const cidr of cidrs) {
    if (cidr.includes(":")) continue;
    const [first, last] = cidrEnds(cidr);
    if (first === undefined || last === undefined) continue;
    starts.add(numberOf(first));
    starts.add(numberOf(last) + 1);
  }
  const sorted = Float64Array.from(starts).sort();
  return (address) => {
    if (address.includes(":")) return address;
    const value = numberOf(address);
    let [low, high] = [0, sorted.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((sorted[middle] ?? 0) <= value) low = middle;
      else high = middle - 1;
    }
    return low;
  };
}
