import picocolors from "picocolors";

/** What is written on. */
export interface Paper {
  readonly colour: ReturnType<typeof picocolors.createColors>;
  /** Columns. */
  readonly width: number;
  /** A person is watching: lines can be taken back. */
  readonly isLive: boolean;
  readonly write: (text: string) => void;
}

type Terminal = Pick<NodeJS.WriteStream, "columns"> & {
  readonly isTTY?: boolean;
  readonly write: (text: string) => unknown;
};

/** Colours and a terminal's own width for people; for pipes neither, so that the same run looks the same everywhere. */
export function paperFor(
  out: Terminal,
  environment: Readonly<Record<string, string | undefined>>,
  noColor: boolean,
): Paper {
  // Of a pipe it is missing, and picocolors would guess for itself: colours in CI.
  const isLive = out.isTTY === true && environment["TERM"] !== "dumb";
  const isColoured = isLive && !noColor && !environment["NO_COLOR"];
  return {
    colour: picocolors.createColors(isColoured),
    width: isLive ? Math.min(100, Math.max(60, out.columns)) : 96,
    isLive,
    write: (text) => void out.write(text),
  };
}

/**
 * A text as lines of at most `width` characters, broken at spaces; what goes on is indented by `hang` more than its line.
 * A word that is longer stays whole, since half an id cannot be copied.
 */
export function fold(text: string, width: number, hang = 2): readonly string[] {
  return text.split("\n").flatMap((line) => {
    const indent = (/^ */.exec(line)?.[0] ?? "") + " ".repeat(hang);
    const folded: string[] = [];
    let rest = line;
    while (rest.length > width) {
      const start = rest.search(/[^ ]/);
      const before = rest.lastIndexOf(" ", width);
      const cut = before > start ? before : rest.indexOf(" ", Math.max(start, width));
      if (start === -1 || cut === -1) break;
      folded.push(rest.slice(0, cut));
      rest = indent + rest.slice(cut).trimStart();
    }
    return [...folded, rest];
  });
}
