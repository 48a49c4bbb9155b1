import type { ProtectedPort } from "./protectedPort.ts";

export type Mode = "enforce" | "audit" | "ignore";

/** Whose rules are excess on a governed port: everybody's, those for addresses, or those that hold a public address. */
export type Close = "everyone" | "addresses" | "public";

/** What a deployment decides by. */
export interface Policy {
  /** For groups and load balancers that carry no `elb-only` tag. */
  readonly defaultMode: Mode;
  readonly close: Close;
  /** Never governed: people's own way in. */
  readonly protectedPorts: readonly ProtectedPort[];
  /** CIDRs, group ids and prefix list ids that may stay on governed ports. */
  readonly allowedSources: readonly string[];
  /** Is a group's reference to itself left alone? */
  readonly keepSelf: boolean;
}

export const defaultPolicy: Policy = {
  defaultMode: "audit",
  close: "everyone",
  protectedPorts: [
    { protocol: "tcp", from: 22, to: 22 },
    { protocol: "tcp", from: 3389, to: 3389 },
  ],
  allowedSources: [],
  keepSelf: true,
};
