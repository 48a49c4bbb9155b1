import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

// A copy, so that what is built for it is nobody else's.
const root = mkdtempSync(join(tmpdir(), "elb-only-demo-"));

beforeAll(() => {
  const source = join(import.meta.dirname, "../..");
  for (const part of ["lib", "functions", "demo", "infra", "sandbox", "package.json"])
    cpSync(join(source, part), join(root, part), { recursive: true });
  symlinkSync(join(source, "node_modules"), join(root, "node_modules"));
});
afterAll(() => rmSync(root, { recursive: true }));

// The story takes seconds; on a busy machine it must not be taken for a hang.
const patienceMs = 60_000;

// As in CI, where libraries like to colour whatever they are piped into.
const run = (command: string, ...args: readonly string[]) =>
  spawnSync(command, args, {
    cwd: root,
    encoding: "utf8",
    timeout: patienceMs,
    env: { ...process.env, CI: "true" },
  });
const demo = (...args: readonly string[]) => run(process.execPath, "demo/main.ts", ...args);

describe("the demonstration, before it is built", () => {
  it("says what is missing, and what to do", () => {
    expect(demo("--once")).toMatchObject({
      status: 1,
      stdout: "",
      stderr:
        "The functions are not built: there is no dist/functions/enforce/index.mjs, no dist/functions/verify/index.mjs, no dist/functions/notify/index.mjs.\n" +
        'Run "npm start", or "npm run build" first.\n',
    });
  });

  it("refuses an option that it does not know, with what is allowed", () => {
    expect(demo("--onec")).toMatchObject({
      status: 2,
      stdout: "",
      stderr:
        "--onec is not an option.\nAllowed: --once, --tour, --json, --verbose, --no-color, --port, --help.\n",
    });
  });
});

describe("the demonstration, for programs", () => {
  it(
    "is one JSON document, with every step's rules, calls, alerts and proofs",
    () => {
      const { status, stdout, stderr } = run("npm", "start", "--silent", "--", "--json");
      const told = JSON.parse(stdout) as {
        readonly acts: readonly { readonly steps: readonly Record<string, unknown>[] }[];
      };
      expect(status).toBe(0);
      // What was built is told beside the document.
      expect(stderr).toMatch(/^dist\/functions\/enforce /m);
      expect(told).toMatchObject({
        version: 1,
        holds: true,
        failed: 0,
        errors: [],
        acts: [{}, {}],
      });
      expect(told.acts[0]?.steps[1]).toMatchObject({
        title: "bob opens port 80 to IPv6, and every tcp port to the world",
        group: "sg-9cd8a3f4",
        people: [
          {
            who: "bob",
            service: "ec2",
            action: "AuthorizeSecurityGroupIngress",
            about: "tcp/80 from ::/0; tcp/0-65535 from 0.0.0.0/0",
            answer: "ok",
          },
        ],
        results: [{ group: "sg-9cd8a3f4", result: "changed", reach: "govern" }],
        openMs: expect.any(Number) as number,
        alerts: [{ subject: expect.stringMatching(/^closed tcp\/80 to the internet/) as string }],
        proofs: expect.arrayContaining([
          {
            says: "the internet (IPv4) reaches tcp/80",
            before: "yes",
            now: "no",
            wanted: "no",
            holds: true,
          },
        ]) as object[],
      });
    },
    patienceMs,
  );
});

describe("the demonstration, piped", () => {
  let told: ReturnType<typeof demo>;

  beforeAll(() => {
    told = demo("--once", "--tour");
  }, patienceMs);

  it("ends by itself, with every proof holding", () => {
    expect(told.stdout).toMatch(/^All \d+ proofs hold, after [\d.]+ s\.$/m);
    expect(told).toMatchObject({ status: 0, stderr: "" });
  });

  it("is plain: no escape codes, no lines to draw boxes, no line longer than 100 characters but a link", () => {
    // oxlint-disable-next-line no-control-regex -- escape codes are what is looked for
    expect(told.stdout).not.toMatch(/[\u001b\r\u2500-\u257f]/);
    const long = told.stdout.split("\n").filter(({ length }) => length > 100);
    expect(long.filter((line) => !/^[ |]*https:\S+$/.test(line))).toEqual([]);
  });

  it("tells who did what, what was done about it, and what a person is told", () => {
    for (const line of [
      "Event     alice  elb RegisterInstancesWithLoadBalancer  MyLoadBalancer: i-f5ab7988, i-fbab7986",
      "Event     bob  ec2 AuthorizeSecurityGroupIngress  tcp/80 from ::/0; tcp/0-65535 from 0.0.0.0/0",
      "          -  tcp/0-65535   0.0.0.0/0            just for testing",
      "          ok  MyLoadBalancer reaches tcp/80         no      yes  yes",
      "          ok  writes by the functions                       0    0",
      "Message   Subject: closed tcp/80 to the internet on MyTestSecurityGroup (sg-9cd8a3f4)",
      "Finding   high: not-a-back-end: database",
    ]) {
      expect(told.stdout).toContain(line);
    }
  });
});

const hasTerminal = spawnSync("script", ["-qec", "true", "/dev/null"]).status === 0;

describe.runIf(hasTerminal)("the demonstration, on a terminal", () => {
  it(
    "says first where to watch it, serves the page there, and ends when it is told to",
    async () => {
      const terminal = spawn("script", ["-qec", "node demo/main.ts", "/dev/null"], {
        cwd: root,
        env: {
          ...process.env,
          PATH: `${dirname(process.execPath)}${delimiter}${process.env["PATH"]}`,
        },
      });
      let shown = "";
      const ended = once(terminal, "close");
      try {
        const address = await new Promise<string>((resolve, reject) => {
          terminal.stdout.on("data", (chunk: Buffer) => {
            shown += chunk.toString();
            const [found] = /http:\/\/127\.0\.0\.1:\d+\//.exec(shown) ?? [];
            if (found !== undefined) resolve(found);
          });
          terminal.on("close", () => reject(new Error(shown)));
        });
        expect(shown).toMatch(/^\s*Watch holes being closed, and open some: /);
        expect(await (await fetch(address)).text()).toContain("<title>elb-only: ");
        await expect.poll(() => shown, { timeout: patienceMs }).toContain("Ctrl-C");
        terminal.stdin.write("\u0003");
        await ended;
        expect(shown).toContain("Stopped.");
      } finally {
        terminal.kill();
      }
    },
    2 * patienceMs,
  );
});

describe("the demonstration, where its port is taken", () => {
  it("says so, and ends", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    expect(demo("--once", "--port", String(port))).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(
        `^The demonstration broke off: .*EADDRINUSE.*127.0.0.1:${port}\n$`,
      ) as string,
    });
    server.close();
  });
});
