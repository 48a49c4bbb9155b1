import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";

/** Debian's, or the one that CHROMIUM names: none is downloaded. */
const program = [process.env["CHROMIUM"], "/usr/bin/chromium", "/usr/bin/chromium-browser"].find(
  (path) => path !== undefined && existsSync(path),
);

export const hasBrowser = program !== undefined;

/** Where there must be one, its absence is a failure; elsewhere it is said loudly. */
export const mustHaveBrowser = process.env["BROWSER_TESTS"] === "required";

if (!hasBrowser)
  console.error(
    "\n*** NOBODY LOOKS AT THE PAGES: there is no Chromium, so the browser's tests do not run. apt-get install chromium, or set CHROMIUM. ***\n",
  );

// Chromium does not put root into its own sandbox.
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: program ?? "",
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  });

/** A page, and everything that went wrong on it or was asked of others. */
export interface Watched {
  readonly page: Page;
  /** What the console says, errors that nobody caught, dialogs. */
  readonly complaints: readonly string[];
  readonly requests: readonly string[];
}

export async function openPage(
  browser: Browser,
  url: string,
  {
    width = 1440,
    colorScheme = "light",
  }: { readonly width?: number; readonly colorScheme?: "light" | "dark" } = {},
): Promise<Watched> {
  const page = await browser.newPage({
    viewport: { width, height: 900 },
    colorScheme,
    reducedMotion: "reduce",
  });
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on("console", (said) => complaints.push(`${said.type()}: ${said.text()}`));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(url);
  return { page, complaints, requests };
}
