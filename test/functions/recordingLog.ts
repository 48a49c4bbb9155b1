import type { Log } from "../../functions/runtime/invocation.ts";

export interface Line {
  readonly level: keyof Log;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A log that keeps its lines for a test to read. */
export function recordingLog(): { readonly log: Log; readonly lines: readonly Line[] } {
  const lines: Line[] = [];
  const at =
    (level: keyof Log): Log["info"] =>
    (message, ...more) => {
      lines.push({ level, message: message as string, fields: more[0] as Line["fields"] });
    };
  return {
    log: { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") },
    lines,
  };
}
