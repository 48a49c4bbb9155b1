/** What a bundle is tried with: for every operation of a service that the functions use, a request and a canned answer. */
export interface Service {
  /** The client's class, as its package exports it. */
  readonly client: string;
  /** How this service refuses: the answer's body; JSON protocols say the kind in the body, XML ones too. */
  readonly error: string;
  readonly operations: Readonly<Record<string, Operation>>;
}

export interface Operation {
  readonly input: object;
  /** The answer's body. An object is JSON. */
  readonly answer: string | object;
}
