import { counted, timeText } from "../../survey/words.ts";
import { exposureText, type Happening, secondsText } from "../history.ts";
import { html, type Markup, nothing } from "../markup.ts";

/** More happenings than these hide the latest. */
const mostHappenings = 200;

/** What happened, the latest first; left out where nothing is known. */
export function history(happenings: readonly Happening[]): Markup {
  if (happenings.length === 0) return nothing;
  const latest = [...happenings].sort((a, b) => (a.at < b.at ? 1 : -1));
  const older = latest.length - mostHappenings;
  return html`<section id="history" data-part="history" aria-labelledby="history-title">
    <h2 id="history-title">What happened</h2>
    ${summary(happenings)}
    <ol>
      ${latest.slice(0, mostHappenings).map(item)}
    </ol>
    ${older > 0 ? html`<p class="dim">and ${counted(older, "older one")}</p>` : nothing}
  </section>`;
}

/** How often something was closed, and how long it had been open. */
function summary(happenings: readonly Happening[]): Markup {
  const closed = happenings.filter(({ tone }) => tone === "closed");
  const known = closed.flatMap(({ exposedSeconds }) => exposedSeconds ?? []).sort((a, b) => a - b);
  if (known.length === 0) return nothing;
  const [middle = 0, longest = 0] = [known[Math.floor((known.length - 1) / 2)], known.at(-1)];
  const times = closed.length === 1 ? "once" : `${closed.length} times`;
  const half = known.length > 1 ? `, half of the times for ${secondsText(middle)} or less` : "";
  return html`<p>
    Closed ${times}; where it is known, it had been open for ${secondsText(longest)} at most${half}.
  </p>`;
}

const secondText = (at: string): string => `${at.slice(0, 10)} ${at.slice(11, 19)} UTC`;

const item = ({ at, tone, text, who, exposedSeconds }: Happening): Markup =>
  html`<li class="${tone}">
    <time datetime="${at}">${at.length > 16 ? secondText(at) : timeText(at)}</time>
    <span>${text}</span>
    ${
      exposedSeconds === undefined
        ? nothing
        : html`<span class="chip">${exposureText(exposedSeconds)}</span>`
    }
    ${who === undefined ? nothing : html`<span class="dim">opened by ${who}</span>`}
  </li>`;
