import { createHash } from "node:crypto";
import { headline, policyText, stillOpenText } from "../survey/headline.ts";
import { limitsLines } from "../survey/evidenceText.ts";
import { type Survey, totalsOf } from "../survey/survey.ts";
import { counted, timeText } from "../survey/words.ts";
import type { Policy } from "../values/policy.ts";
import type { Happening } from "./history.ts";
import { html, type Markup, nothing } from "./markup.ts";
import { pageScript, pageStyle } from "./pageAssets.ts";
import { arrowHeads, drawing } from "./picture/drawing.ts";
import { layOut } from "./picture/layout.ts";
import { graphsOf } from "./picture/pictures.ts";
import { group } from "./sections/group.ts";
import { history } from "./sections/history.ts";
import { numbers } from "./sections/numbers.ts";
import { groupTable } from "./sections/table.ts";
import { isQuiet, standingOf, standings } from "./standing.ts";

/** Something to try on the live page. */
export interface Try {
  readonly id: string;
  readonly title: string;
}

export interface PageFacts {
  readonly policy: Policy;
  /** When the page is made: ISO 8601, UTC. */
  readonly made: string;
  readonly version: string;
  readonly history: readonly Happening[];
  /** A page that is served on loopback and shows what happens as it happens. */
  readonly live?: { readonly tries: readonly Try[] };
}

/** The whole page, in one file that asks nobody for anything. */
export async function pageOf(surveys: readonly Survey[], facts: PageFacts): Promise<string> {
  const { live } = facts;
  const page = html`<!doctype html>
    <html lang="en" ${live === undefined ? nothing : html` data-live`}>
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policyFor(live !== undefined)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>elb-only: who gets in beside the load balancers</title>
        <link rel="icon" href="data:," />
        ${inline("style", pageStyle)}
      </head>
      <body>
        <a class="skip" href="#groups">To the groups</a>
        ${arrowHeads}
        <header>
          <p class="brand">
            elb-only${live === undefined ? nothing : html` <span id="live" class="badge" role="status">live</span>`}
          </p>
          <h1>Are back ends reachable only through their load balancers?</h1>
          <button type="button" id="theme" class="quiet" hidden>Dark</button>
        </header>
        ${tries(live)} ${await mainOf(surveys, facts)}
        <footer>
          <p>
            Made by elb-only ${facts.version}, ${timeText(facts.made)}.
            ${live === undefined ? "Making this page changed nothing." : "It shows the AWS on this machine."}
            Security groups alone: a network ACL, a route or a firewall on the machine may still
            stop a packet.
          </p>
        </footer>
        ${inline("script", pageScript)}
      </body>
    </html>`;
  return `${page.html}\n`;
}

