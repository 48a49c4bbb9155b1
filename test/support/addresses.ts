import { BlockList, isIP } from "node:net";

export interface Address {
  readonly text: string;
  readonly family: "ipv4" | "ipv6";
}

export const address = (text: string): Address => ({
  text,
  family: isIP(text) === 6 ? "ipv6" : "ipv4",
});

/** Is the address in the range? Node's own opinion. */
export function isIn({ text, family }: Address, cidr: string): boolean {
  const [network = "", length = ""] = cidr.split("/");
  if (address(network).family !== family) return false;
  const block = new BlockList();
  block.addSubnet(network, Number(length), family);
  return block.check(text, family);
}

/** The first and the last address of a range. */
export function ends(cidr: string): readonly string[] {
  const [network = "", length = ""] = cidr.split("/");
  const { family } = address(network);
  const bits = family === "ipv4" ? 32 : 128;
  const host = (1n << BigInt(bits - Number(length))) - 1n;
  const first = valueOf(network) & ~host;
  return [textOf(first, family), textOf(first | host, family)];
}

/** The addresses just before and just after a range. */
export function outside(cidr: string): readonly string[] {
  const { family } = address(cidr.split("/")[0] ?? "");
  const [first = "", last = ""] = ends(cidr);
  const top = (1n << (family === "ipv4" ? 32n : 128n)) - 1n;
  return [valueOf(first) - 1n, valueOf(last) + 1n]
    .filter((one) => one >= 0n && one <= top)
    .map((one) => textOf(one, family));
}

const notPublic = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "169.254.0.0/16",
  "127.0.0.0/8",
  "fc00::/7",
  "fe80::/10",
  "::1/128",
];

/** Is a part of the range outside every private range? (Ranges nest or are apart: both ends in one private range, or not wholly private.) */
export const holdsPublicAddress = (cidr: string, own: readonly string[]): boolean =>
  ![...notPublic, ...own].some((range) => ends(cidr).every((end) => isIn(address(end), range)));

function valueOf(text: string): bigint {
  if (!text.includes(":"))
    return text.split(".").reduce((value, byte) => value * 256n + BigInt(byte), 0n);
  const [head = "", tail] = text.split("::");
  const part = (half: string): readonly string[] => half.split(":").filter((one) => one !== "");
  const right = part(tail ?? "");
  const zeros = tail === undefined ? 0 : 8 - part(head).length - right.length;
  return [...part(head), ...Array<string>(zeros).fill("0"), ...right].reduce(
    (value, one) => (value << 16n) | BigInt(`0x${one}`),
    0n,
  );
}

function textOf(value: bigint, family: "ipv4" | "ipv6"): string {
  const shifts = (count: number, width: number): readonly bigint[] =>
    Array.from({ length: count }, (_, index) => BigInt((count - 1 - index) * width));
  return family === "ipv4"
    ? shifts(4, 8)
        .map((shift) => String((value >> shift) & 255n))
        .join(".")
    : shifts(8, 16)
        .map((shift) => ((value >> shift) & 65535n).toString(16))
        .join(":");
}

/** Is the address in a run of addresses of its own family, both ends included? */
export const isBetween = ({ text, family }: Address, first: string, last: string): boolean =>
  address(first).family === family &&
  valueOf(first) <= valueOf(text) &&
  valueOf(text) <= valueOf(last);
