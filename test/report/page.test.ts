import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { pageOf } from "../../lib/report/page.ts";
import { headline } from "../../lib/survey/headline.ts";
import { totalsOf } from "../../lib/survey/survey.ts";
import { hostileName, policy, streetSurvey } from "./scene.ts";

const facts = { policy, made: "2026-11-22T12:05:00Z", version: "1.2.3", history: [] };
const page = await pageOf([streetSurvey], facts);

/** What is inside the elements of a name. */
const inside = (name: string): readonly string[] =>
  [...page.matchAll(new RegExp(`<${name}>([^]*?)</${name}>`, "g"))].map(([, text = ""]) => text);

const textOf = (html: string): string => html.replaceAll(/<[^>]*>/g, "").replaceAll(/\s+/g, " ");

/** A group's card. */
const card = (group: string): string =>
  textOf(
    new RegExp(`<details[^>]*id="group-[^"]*-${group}"[^]*?\n</details>`).exec(page)?.[0] ?? "",
  );

describe("a report", () => {
  it("lets no script or style run but its own, by their hashes", () => {
    const [written = ""] = /(?<=Content-Security-Policy"\s+content=")[^"]*/.exec(page) ?? [];
    const policyText = written.replaceAll("&#39;", "'");
    for (const [name, directive] of [
      ["script", "script-src"],
      ["style", "style-src"],
    ] as const) {
      const [text = "", ...others] = inside(name);
      expect(others).toEqual([]);
      const hash = createHash("sha256").update(text).digest("base64");
      expect(policyText).toContain(`${directive} 'sha256-${hash}'`);
    }
    expect(policyText).toMatch(/^default-src 'none'; /);
    expect(policyText).not.toMatch(/unsafe|connect-src|https?:/);
  });

  it("asks nobody for anything: no addresses of others, and no element that loads", () => {
    expect(page.match(/<[a-z][^>]*\s(?:src|srcset|action|poster)=/g)).toBeNull();
    expect(page.match(/(?<=href=")[^#"][^"]*/g)).toEqual(["data:,"]);
    expect(page.match(/@import|url\((?!#)/g)).toBeNull();
  });

  it("shows a hostile name as text, without what could turn the line around", () => {
    expect(page.match(/<img|\u202e/g)).toBeNull();
    expect(page.includes(hostileName)).toBe(false);
    expect(page.includes("&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;")).toBe(true);
  });

  it("says in the words of `elb-only plan` how much there is to do", () => {
    expect(textOf(page)).toContain(headline(totalsOf([streetSurvey])));
  });

  it.each([
    ["internet", 4],
    ["others", 2],
    ["refused", 3],
    ["exempt", 1],
    ["audited", 5],
    ["protected", 5],
  ])("counts what is %s: %i", (mark, count) => {
    const number = new RegExp(`data-filter="${mark}"[^]*?<span class="count">(\\d+)<`).exec(page);
    expect(Number(number?.[1])).toBe(count);
    expect(page.match(new RegExp(`data-marks="[^"]*\\b${mark}\\b`, "g"))).toHaveLength(count);
  });

  it.each([
    ["sg-shop-web", /go tcp\/8000-8999 everybody .* come tcp\/8000-8079 everybody/],
    ["sg-shop-web", /Who loses what everybody \(0\.0\.0\.0\/0\): tcp\/8080-8081/],
    [
      "sg-shop-web",
      /Who gains what sg-shop-alb \(shop-alb\), of load balancer shop: tcp\/8080-8081/,
    ],
    ["sg-shop-web", /stay tcp\/22 10\.0\.0\.0\/8 \(private\)/],
    [
      "sg-pay-api",
      /tcp\/8443 to 203\.0\.113\.7\/32 by sgr-pay-api-1, kept until 2026-12-31 \(card network\)/,
    ],
    ["sg-legacy", /tcp\/80 to everybody \(0\.0\.0\.0\/0\) by sgr-legacy-0, the group is ignored/],
    ["sg-search", /foreign-interface ?Next: Give it another group/],
    ["sg-games", /load-balancer-without-group/],
    ["sg-blog", /as it should be/],
  ])("says of %s what is open, why, and what would change: %s", (group, says) => {
    expect(card(group)).toMatch(says);
  });

  it("leaves out history and evidence where nothing is known", () => {
    expect(page.match(/id="history"|id="limits"|Flow Logs/g)).toBeNull();
  });

  it("shows what happened, the latest first, with how long it was open", async () => {
    const happening = { tone: "closed" as const, text: "closed tcp/80 of web" };
    const told = await pageOf([streetSurvey], {
      ...facts,
      history: [
        { ...happening, at: "2026-11-22T10:00:00Z" },
        { ...happening, at: "2026-11-22T11:00:00Z", exposedSeconds: 41, who: "<b>bob</b>" },
      ],
    });
    const [history = ""] = /<section\s+id="history"[^]*?<\/section>/.exec(told) ?? [];
    expect(textOf(history)).toMatch(
      /Closed 2 times; where it is known, it had been open for 41 s at most\. .*2026-11-22 11:00:00 UTC closed tcp\/80 of web open for 41 s opened by &lt;b&gt;bob.*2026-11-22 10:00:00 UTC/,
    );
  });

  it("is the same every time", async () => {
    expect((await pageOf([streetSurvey], facts)) === page).toBe(true);
  });

  it("has an anchor of its own for the same group in another region", async () => {
    const both = await pageOf([streetSurvey, { ...streetSurvey, region: "us-east-1" }], facts);
    const ids = [...both.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
    expect(ids.length).toBeGreaterThan(40);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
