import { all, one } from "./dom.ts";

const sorted = { by: "standing", isDown: true };

const collator = new Intl.Collator("en", { numeric: true });

function valueOf(row: HTMLElement, column: string): string {
  const cell = row.querySelector<HTMLElement>(`.${column}`);
  return cell?.dataset["value"] ?? cell?.textContent ?? "";
}

/** Orders the lines of the table by the column that was chosen. */
export function sort(): void {
  const body = one("#groups tbody");
  if (body === null) return;
  const rows = all("#groups tbody tr").map((row) => ({
    row,
    value: valueOf(row, sorted.by),
  }));
  const sign = sorted.isDown ? 1 : -1;
  body.append(
    ...rows.toSorted((a, b) => sign * collator.compare(a.value, b.value)).map(({ row }) => row),
  );
  for (const head of all("#groups thead th")) {
    const isBy = head.classList.contains(sorted.by);
    if (isBy) head.setAttribute("aria-sort", sorted.isDown ? "ascending" : "descending");
    else head.removeAttribute("aria-sort");
  }
}

export function listenToSort(): void {
  for (const button of all("[data-sort]"))
    button.addEventListener("click", () => {
      const by = button.dataset["sort"] ?? "";
      sorted.isDown = sorted.by === by ? !sorted.isDown : true;
      sorted.by = by;
      sort();
    });
}
