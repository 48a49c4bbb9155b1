import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { elbOnly, newFolder, shopFolder } from "./scene.ts";

const commands = [
  "plan",
  "report",
  "verify",
  "explain",
  "snapshot",
  "apply",
  "exemptions",
  "adopt",
  "status",
  "history",
  "undo",
  "hold",
  "pause",
  "resume",
  "doctor",
  "uninstall",
  "completion",
] as const;

describe("the command line", () => {
  it("says its version", async () => {
    const { code, out } = await elbOnly(["--version"], newFolder());
    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  it.each([[["--help"]], [[]], [["help"]]])("%j: lists every command", async (args) => {
    const { code, out } = await elbOnly(args, newFolder());
    expect(code).toBe(0);
    for (const command of commands) expect(out).toMatch(new RegExp(`^ {2}${command} `, "m"));
  });

  it.each(commands)(
    "%s --help has examples, exit codes and the global options",
    async (command) => {
      const { code, out } = await elbOnly([command, "--help"], newFolder());
      expect(code).toBe(0);
      expect(out).toMatch(new RegExp(`Examples\\n {2}elb-only ${command} `));
      expect(out).toMatch(/Exit code: 0/);
      expect(out).toMatch(/--debug/);
    },
  );

  it.each([
    [
      ["plna"],
      /unknown command 'plna'[^]*Allowed: plan, report, verify, explain, snapshot, apply, exemptions, adopt, status, history, undo, hold, pause, resume, doctor, uninstall, completion/,
    ],
    [["plan", "--regoin", "x"], /unknown option '--regoin'[^]*Allowed: --region, .*--json/],
    [["plan", "--region", "ireland"], /'ireland' is invalid. Allowed: regions as in eu-west-1/],
    [["plan", "--role-arn", "audit"], /'audit' is invalid. Allowed: ARNs of IAM roles/],
    [["explain"], /missing required argument 'what'[^]*explain --help/],
    [["explain", "x", "--port", "http"], /'http' is invalid. Allowed: a port from 0 to 65535/],
    [
      ["explain", "x", "--from-address", "here"],
      /'here' is invalid. Allowed: an IPv4 or IPv6 address/,
    ],
    [["verify", "--fail-on", "worst"], /'worst' is invalid. Allowed choices are info, low/],
    [["plan", "extra"], /too many arguments/],
    [["plan", "--from", "nowhere"], /nowhere: there is no such file or folder/],
    [["plan", "--config", "none.json"], /none\.json: there is no such file/],
  ])("%j: says what was given and what is allowed, on standard error", async (args, says) => {
    const { code, out, err } = await elbOnly(args, newFolder());
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(/^elb-only: /);
    expect(err).toMatch(says);
    expect(err).not.toMatch(/\n\s+at /);
  });

  it("shows where an error came from with --debug", async () => {
    const { err } = await elbOnly(["plan", "--from", "nowhere", "--debug"], newFolder());
    expect(err).toMatch(/\n\s+at /);
  });
});

describe("the policy", () => {
  const policyOf = async (file: object | string | undefined, ...args: readonly string[]) => {
    const folder = shopFolder();
    const text = typeof file === "string" ? file : JSON.stringify(file);
    if (file !== undefined) writeFileSync(join(folder, "elb-only.config.json"), text);
    const { out, err } = await elbOnly(
      ["plan", "--from", "snapshot.json", "--json", ...args],
      folder,
    );
    return err === "" ? (JSON.parse(out) as { readonly policy: object }).policy : err;
  };

  it("is the default where nothing is said", async () => {
    expect(await policyOf(undefined)).toMatchObject({ defaultMode: "audit", keepSelf: true });
  });

  it("is the file's, whose $schema is for editors", async () => {
    const file = {
      $schema: "./policy.schema.json",
      close: "public",
      allowedSources: ["10.0.0.0/8"],
    };
    expect(await policyOf(file)).toMatchObject({
      close: "public",
      allowedSources: ["10.0.0.0/8"],
      defaultMode: "audit",
    });
  });

  it("is the flags' before the file's", async () => {
    const file = { close: "public", keepSelf: true };
    expect(
      await policyOf(file, "--close", "addresses", "--no-keep-self", "--protected-ports", "tcp/22"),
    ).toMatchObject({
      close: "addresses",
      keepSelf: false,
      protectedPorts: [{ protocol: "tcp", from: 22, to: 22 }],
    });
  });

  it("says all that is wrong with it in one message", async () => {
    const said = await policyOf(
      { close: "nobody", protectedPort: [], allowedSources: ["10.0.0.1/8"] },
      "--default-mode",
      "on",
    );
    expect(said).toMatch(/elb-only\.config\.json: close is "nobody"; allowed: everyone/);
    expect(said).toMatch(
      /elb-only\.config\.json: protectedPort: there is no such setting; allowed/,
    );
    expect(said).toMatch(/allowedSources\.0 is "10\.0\.0\.1\/8"; it has bits beyond its mask/);
    expect(said).toMatch(/--default-mode is "on"; allowed: audit, enforce, ignore/);
  });

  it.each([
    ["{", /elb-only\.config\.json is not JSON/],
    ["[]", /must hold one JSON object/],
  ])("%s: says so", async (text, says) => {
    expect(await policyOf(text)).toMatch(says);
  });
});
