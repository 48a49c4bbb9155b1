/** A call that CloudTrail keeps in its event history, with what it looks it up by. */
export interface HistoryEvent {
  readonly id: string;
  readonly name: string;
  readonly source: string;
  readonly at: Date;
  readonly user: string;
  readonly accessKey: string;
  /** The whole record, as it would be on the bus. */
  readonly record: Readonly<Record<string, unknown>>;
}
