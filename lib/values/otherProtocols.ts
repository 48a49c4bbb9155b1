import type { Protocol } from "./rule.ts";

/** Besides tcp, udp and ICMP, what networks are built of: IP in IP, GRE, ESP, AH, OSPF, VRRP, SCTP. Overlay networks and tunnels need them. */
export const otherProtocols: readonly Protocol[] = ["4", "47", "50", "51", "89", "112", "132"];
