import { cidrFamily } from "../values/cidr.ts";
import type { Source } from "../values/rule.ts";
import type { Topology } from "./topology.ts";

/** The CIDRs that a source stands for, as far as they are known. */
export const cidrsOf = (source: Source, topology: Topology): readonly string[] => {
  switch (source.kind) {
    case "ipv4":
    case "ipv6":
      return [source.cidr];
    case "prefixList":
      return topology.snapshot.prefixLists.get(source.id)?.entries ?? [];
    case "group":
    case "groupName":
      return [];
  }
};

/** ICMP comes in two protocols; which of them a source can send depends on its addresses' families. */
export function icmpOf(source: Source, topology: Topology): readonly string[] {
  const families = new Set(cidrsOf(source, topology).map(cidrFamily));
  return families.size === 0
    ? ["icmp", "icmpv6"]
    : [...families].map((family) => (family === "ipv6" ? "icmpv6" : "icmp"));
}
