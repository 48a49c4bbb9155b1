/** What people get; attributes are what they can filter by. */
export interface Message {
  /** Fewer than 100 ASCII characters on one line. */
  readonly subject: string;
  /** Plain text, to be read with a fixed width; or JSON for a chat. */
  readonly text: string;
  readonly attributes: Attributes;
}

export type Attributes = Readonly<Record<string, string | readonly string[]>>;

/** What was told of one thing in one period. */
export interface Told {
  /** Of the deliveries that became messages, in order. */
  readonly deliveries: readonly string[];
  /** When the first was told: ISO 8601, UTC. */
  readonly since: string;
  /** The period's end: seconds since 1970. */
  readonly until: number;
}