/** Nothing is loaded from anywhere, and no script or style runs but the page's own two. */
const policyFor = (isLive: boolean): string =>
  [
    "default-src 'none'",
    `script-src '${hashOf(pageScript)}'`,
    `style-src '${hashOf(pageStyle)}'`,
    "img-src data:",
    ...(isLive ? ["connect-src 'self'"] : []),
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");

const hashOf = (text: string): string =>
  `sha256-${createHash("sha256").update(text).digest("base64")}`;

/** Exactly as it was hashed. */
const inline = (name: "script" | "style", text: string): Markup => ({
  html: `<${name}>${text}</${name}>`,
});

const tries = (live: PageFacts["live"]): Markup =>
  live === undefined
    ? nothing
    : html`<aside id="tries" aria-label="Try it">
        <p><strong>Try it.</strong> Do what people do, and watch what becomes of it:</p>
        <p>
          ${live.tries.map(({ id, title }) => html`<button type="button" data-try="${id}">${title}</button> `)}
        </p>
        <p id="news" role="status"></p>
      </aside>`;

/** All that changes while a page is watched. */
export async function mainOf(surveys: readonly Survey[], facts: PageFacts): Promise<Markup> {
  const totals = totalsOf(surveys);
  const still = stillOpenText(totals);
  const reports = surveys.flatMap((one) => one.reports);
  return html`<main id="main">
    <section id="verdict" data-part="verdict" aria-label="In short">
      <p class="places">
        ${surveys.map(
          ({ before, region, reports: own }) =>
            html`<span
              >${before.account} ${region}, read ${timeText(before.at)}:
              ${counted(own.length, "security group")} behind load balancers</span
            > `,
        )}
      </p>
      <p class="verdict">${headline(totals)}</p>
      ${still === "" ? nothing : html`<p class="harm">${still}</p>`} ${gaps(surveys)}
      <p class="dim">Policy: ${policyText(facts.policy)}.</p>
    </section>
    ${numbers(reports)} ${await pictures(surveys)} ${history(facts.history)} ${groupTable(surveys)}
    ${details(surveys)} ${limits(surveys)}
  </main>`;
}

function gaps(surveys: readonly Survey[]): Markup {
  const all = surveys.flatMap(({ before }) => before.gaps);
  return all.length === 0
    ? nothing
    : html`<div class="harm">
        <p>Not everything could be read, so nothing would be removed where it matters:</p>
        <ul>
          ${all.map((one) => html`<li>${one}</li>`)}
        </ul>
      </div>`;
}

/** More pictures than these only hide the first ones. */
const mostPictures = 8;

async function pictures(surveys: readonly Survey[]): Promise<Markup> {
  const drawn: Markup[] = [];
  for (const survey of surveys) {
    const graphs = graphsOf(survey);
    const layouts = await layOut(graphs);
    for (const [place, graph] of graphs.entries()) {
      const layout = layouts[place];
      if (layout !== undefined) drawn.push(drawing(graph, layout, survey));
    }
  }
  if (drawn.length === 0)
    return html`<section id="pictures" data-part="pictures">
      <p class="dim">No load balancer sends traffic to anything here.</p>
    </section>`;
  const rest = drawn.slice(mostPictures);
  return html`<section id="pictures" data-part="pictures" aria-labelledby="pictures-title">
    <h2 id="pictures-title">Who reaches whom</h2>
    <ul class="legend">
      <li class="internet">the internet gets in</li>
      <li class="others">others get in</li>
      <li class="exempt">exempt: somebody said that it may stay</li>
      <li class="serves">a load balancer gets in</li>
    </ul>
    ${drawn.slice(0, mostPictures)}
    ${
      rest.length === 0
        ? nothing
        : html`<details class="more">
            <summary>${counted(rest.length, "more picture")}</summary>
            ${rest}
          </details>`
    }
  </section>`;
}

const order = Object.keys(standings);

/** Every group in full, the worst first. */
function details(surveys: readonly Survey[]): Markup {
  const all = surveys
    .flatMap((survey) => survey.reports.map((report) => ({ report, survey })))
    .sort(
      (a, b) =>
        Number(isQuiet(a.report)) - Number(isQuiet(b.report)) ||
        order.indexOf(standingOf(a.report)) - order.indexOf(standingOf(b.report)),
    );
  return html`<section id="details" aria-labelledby="details-title">
    <h2 id="details-title">Before and after, group by group</h2>
    <p class="tools"><button type="button" id="expand" class="quiet" hidden>Open all</button></p>
    ${all.map(({ report, survey }) => group(report, survey))}
  </section>`;
}

function limits(surveys: readonly Survey[]): Markup {
  const lines = surveys.flatMap(({ evidence }) =>
    evidence === undefined ? [] : limitsLines(evidence),
  );
  return lines.length === 0
    ? nothing
    : html`<section id="limits" aria-labelledby="limits-title">
        <h2 id="limits-title">What the evidence cannot show</h2>
        <ul>
          ${[...new Set(lines)].map((one) => html`<li>${one}</li>`)}
        </ul>
      </section>`;
}
