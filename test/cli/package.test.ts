import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { snapshotText } from "../../cli/picture/snapshotFile.ts";
import { elbOnly, shopFolder, shopPicture } from "./scene.ts";

const root = join(import.meta.dirname, "..", "..");
const inFolder = promisify(execFile);

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

describe("the package", () => {
  const folder = mkdtempSync(join(tmpdir(), "elb-only-package-"));
  let packed: Packed;

  beforeAll(async () => {
    await inFolder(process.execPath, [join(root, "infra/packageCli.ts")], { cwd: root });
    const { stdout } = await inFolder(
      "npm",
      ["pack", "--json", "--ignore-scripts", "--pack-destination", folder, "./dist/cli"],
      { cwd: root },
    );
    const [one] = JSON.parse(stdout) as readonly Packed[];
    if (one === undefined) throw new Error(stdout);
    packed = one;
    writeFileSync(join(folder, "package.json"), "{}");
    await inFolder(
      "npm",
      ["install", "--offline", "--no-audit", "--no-fund", join(folder, packed.filename)],
      { cwd: folder, env: { ...process.env, npm_config_cache: join(folder, "empty-cache") } },
    );
    writeFileSync(join(folder, "snapshot.json"), snapshotText([shopPicture]));
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  /** As `npx elb-only` finds it. */
  const installed = async (args: readonly string[], environment: NodeJS.ProcessEnv = {}) => {
    const program = join(folder, "node_modules/.bin/elb-only");
    const env = { PATH: process.env["PATH"], HOME: folder, ...environment };
    try {
      const ran = await inFolder(process.execPath, [program, ...args], { cwd: folder, env });
      return { code: 0, ...ran };
    } catch (error) {
      return error as { readonly code: number; readonly stdout: string; readonly stderr: string };
    }
  };

  it("is small, and holds the tool and nothing of how it is made", () => {
    expect(packed.size).toBeLessThan(850_000);
    expect(packed.files.map(({ path }) => path).sort()).toEqual([
      "LICENSE",
      "LICENSE.elkjs.md",
      "README.md",
      "elb-only.mjs",
      "package.json",
      "policy.schema.json",
    ]);
  });

  it("needs no other package, and runs nothing when it is installed", () => {
    const installed = JSON.parse(
      readFileSync(join(folder, "node_modules/elb-only/package.json"), "utf8"),
    ) as object;
    expect(Object.keys(installed)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/ependencies|scripts/)]),
    );
  });

  it("says its version", async () => {
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      readonly version: string;
    };
    expect(await installed(["--version"])).toMatchObject({ stdout: `${version}\n` });
  });

  it("plans as the source does", async () => {
    const args = ["plan", "--from", "snapshot.json"];
    const { code, out } = await elbOnly(args, shopFolder());
    expect(await installed(args)).toMatchObject({ code, stdout: out });
  });

  it("makes the page that the source makes, layout library and all", async () => {
    const args = ["report", "--from", "snapshot.json", "--html", "-"];
    const { out } = await elbOnly(args, shopFolder());
    const { code, stdout } = await installed(args);
    // They are made at different times.
    const untimed = (page: string): string => page.replace(/Made by elb-only.*/, "");
    expect(code).toBe(0);
    expect(untimed(stdout) === untimed(out)).toBe(true);
  });

  it("takes credentials from a profile: it has the whole chain, not the functions' short one", async () => {
    const keys = JSON.stringify({ Version: 1, AccessKeyId: "AKIDEXAMPLE", SecretAccessKey: "x" });
    const config = join(folder, "config");
    writeFileSync(
      config,
      `[profile process]\ncredential_process = echo '${keys}'\nregion = eu-west-1\n`,
    );
    const environment = { AWS_CONFIG_FILE: config, AWS_ENDPOINT_URL: "http://127.0.0.1:1" };
    const { code, stderr } = await installed(["plan", "--profile", "process"], environment);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^elb-only: sts:GetCallerIdentity: .*ECONNREFUSED/) as string,
    });
  });
});
