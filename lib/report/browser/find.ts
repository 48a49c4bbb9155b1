import { all, one } from "./dom.ts";

const wanted = { text: "", mark: "" };

/** What is to be found in a group: all its text, read once and kept. */
const texts = new Map<string, string>();

/** After an update of the page. */
export const forgetTexts = (): void => texts.clear();

function textOf(group: string): string {
  const known = texts.get(group);
  if (known !== undefined) return known;
  const text = [document.getElementById(`row-${group}`), document.getElementById(group)]
    .map((part) => part?.textContent ?? "")
    .join(" ")
    .toLowerCase();
  texts.set(group, text);
  return text;
}

/** Shows the groups that fit what is searched and filtered: their lines, cards and pictures. */
export function find(): void {
  const words = wanted.text.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = new Set<string>();
  const rows = all("#groups tbody tr");
  for (const row of rows) {
    const group = row.dataset["group"] ?? "";
    const isMarked =
      wanted.mark === "" || (row.dataset["marks"] ?? "").split(" ").includes(wanted.mark);
    const fits = isMarked && words.every((word) => textOf(group).includes(word));
    row.hidden = !fits;
    if (fits) shown.add(group);
  }
  for (const card of all("#details > .card")) card.hidden = !shown.has(card.dataset["group"] ?? "");
  for (const picture of all(".picture"))
    picture.hidden = !(picture.dataset["groups"] ?? "")
      .split(" ")
      .some((group) => shown.has(group));
  for (const button of all("[data-filter]"))
    button.setAttribute("aria-pressed", String(button.dataset["filter"] === wanted.mark));
  const isAll = words.length === 0 && wanted.mark === "";
  const count = one("#count");
  if (count !== null)
    count.textContent = isAll ? `${rows.length} groups` : `${shown.size} of ${rows.length} groups`;
  const clear = one("#clear");
  if (clear !== null) clear.hidden = isAll;
}

export function listenToSearch(): void {
  const search = document.querySelector<HTMLInputElement>("#search");
  search?.addEventListener("input", () => {
    wanted.text = search.value;
    find();
  });
  search?.form?.addEventListener("submit", (event) => event.preventDefault());
  one("#clear")?.addEventListener("click", () => {
    wanted.text = "";
    wanted.mark = "";
    if (search !== null) search.value = "";
    find();
    search?.focus();
  });
  document.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLElement>("[data-filter]") : null;
    const mark = button?.dataset["filter"];
    if (mark === undefined) return;
    wanted.mark = wanted.mark === mark ? "" : mark;
    find();
  });
}
