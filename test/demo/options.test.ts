import { describe, expect, it } from "vitest";
import { readOptions } from "../../demo/options.ts";

const none = { once: false, tour: false, json: false, verbose: false, noColor: false, port: 0 };

describe("readOptions", () => {
  it.each([
    [[], none],
    [["--once"], { ...none, once: true }],
    [["--tour", "--json"], { ...none, tour: true, json: true }],
    [["--port", "8080"], { ...none, port: 8080 }],
    [["--port=8080", "--once", "--port=65535"], { ...none, once: true, port: 65_535 }],
    [["--no-color", "--verbose", "--verbose"], { ...none, noColor: true, verbose: true }],
  ])("reads %j", (args, options) => {
    expect(readOptions(args)).toEqual({ kind: "run", options });
  });

  it.each([[["--help"]], [["-h"]], [["--once", "--help"]]])("explains itself for %j", (args) => {
    const given = readOptions(args);
    expect(given.kind).toBe("help");
    for (const name of [
      "--once",
      "--tour",
      "--json",
      "--verbose",
      "--no-color",
      "--port",
      "--help",
    ])
      expect(given).toHaveProperty("text", expect.stringContaining(name));
  });

  it("says every problem at once: what was given, and what is allowed", () => {
    expect(readOptions(["--onec", "now", "--json=yes", "-x", "--help"])).toEqual({
      kind: "wrong",
      text:
        '--onec is not an option; "now" is not an option; --json takes no value, and was given "yes"; -x is not an option.\n' +
        "Allowed: --once, --tour, --json, --verbose, --no-color, --port, --help.\n",
    });
  });

  it.each([
    [["--port"], ""],
    [["--port", "0"], ', and was given "0"'],
    [["--port=65536"], ', and was given "65536"'],
    [["--port=http"], ', and was given "http"'],
    [["--port="], ', and was given ""'],
  ])("takes no port from %j", (args, was) => {
    expect(readOptions(args)).toMatchObject({
      kind: "wrong",
      text: expect.stringContaining(`--port takes a port, 1 to 65535${was}.\n`) as string,
    });
  });

  it("takes no option for one by its inherited name", () => {
    expect(readOptions(["--constructor"]).kind).toBe("wrong");
  });
});
