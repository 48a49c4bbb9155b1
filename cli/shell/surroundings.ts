import picocolors from "picocolors";
import { wrap } from "../text/columns.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Where a command writes. */
export interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly write: (text: string) => unknown;
}

/** All that a command has around it; handed in, so that a test can run one in its own process. */
export interface Surroundings {
  readonly stdout: Stream;
  readonly stderr: Stream;
  readonly environment: Environment;
  readonly folder: string;
  readonly now: () => Date;
  /** Asks whoever sits at the terminal; missing: nobody does. */
  readonly ask?: (question: string) => Promise<string>;
}

/** What a command's answer is written on. */
export interface Paper {
  readonly colour: ReturnType<typeof picocolors.createColors>;
  /** Columns. */
  readonly width: number;
  /** A line as a terminal has room for it; for a pipe as it is. */
  readonly fit: (text: string) => readonly string[];
  readonly line: (text?: string) => void;
}

const isTerminal = ({ isTTY }: Stream, environment: Environment): boolean =>
  isTTY === true && environment["TERM"] !== "dumb";

/** Colours and the terminal's own width for people; for pipes neither, so that the same run looks the same everywhere. */
export function paperFor({ stdout, environment }: Surroundings, noColor: boolean): Paper {
  const isLive = isTerminal(stdout, environment);
  const width = isLive ? Math.min(120, Math.max(60, stdout.columns ?? 80)) : 100;
  const fit = (text: string): readonly string[] =>
    isLive ? wrap(text.trimEnd(), width) : [text.trimEnd()];
  return {
    colour: picocolors.createColors(isLive && !noColor && !environment["NO_COLOR"]),
    width,
    fit,
    line: (text = "") => void stdout.write(`${fit(text).join("\n")}\n`),
  };
}

/** A line on the standard error of a terminal that says what is being done; taken back when it is over. */
export function progressOn({ stderr, environment }: Surroundings) {
  const isWatched = isTerminal(stderr, environment);
  return {
    say: (text: string): void =>
      void (isWatched && stderr.write(`\r\x1b[K${text}`.slice(0, (stderr.columns ?? 80) + 3))),
    end: (): void => void (isWatched && stderr.write("\r\x1b[K")),
  };
}
export type Progress = ReturnType<typeof progressOn>;
