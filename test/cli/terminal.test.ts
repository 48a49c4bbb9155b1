import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { run } from "../../cli/shell/run.ts";
import { wrap } from "../../cli/text/columns.ts";
import { shopFolder } from "./scene.ts";

/** What a terminal of so many columns shows of a command. */
async function onTerminal(
  columns: number,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  let shown = "";
  const stream = { isTTY: true, columns, write: (text: string) => (shown += text) };
  await run([...args, "--from", "snapshot.json"], {
    stdout: stream,
    stderr: { write: () => "" },
    environment: { TERM: "xterm", ...environment },
    folder: shopFolder(),
    now: () => new Date("2026-11-25T09:00:00Z"),
  });
  return shown;
}

const escape = String.fromCharCode(27);

describe("on a terminal", () => {
  it.each(
    [60, 80, 120].flatMap((width) =>
      [
        ["plan"],
        ["verify"],
        ["explain", "sg-web"],
        ["explain", "i-web1", "--from-address", "203.0.113.9", "--port", "8080"],
      ].map((args) => ({ width, command: args.join(" "), args })),
    ),
  )("$width columns hold every line of $command", async ({ width, args }) => {
    const lines = stripVTControlCharacters(await onTerminal(width, args)).split("\n");
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.filter(({ length }) => length > width)).toEqual([]);
  });

  it("there are colours, unless NO_COLOR or --no-color says no", async () => {
    expect(await onTerminal(80, ["plan"])).toContain(`${escape}[`);
    expect(await onTerminal(80, ["plan"], { NO_COLOR: "" })).toContain(`${escape}[`);
    expect(await onTerminal(80, ["plan"], { NO_COLOR: "1" })).not.toContain(escape);
    expect(await onTerminal(80, ["plan", "--no-color"])).not.toContain(escape);
    expect(await onTerminal(80, ["plan"], { TERM: "dumb" })).not.toContain(escape);
  });
});

describe("wrap", () => {
  it.each([
    ["", 10, [""]],
    ["short", 10, ["short"]],
    ["one two three", 8, ["one two", "three"]],
    ["  one two three", 9, ["  one two", "  three"]],
    ["sg-0123456789abcdef0 is long", 10, ["sg-0123456789abcdef0", "is long"]],
    [`${escape}[1mone two${escape}[22m`, 7, [`${escape}[1mone two${escape}[22m`]],
    [`${escape}[1mone two${escape}[22m three`, 7, [`${escape}[1mone two${escape}[22m`, "three"]],
  ])("%j at %i", (line, width, lines) => {
    expect(wrap(line, width)).toEqual(lines);
  });
});
