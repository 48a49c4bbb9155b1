import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { elbOnly, newFolder } from "./scene.ts";

type Shell = "bash" | "zsh" | "fish";

const isThere = (shell: Shell): boolean => spawnSync(shell, ["-c", "exit 0"]).status === 0;

/** What a shell offers after these words; the last one may be half typed. */
const asking: Readonly<Record<Shell, (file: string, words: readonly string[]) => string>> = {
  bash: (file, words) => `
    source '${file}'
    COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}) COMP_CWORD=${words.length - 1}
    _elb_only
    printf '%s\\n' "\${COMPREPLY[@]}"`,
  // Completing as zsh does takes a terminal: here its own two functions print what they are given.
  zsh: (file, words) => `
    compdef() { : }
    _describe() { print -rl -- \${(P)2%%:*} }
    _arguments() { print -rl -- "$@" | sed -E 's/^[*]?(--?[A-Za-z-]+)\\[.*\\](:[^:]*:)?/\\1 /; s/^1:[^:]*:/ /' | tr -d '()' | tr ' ' '\\n' }
    source '${file}'
    words=(${words.map((word) => `'${word}'`).join(" ")}) CURRENT=${words.length}
    _elb-only`,
  fish: (file, words) => `
    source '${file}'
    complete -C '${words.join(" ")}'`,
};

async function offered(shell: Shell, ...words: readonly string[]): Promise<readonly string[]> {
  const folder = newFolder();
  const { out } = await elbOnly(["completion", shell], folder);
  const file = join(folder, "completion");
  writeFileSync(file, out);
  const { stdout, stderr, status } = spawnSync(
    shell,
    ["-c", asking[shell](file, ["elb-only", ...words])],
    { encoding: "utf8", cwd: folder, env: { ...process.env, HOME: folder, TERM: "dumb" } },
  );
  expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
  return stdout
    .split("\n")
    .map((line) => line.split("\t")[0] ?? "")
    .filter((line) => line !== "");
}

describe.each(["bash", "zsh", "fish"] as const)("elb-only completion %s", (shell) => {
  it("refuses no shell that it lists", async () => {
    expect(await elbOnly(["completion", shell], newFolder())).toMatchObject({ code: 0, err: "" });
  });

  describe.runIf(isThere(shell))("in the shell itself", () => {
    it("offers every command", async () => {
      expect(await offered(shell, "")).toEqual(
        expect.arrayContaining([
          "plan",
          "report",
          "verify",
          "explain",
          "snapshot",
          "completion",
          "help",
        ]),
      );
    });

    it("offers a command's own options, and those of all", async () => {
      const options = await offered(shell, "report", "--");
      expect(options).toEqual(
        expect.arrayContaining(["--html", "--region", "--from", "--flow-logs", "--debug"]),
      );
      expect(options).not.toContain("--sarif");
    });

    it("offers the values of an option that has a few", async () => {
      expect(await offered(shell, "verify", "--fail-on", "")).toEqual(
        expect.arrayContaining(["info", "low", "medium", "high"]),
      );
    });

    it("offers the shells", async () => {
      expect(await offered(shell, "completion", "")).toEqual(
        expect.arrayContaining(["bash", "zsh", "fish"]),
      );
    });
  });
});

it("refuses another shell, and says which there are", async () => {
  const { code, err } = await elbOnly(["completion", "tcsh"], newFolder());
  expect({ code, err }).toEqual({
    code: 1,
    err: expect.stringMatching(/'tcsh' is invalid.*Allowed choices are bash, zsh, fish/) as string,
  });
});
