import { all, one } from "./dom.ts";
import { find, forgetTexts } from "./find.ts";
import { sort } from "./sort.ts";

interface Update {
  readonly main: string;
  readonly news: string;
}

/** So long a state is shown at least: a hole that is closed in a moment would not be seen. */
const leastMs = 1600;
/** Whoever is far behind catches up. */
const patientUntil = 6;

/** Shows each state that the server tells of, one after the other. */
export function listenToServer(): void {
  if (document.documentElement.dataset["live"] === undefined) return;
  const waiting: Update[] = [];
  let isShowing = false;
  const next = (): void => {
    const update = waiting.shift();
    isShowing = update !== undefined;
    if (update === undefined) return;
    show(update);
    setTimeout(next, waiting.length > patientUntil ? leastMs / 4 : leastMs);
  };
  const server = new EventSource("events");
  server.addEventListener("update", ({ data }: MessageEvent<string>) => {
    waiting.push(JSON.parse(data) as Update);
    if (!isShowing) next();
  });
  server.addEventListener("open", () => say("#live", "live"));
  server.addEventListener("error", () => say("#live", "it has stopped"));
  document.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLElement>("[data-try]") : null;
    if (button !== null) void attempt(button);
  });
}

function say(selector: string, text: string): void {
  const place = one(selector);
  if (place !== null && place.textContent !== text) place.textContent = text;
}

async function attempt(button: HTMLElement): Promise<void> {
  const answer = await fetch(`try/${button.dataset["try"] ?? ""}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  }).catch((error: unknown) => error);
  if (answer instanceof Response && answer.ok) return;
  say(
    "#news",
    answer instanceof Response ? await answer.text() : "There is no answer: it has stopped.",
  );
}

/** Puts in place what is different, and leaves alone what is not: what is open, focused or typed stays so. */
function show({ main, news }: Update): void {
  const fresh = new DOMParser().parseFromString(main, "text/html");
  for (const part of all("[data-part]", fresh)) {
    const name = part.dataset["part"] ?? "";
    const old = document.querySelector<HTMLElement>(`[data-part="${CSS.escape(name)}"]`);
    if (old === null) place(part, fresh);
    else replace(old, part);
  }
  for (const old of all("main [data-part]"))
    if (fresh.querySelector(`[data-part="${CSS.escape(old.dataset["part"] ?? "")}"]`) === null)
      old.remove();
  forgetTexts();
  sort();
  find();
  say("#news", news);
}

/** As it was written: what was opened, hidden or marked here is no difference. */
function written(element: HTMLElement): string {
  const copy = element.cloneNode(true) as HTMLElement;
  for (const each of [copy, ...all("*", copy)]) {
    for (const name of ["open", "hidden"]) each.removeAttribute(name);
    each.classList.remove("changed");
    if (each.hasAttribute("aria-pressed")) each.setAttribute("aria-pressed", "false");
    if (each.className === "") each.removeAttribute("class");
  }
  return copy.outerHTML.replaceAll(' class=""', "");
}

function replace(old: HTMLElement, part: HTMLElement): void {
  if (written(old) === written(part)) return;
  const made = document.importNode(part, true);
  if (old instanceof HTMLDetailsElement && made instanceof HTMLDetailsElement) made.open = old.open;
  const focused = old.contains(document.activeElement) ? pathTo(old, document.activeElement) : [];
  made.classList.add("changed");
  old.replaceWith(made);
  const again = focused.reduce<Element | undefined>((at, place) => at?.children[place], made);
  if (focused.length > 0 && again instanceof HTMLElement) again.focus({ preventScroll: true });
}

/** Which child of which child it is. */
function pathTo(from: Element, to: Element | null): readonly number[] {
  const path: number[] = [];
  for (let at = to; at !== null && at !== from; at = at.parentElement)
    path.unshift([...(at.parentElement?.children ?? [])].indexOf(at));
  return path;
}

/** Behind the part that stands before it there, or in the same section. */
function place(part: HTMLElement, fresh: Document): void {
  const made = document.importNode(part, true);
  made.classList.add("changed");
  const before = part.previousElementSibling;
  const known = before?.id ? document.getElementById(before.id) : null;
  const home = part.closest("[id]:not([data-part])")?.id ?? "main";
  if (known !== null) known.after(made);
  else if (part.matches("tr")) one("#groups tbody")?.append(made);
  else (document.getElementById(home) ?? fresh.body).append(made);
}
