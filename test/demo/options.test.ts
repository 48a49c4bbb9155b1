import { describe, expect, it } from "vitest";
import { readOptions } from "../../demo/options.ts";

const none = { once: false, tour: false, json: false, verbose: false, noColor: false };

describe("readOptions", () => {
  it.each([
    [[], none],
    [["--once"], { ...none, once: true }],
    [["--tour", "--json"], { ...none, tour: true, json: true }],
    [["--no-color", "--verbose", "--verbose"], { ...none, noColor: true, verbose: true }],
  ])("reads %j", (args, options) => {
    expect(readOptions(args)).toEqual({ kind: "run", options });
  });

  it.each([[["--help"]], [["-h"]], [["--once", "--help"]]])("explains itself for %j", (args) => {
    const given = readOptions(args);
    expect(given.kind).toBe("help");
    for (const name of ["--once", "--tour", "--json", "--verbose", "--no-color", "--help"])
      expect(given).toHaveProperty("text", expect.stringContaining(name));
  });

  it("says every problem at once: what was given, and what is allowed", () => {
    expect(readOptions(["--onec", "now", "--json=yes", "-x", "--help"])).toEqual({
      kind: "wrong",
      text:
        '--onec is not an option; "now" is not an option; --json takes no value, and was given "yes"; -x is not an option.\n' +
        "Allowed: --once, --tour, --json, --verbose, --no-color, --help.\n",
    });
  });

  it("takes no option for one by its inherited name", () => {
    expect(readOptions(["--constructor"]).kind).toBe("wrong");
  });
});
