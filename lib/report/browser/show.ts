import { one } from "./dom.ts";

const cardsIn = (selector: string): readonly HTMLDetailsElement[] => [
  ...document.querySelectorAll<HTMLDetailsElement>(selector),
];

/** Opens the card that the address names. */
function openNamed(): void {
  const card = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!(card instanceof HTMLDetailsElement)) return;
  card.open = true;
  card.scrollIntoView();
  card.querySelector("summary")?.focus({ preventScroll: true });
}

export function listenToShow(): void {
  window.addEventListener("hashchange", openNamed);
  openNamed();
  // A link to the card that the address names already.
  document.addEventListener("click", ({ target }) => {
    const link = target instanceof Element ? target.closest("a") : null;
    if (link?.getAttribute("href") === location.hash) openNamed();
  });
  const expand = one("#expand");
  if (expand !== null) {
    expand.hidden = false;
    expand.addEventListener("click", () => {
      const cards = cardsIn("#details > .card:not([hidden])");
      const isOpening = cards.some(({ open }) => !open);
      for (const card of cards) card.open = isOpening;
      expand.textContent = isOpening ? "Close all" : "Open all";
    });
  }
  // On paper nothing can be opened.
  let closed: readonly HTMLDetailsElement[] = [];
  window.addEventListener("beforeprint", () => {
    closed = cardsIn("details:not([open])");
    for (const each of closed) each.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const each of closed) each.open = false;
  });
}

export function listenToTheme(): void {
  const button = one("#theme");
  if (button === null) return;
  const root = document.documentElement;
  const isDark = (): boolean =>
    root.dataset["theme"] === undefined
      ? matchMedia("(prefers-color-scheme: dark)").matches
      : root.dataset["theme"] === "dark";
  const say = (): void => {
    button.textContent = isDark() ? "Light" : "Dark";
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    root.dataset["theme"] = isDark() ? "light" : "dark";
    say();
  });
  say();
}
