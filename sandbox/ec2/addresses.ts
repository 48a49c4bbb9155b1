import ipaddr from "ipaddr.js";
import type { Cloud } from "../state/cloud.ts";
import type { Subnet } from "../state/ec2.ts";
import { awsError } from "../errors.ts";

const number = (address: string): number =>
  ipaddr.IPv4.parse(address).octets.reduce((sum, octet) => sum * 256 + octet, 0);

const dotted = (value: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");

/** A private address of a subnet that nobody has; AWS keeps the first four and the last. */
export function takeAddress(cloud: Cloud, subnet: Subnet): string {
  const { taken, next } = cloud.addresses;
  const [base = "", bits = "32"] = subnet.cidr.split("/");
  for (let offset = next.get(subnet.id) ?? 4; offset < 2 ** (32 - Number(bits)) - 1; offset++) {
    const address = dotted(number(base) + offset);
    if (taken.has(`${subnet.vpc} ${address}`)) continue;
    next.set(subnet.id, offset + 1);
    return claimAddress(cloud, subnet.vpc, address);
  }
  throw awsError(
    "InsufficientFreeAddressesInSubnet",
    `Insufficient free addresses in subnet '${subnet.id}'.`,
  );
}

/** An address that was chosen. */
export function claimAddress(cloud: Cloud, vpc: string, address: string): string {
  cloud.addresses.taken.add(`${vpc} ${address}`);
  return address;
}
