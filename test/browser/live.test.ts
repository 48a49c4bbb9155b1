import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { classic } from "../../demo/classic.ts";
import { type LivePage, serveLive } from "../../demo/live/serve.ts";
import { setStage, type Stage } from "../../demo/stage.ts";
import { type Bundled, bundled } from "../sandbox/bundled.ts";
import { barriersOn } from "./accessibility.ts";
import { hasBrowser, openBrowser, openPage } from "./browser.ts";

describe.runIf(hasBrowser)("the live page in a browser", () => {
  let product: Bundled;
  let stage: Stage;
  let live: LivePage;
  let browser: Browser;

  beforeAll(async () => {
    product = await bundled();
    stage = await setStage(0, product.functions);
    live = await serveLive(stage);
    classic.build(stage);
    await classic.steps[0]?.act(stage);
    await stage.settled();
    browser = await openBrowser();
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await live.close();
    await stage.close();
    await product.remove();
  });

  it("shows a hole while it is open, and that it was closed, without being asked", async () => {
    const { page, complaints, requests } = await openPage(browser, live.address);
    const count = (mark: string) => page.locator(`[data-filter=${mark}] .count`).textContent();
    await expect.poll(() => count("protected"), { timeout: 20_000 }).toBe("1");
    await page.locator("#details summary").click();
    await page.locator("#search").fill("sg-9cd8a3f4");

    await page.getByRole("button", { name: "Open port 80 to the internet" }).click();
    await expect.poll(() => count("internet"), { timeout: 20_000 }).toBe("1");
    expect(await page.locator(".node.source.internet .title").textContent()).toBe(
      "everybody (0.0.0.0/0)",
    );
    expect(await page.locator("#news").textContent()).toBe(
      "bob: AuthorizeSecurityGroupIngress tcp/80 from 0.0.0.0/0.",
    );
    await expect.poll(() => count("internet"), { timeout: 20_000 }).toBe("0");
    expect(await count("protected")).toBe("1");
    expect(await page.locator(".node.source").count()).toBe(0);
    expect(await page.locator("#news").textContent()).toMatch(
      /^closed tcp\/80 to the internet on .*sg-9cd8a3f4.*; open for \d+\.\d\d s\.$/,
    );
    const [closed, opened] = await page.locator("#history li").allTextContents();
    expect(closed).toMatch(/closed tcp\/80 to the internet[^]*open for \d+\.\d\d s[^]*user\/bob/);
    expect(opened).toContain("bob: AuthorizeSecurityGroupIngress tcp/80 from 0.0.0.0/0");

    // What was typed and opened stays so.
    expect(await page.locator("#search").inputValue()).toBe("sg-9cd8a3f4");
    expect(await page.locator("#details .card[open]").count()).toBe(1);
    expect(complaints).toEqual([]);
    expect(new Set(requests.map((url) => new URL(url).origin))).toEqual(
      new Set([new URL(live.address).origin]),
    );
    expect(await barriersOn(page)).toEqual([]);
    await page.close();
  }, 120_000);

  it("says when what it shows has stopped", async () => {
    const another = await serveLive(stage);
    const { page } = await openPage(browser, another.address);
    await expect.poll(() => page.locator("#live").textContent()).toBe("live");
    await another.close();
    await expect.poll(() => page.locator("#live").textContent()).toBe("it has stopped");
    await page.close();
  }, 60_000);
});
