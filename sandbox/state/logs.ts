/** Lines of CloudWatch Logs, by group and by stream. */
export interface LogGroup {
  readonly name: string;
  readonly created: Date;
  readonly retentionDays?: number;
  readonly streams: Map<string, LogStream>;
}

export interface LogStream {
  readonly name: string;
  readonly created: Date;
  readonly events: LogEvent[];
}

export interface LogEvent {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly ingested: number;
  readonly message: string;
}
