import type { ProtectedPort } from "./protectedPort.ts";

export type Mode = "enforce" | "audit" | "ignore";

/** Whose rules are excess on a governed port: everybody's, those for addresses, or those that hold a public address. */
export type Close = "everyone" | "addresses" | "public";

/** From which of its groups a load balancer may be admitted: one that nothing else is attached to, or any. */
export type Admit = "exclusive" | "any";

/** What a deployment decides by. */
export interface Policy {
  /** For groups that carry no `elb-only` tag. */
  readonly defaultMode: Mode;
  readonly close: Close;
  readonly admit: Admit;
  /** Never closed and never opened: people's own way in. */
  readonly protectedPorts: readonly ProtectedPort[];
  /** CIDRs, group ids and prefix list ids that may stay on governed ports. */
  readonly allowedSources: readonly string[];
  /** Is a group's reference to itself left alone? */
  readonly keepSelf: boolean;
  /** An exemption that lasts longer than so many days, or has no end, is told. */
  readonly maxKeepDays: number;
  /** The account's quota: so many inbound rules fit into a group, counted for IPv4 and for IPv6. */
  readonly rulesPerGroup: number;
  /** So many of them closing leaves free, for people. */
  readonly spareRules: number;
}

export const defaultPolicy: Policy = {
  defaultMode: "audit",
  close: "everyone",
  admit: "exclusive",
  protectedPorts: [
    { protocol: "tcp", from: 22, to: 22 },
    { protocol: "tcp", from: 3389, to: 3389 },
  ],
  allowedSources: [],
  keepSelf: true,
  maxKeepDays: 90,
  rulesPerGroup: 60,
  spareRules: 2,
};
