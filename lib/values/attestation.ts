/** What CloudTrail's event history says of whom an event names. */
export type Attestation =
  | { readonly kind: "same" }
  | { readonly kind: "another"; readonly principal: string }
  /** It has no such call; it may be too young to be there. */
  | { readonly kind: "absent" }
  | { readonly kind: "unread"; readonly why: string };
