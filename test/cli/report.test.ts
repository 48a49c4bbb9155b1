import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { outcome, rule, trigger } from "../messages/outcome.ts";
import { elbOnly, shopFolder, shopPicture } from "./scene.ts";

const report = async (...args: readonly string[]) => {
  const folder = shopFolder();
  const ran = await elbOnly(["report", "--from", "snapshot.json", ...args], folder);
  return { folder, ...ran };
};

describe("elb-only report", () => {
  it("writes the page for its owner's eyes, and says how much there is to do", async () => {
    const { folder, code, out, err } = await report();
    expect({ code, out, err }).toEqual({
      code: 0,
      out: "",
      err: "report.html: 2 groups of 5 would change: 4 rules added, 2 removed, at 4 interfaces.\n",
    });
    const file = join(folder, "report.html");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, "utf8")).toMatch(/^<!doctype html>/);
  });

  it("writes it to standard output, and nothing beside it", async () => {
    const { out, err } = await report("--html", "-");
    expect(out).toMatch(/^<!doctype html>[^]*<\/html>\n$/);
    expect(err).toBe("");
  });

  it("decides by the policy that is given", async () => {
    const { out } = await report("--html", "-", "--allowed-sources", "10.0.0.0/8");
    expect(out).toContain("allowed 10.0.0.0/8");
  });

  it("shows the groups that are chosen, and no others", async () => {
    const { out } = await report("--html", "-", "--group", "sg-web");
    expect(out.match(/data-marks/g)).toHaveLength(1);
  });

  it("shows several regions on one page", async () => {
    const folder = shopFolder([shopPicture, { ...shopPicture, region: "eu-west-1" }]);
    const { out } = await elbOnly(["report", "--from", "snapshot.json", "--html", "-"], folder);
    expect(out.match(/data-marks/g)).toHaveLength(10);
    expect(out).toMatch(/us-east-1, read[^]*eu-west-1, read/);
  });

  it("shows who used what would go, and what flow logs cannot show", async () => {
    const folder = shopFolder();
    writeFileSync(
      join(folder, "flow.log"),
      "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status\n" +
        "2 111111111111 eni-web1 203.0.113.9 10.0.1.11 50000 8080 6 10 5000 1795600000 1795600060 ACCEPT OK\n",
    );
    const { out } = await elbOnly(
      ["report", "--from", "snapshot.json", "--html", "-", "--flow-logs", "flow.log"],
      folder,
    );
    expect(out).toContain("1 source came in only by it: 1 flow, 5.0 KB");
    expect(out).toContain("203.0.113.9 (public): 1 flow");
    expect(out).toContain("What the evidence cannot show");
  });

  describe("with outcomes", () => {
    const opened = rule("tcp/80 from 0.0.0.0/0");
    const closed = outcome({
      account: "111111111111",
      region: "us-east-1",
      group: "sg-web",
      name: "web",
      result: "changed",
      at: "2026-11-22T10:00:41Z",
      removed: [opened],
      triggers: [
        trigger({ rules: [opened], actor: { principal: "arn:aws:iam::111111111111:user/bob" } }),
      ],
      exposedSeconds: 41,
    });
    const told = async (text: string) => {
      const folder = shopFolder();
      writeFileSync(join(folder, "outcomes"), text);
      const args = ["report", "--from", "snapshot.json", "--html", "-", "--outcomes", "outcomes"];
      const { out, ...ran } = await elbOnly(args, folder);
      const [, history = ""] = /<section[^>]*id="history"([^]*?)<\/section>/.exec(out) ?? [];
      return { ...ran, history: history.replaceAll(/<[^>]*>/g, "").replaceAll(/\s+/g, " ") };
    };

    it.each([
      ["one", JSON.stringify(closed)],
      ["a list", JSON.stringify([closed])],
      ["events, one a line", `${JSON.stringify({ source: "elb-only", detail: closed })}\n`],
      ["a log", `2026-11-22T10:00:42Z ${JSON.stringify(closed)}\n`],
    ])("says what happened, who it was and how long it was open: %s", async (_, text) => {
      const { code, err, history } = await told(text);
      expect({ code, err }).toEqual({ code: 0, err: "" });
      expect(history).toMatch(
        /for 41 s at most\. 2026-11-22 10:00:41 UTC closed tcp\/80 .*open for 41 s opened by arn:aws:iam::111111111111:user\/bob/,
      );
    });

    it("leaves out what happened in other accounts and regions", async () => {
      const elsewhere = { ...closed, region: "eu-west-1" };
      expect(await told(JSON.stringify([closed, elsewhere]))).toMatchObject({
        history: expect.stringMatching(/Closed once/) as string,
      });
      expect((await told(JSON.stringify(elsewhere))).history).toBe("");
    });

    it("says what could not be read, and refuses a file without any outcome", async () => {
      expect((await told(`${JSON.stringify(closed)}\n{"version":2}\n`)).err).toBe(
        "1 document in outcomes could not be read as an outcome.\n",
      );
      expect(await told("nothing here")).toMatchObject({
        code: 1,
        err: "elb-only: --outcomes outcomes: there is no outcome in it.\n",
      });
    });
  });
});
