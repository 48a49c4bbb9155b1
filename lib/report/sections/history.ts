import { timeText } from "../../survey/words.ts";
import type { Happening } from "../history.ts";
import { html, type Markup, nothing } from "../markup.ts";

/** What happened, the latest first; left out where nothing is known. */
export const history = (happenings: readonly Happening[]): Markup =>
  happenings.length === 0
    ? nothing
    : html`<section id="history" data-part="history" aria-labelledby="history-title">
        <h2 id="history-title">What happened</h2>
        <ol>
          ${[...happenings]
            .sort((a, b) => (a.at < b.at ? 1 : -1))
            .map(
              ({ at, tone, text, who, exposure }) =>
                html`<li class="${tone}">
                  <time datetime="${at}"
                    >${at.length > 16 ? `${timeText(at).slice(0, 10)} ${at.slice(11, 19)} UTC` : timeText(at)}</time
                  >
                  <span>${text}</span
                  >${exposure === undefined ? nothing : html` <span class="chip">${exposure}</span>`}${who === undefined ? nothing : html` <span class="dim">opened by ${who}</span>`}
                </li>`,
            )}
        </ol>
      </section>`;
