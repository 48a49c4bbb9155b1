import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { regionOf } from "../../bench/region.ts";
import { pageOf } from "../../lib/report/page.ts";
import { survey, type Survey } from "../../lib/survey/survey.ts";
import { policy, streetSurvey } from "../report/scene.ts";
import { barriersOn } from "./accessibility.ts";
import { hasBrowser, mustHaveBrowser, openBrowser, openPage, type Watched } from "./browser.ts";

describe("the browser", () => {
  it("is there, where it has to be", () => {
    expect(hasBrowser || !mustHaveBrowser).toBe(true);
  });
});

describe.runIf(hasBrowser)("the report in a browser", () => {
  const folder = mkdtempSync(join(tmpdir(), "elb-only-report-"));
  let browser: Browser;
  let street: string;

  const written = async (name: string, surveys: readonly Survey[]): Promise<string> => {
    const facts = { policy, made: "2026-11-22T12:05:00Z", version: "1.2.3", history: [] };
    const file = join(folder, name);
    writeFileSync(file, await pageOf(surveys, facts));
    return pathToFileURL(file).href;
  };

  beforeAll(async () => {
    browser = await openBrowser();
    street = await written("street.html", [streetSurvey]);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  const looking = async (
    work: (watched: Watched) => Promise<void>,
    url = street,
    how: Parameters<typeof openPage>[2] = {},
  ): Promise<void> => {
    const watched = await openPage(browser, url, how);
    await work(watched);
    await watched.page.close();
  };

  const shownRows = ({ page }: Watched): Promise<readonly string[]> =>
    page.locator("#groups tbody tr:visible .group a").allTextContents();

  it(
    "loads without a complaint, and asks for nothing but itself",
    () =>
      looking(async ({ page, complaints, requests }) => {
        await page.locator("#details summary").first().click();
        await page.locator("#theme").click();
        expect(complaints).toEqual([]);
        expect(requests).toEqual([street]);
      }),
    60_000,
  );

  it(
    "does nothing that a hostile name says",
    () =>
      looking(async ({ page, complaints }) => {
        expect(await page.locator("img, script + script, iframe").count()).toBe(0);
        expect(await page.locator("#groups tbody").textContent()).toContain(
          "</script><img src=x onerror=alert(1)>",
        );
        expect(complaints).toEqual([]);
      }),
    60_000,
  );

  it(
    "lets no injected script, style or request through",
    () =>
      looking(async ({ page }) => {
        const ran = await page.evaluate(() => {
          const script = document.createElement("script");
          script.textContent = "document.title = 'injected'";
          document.body.append(script);
          return fetch("https://example.com/").then(
            () => "asked",
            () => document.title,
          );
        });
        expect(ran).toMatch(/^elb-only: /);
      }),
    60_000,
  );

  it.each([
    ["payments", ["pay-batch", "pay-api"]],
    ["5432", ["search"]],
    ["card network", ["pay-api"]],
    ["foreign-interface", ["search"]],
    ["203.0.113", ["pay-api"]],
    ["nowhere at all", []],
  ])(
    "finds what is typed: %s",
    (text, groups) =>
      looking(async (watched) => {
        await watched.page.locator("#search").fill(text);
        expect(await shownRows(watched)).toEqual(groups);
        expect(await watched.page.locator("#count").textContent()).toBe(
          `${groups.length} of 12 groups`,
        );
        expect(await watched.page.locator("#details > .card:visible").count()).toBe(groups.length);
      }),
    60_000,
  );

  it(
    "filters by a number, and takes it back",
    () =>
      looking(async (watched) => {
        const { page } = watched;
        const number = page.locator("[data-filter=exempt]");
        await number.click();
        expect(await shownRows(watched)).toEqual(["pay-api"]);
        expect(await number.getAttribute("aria-pressed")).toBe("true");
        expect(await page.locator(".picture:visible").count()).toBe(1);
        await page.locator("#clear").click();
        expect(await shownRows(watched)).toHaveLength(12);
      }),
    60_000,
  );

  it(
    "sorts by a column, up and down",
    () =>
      looking(async (watched) => {
        const { page } = watched;
        expect((await shownRows(watched))[0]).toBe("shop-web");
        const head = page.locator("th.interfaces");
        await head.locator("button").click();
        expect(await head.getAttribute("aria-sort")).toBe("ascending");
        await head.locator("button").click();
        expect(await head.getAttribute("aria-sort")).toBe("descending");
        expect((await shownRows(watched))[0]).toBe("shop-web");
        await page.locator("[data-sort=group]").click();
        expect((await shownRows(watched)).slice(-2)).toEqual(["shop-api", "shop-web"]);
        expect(await page.locator("th[aria-sort]").count()).toBe(1);
      }),
    60_000,
  );

  it(
    "is worked by keyboard alone",
    () =>
      looking(async ({ page }) => {
        await page.keyboard.press("Tab");
        expect(await page.locator(":focus").textContent()).toBe("To the groups");
        await page.keyboard.press("Enter");
        await page.locator("#search").focus();
        await page.keyboard.type("sg-legacy");
        await page.locator("#groups tbody tr:visible .group a").focus();
        await page.keyboard.press("Enter");
        const card = page.locator("#details .card[open]");
        await expect.poll(() => card.count()).toBe(1);
        expect(await card.textContent()).toContain("tcp/80 to everybody");
        expect(await page.locator(":focus").evaluate((at) => at.tagName)).toBe("SUMMARY");
      }),
    60_000,
  );

  it(
    "goes from a group in a picture to its card",
    () =>
      looking(async ({ page }) => {
        await page.locator(".picture a", { hasText: "games" }).click();
        await expect
          .poll(() => page.locator("#details .card[open] strong").textContent())
          .toBe("games");
      }),
    60_000,
  );

  it(
    "opens everything for paper",
    () =>
      looking(async ({ page }) => {
        const open = () => page.locator("#details .card[open]").count();
        await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
        expect(await open()).toBe(12);
        await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
        expect(await open()).toBe(0);
        expect((await page.pdf()).length).toBeGreaterThan(10_000);
      }),
    60_000,
  );

  it.each([
    ["light", 1440],
    ["dark", 1440],
    ["light", 390],
    ["dark", 390],
  ] as const)(
    "has no barriers, and nothing sticks out: %s, %i wide",
    (colorScheme, width) =>
      looking(
        async ({ page }) => {
          await page.locator("#expand").click();
          for (const words of await page.locator("figcaption summary").all()) await words.click();
          expect(await barriersOn(page)).toEqual([]);
          expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
        },
        street,
        { colorScheme, width },
      ),
    60_000,
  );

  it("is whole without scripts", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(street);
    expect(await page.locator("#groups tbody tr:visible").count()).toBe(12);
    expect(await page.locator(".picture svg:visible").count()).toBe(5);
    await context.close();
  }, 60_000);

  it("stays usable with 1,000 groups", async () => {
    const size = {
      groups: 1000,
      rulesPerGroup: 20,
      loadBalancers: 40,
      inBaseline: 0,
      isAdmitted: true,
    };
    const large = survey({ region: "eu-west-1", snapshot: regionOf(size) }, policy);
    const url = await written("large.html", [large]);
    await looking(async ({ page, complaints }) => {
      const ms = await page.evaluate(() => {
        const search = document.querySelector<HTMLInputElement>("#search");
        if (search === null) return NaN;
        const begun = performance.now();
        search.value = "sg-00000000000000320";
        search.dispatchEvent(new Event("input"));
        return performance.now() - begun;
      });
      expect(await page.locator("#count").textContent()).toBe("1 of 1041 groups");
      // A fifth of a second on an idle machine.
      expect(ms).toBeLessThan(4000);
      expect(complaints).toEqual([]);
    }, url);
  }, 180_000);
});
