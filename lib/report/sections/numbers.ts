import type { GroupReport } from "../../survey/groupReport.ts";
import { html, type Markup } from "../markup.ts";
import { isExempt, isLeftOpen, standingAfter, standingOf, toneOf } from "../standing.ts";

/** What a group counts as, in the numbers and for the filter; a group may be several. */
export type Mark = "internet" | "others" | "protected" | "audited" | "refused" | "exempt";

export const marksOf = (report: GroupReport): readonly Mark[] => {
  const standing = standingOf(report);
  return [
    ...(standing === "internet" || standing === "others" || standing === "protected"
      ? [standing]
      : []),
    ...(report.mode === "audit" ? (["audited"] as const) : []),
    ...(isLeftOpen(report) ? (["refused"] as const) : []),
    ...(report.openPorts.some(({ because }) => isExempt(because)) ? (["exempt"] as const) : []),
  ];
};

/** What each number counts. */
const marks: Readonly<Record<Mark, string>> = {
  internet: "Open to the internet",
  others: "Open to others",
  refused: "Refused",
  exempt: "Exempt",
  audited: "Audited",
  protected: "Protected",
};

/** The numbers that matter, the harm first; each is a filter of the table. */
export function numbers(reports: readonly GroupReport[]): Markup {
  const marked = reports.map((report) => ({ report, own: marksOf(report) }));
  const under = (mark: Mark): readonly GroupReport[] =>
    marked.filter(({ own }) => own.includes(mark)).map(({ report }) => report);
  return html`<section id="numbers" data-part="numbers" aria-label="The numbers that matter">
    ${Object.entries(marks).map(([mark, title]) => {
      const some = under(mark as Mark);
      return html`<button
        type="button"
        class="number ${mark} ${some.length === 0 ? "none" : ""}"
        data-filter="${mark}"
        aria-pressed="false"
      >
        <span class="count">${some.length.toLocaleString("en")}</span>
        <span class="what">${title}</span>
        <span class="more">${remark(mark as Mark, reports)}</span>
      </button>`;
    })}
  </section>`;
}

function remark(mark: Mark, all: readonly GroupReport[]): string {
  switch (mark) {
    case "internet": {
      const after = all.filter((one) => standingAfter(one) === "internet").length;
      const exempt = all.filter(({ openPorts }) =>
        openPorts.some((one) => one.isPublic && toneOf(one) === "exempt"),
      ).length;
      return [
        `${after} once all are enforced`,
        ...(exempt === 0 ? [] : [`${exempt} more by exemption`]),
      ].join("; ");
    }
    case "others": {
      const after = all.filter((one) => standingAfter(one) === "others").length;
      return `${after} once all are enforced`;
    }
    case "refused":
      return "open, and elb-only would not close it";
    case "exempt":
      return "somebody said that it may stay";
    case "audited":
      return "looked at, not written to";
    case "protected":
      return "enforced, and only load balancers get in";
  }
}
