import { defaultFields, isHeader, type Line, readerFor, type ReadLine } from "./flowLog.ts";

/** Takes a log's text, piece by piece, and hands on each line; `end` says that there is no more. */
export interface LogReader {
  readonly push: (text: string) => void;
  readonly end: () => void;
}

/** `name` is for errors; `format` is of a log without a header. Keeps no more than a line's beginning. */
export function logReader(
  name: string,
  format: string | undefined,
  take: (line: Line) => void,
): LogReader {
  const readRecord = recordReader(name, format);
  let rest = "";
  return {
    push: (piece) => {
      const text = rest + piece;
      let from = 0;
      for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", from)) {
        readRecord(text.slice(from, text.charCodeAt(end - 1) === 13 ? end - 1 : end), take);
        from = end + 1;
      }
      rest = text.slice(from);
    },
    end: () => readRecord(rest, take),
  };
}

/** CloudWatch Logs puts the time before each record that it exports. */
const exported = /^\d{4}-\d\d-\d\dT[\d:.]+Z\s+/;

/** Knows the format by the first line, and that a header in the middle begins another. */
function recordReader(file: string, format: string | undefined) {
  let read: ReadLine | undefined = format === undefined ? undefined : readerFor(format);
  let isExported = false;
  return (text: string, take: (line: Line) => void): void => {
    if (text === "") return;
    if (read === undefined) {
      isExported = exported.test(text);
      read = firstReader(text.replace(exported, ""), file);
    }
    const record = isExported ? text.replace(exported, "") : text;
    const line = read(record);
    if (line.kind !== "unreadable" || !isHeader(record)) take(line);
    else read = namedAfter(file, () => readerFor(record));
  };
}

/** By a file's first line: by its header, or else it must be in the default format. */
function firstReader(line: string, file: string): ReadLine {
  if (isHeader(line)) return namedAfter(file, () => readerFor(line));
  const read = readerFor(defaultFields);
  if (read(line).kind === "unreadable")
    throw new Error(
      `${file} has no header, and is not in the default format. Say its format with --flow-log-format, as in '\${interface-id} \${srcaddr} \${dstaddr} \${dstport} \${protocol} \${action}'.`,
    );
  return read;
}

function namedAfter<Answer>(file: string, work: () => Answer): Answer {
  try {
    return work();
  } catch (cause) {
    throw new Error(`${file}: ${(cause as Error).message}`, { cause });
  }
}
