import { type GroupReport, isToChange } from "../../survey/groupReport.ts";
import type { Survey } from "../../survey/survey.ts";
import { counted } from "../../survey/words.ts";
import { groupAnchor } from "../anchor.ts";
import { html, between, type Markup, nothing } from "../markup.ts";
import { standingOf, standings } from "../standing.ts";
import { marksOf } from "./numbers.ts";
import { openingText } from "./words.ts";

const columns = [
  ["standing", "Stands"],
  ["group", "Security group"],
  ["open", "Who else gets in"],
  ["balancers", "Load balancers"],
  ["mode", "Mode"],
  ["interfaces", "Interfaces"],
  ["changes", "Would change"],
] as const;

/** Every group in a line: to search, sort and filter. */
export const groupTable = (surveys: readonly Survey[]): Markup =>
  html`<section id="groups" aria-labelledby="groups-title">
    <h2 id="groups-title">Groups</h2>
    <form class="tools" role="search">
      <label
        >Search
        <input
          type="search"
          id="search"
          autocomplete="off"
          spellcheck="false"
          placeholder="name, id, port, address, finding"
      /></label>
      <button type="button" id="clear" class="quiet" hidden>Show all</button>
      <p id="count" role="status"></p>
    </form>
    <div class="scroll" tabindex="0" role="region" aria-label="Table of groups">
      <table>
        <thead>
          <tr>
            ${columns.map(
              ([name, title], place) =>
                html`<th
                  scope="col"
                  class="${name}"
                  ${place === 0 ? html` aria-sort="ascending"` : nothing}
                >
                  <button type="button" data-sort="${name}">${title}</button>
                </th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${surveys.flatMap((survey) => survey.reports.map((report) => row(report, survey, surveys.length > 1)))}
        </tbody>
      </table>
    </div>
  </section>`;

const order = Object.keys(standings);

function row(report: GroupReport, survey: Survey, isOneOfSeveral: boolean): Markup {
  const { group, name, openPorts, loadBalancers, mode, attached, add, remove } = report;
  const standing = standingOf(report);
  const anchor = groupAnchor(report, survey);
  const openings = [...new Set(openPorts.map((one) => openingText(one, survey)))];
  const place = isOneOfSeveral ? ` ${survey.before.account} ${survey.region}` : "";
  const changes = isToChange(report)
    ? [
        remove.length === 0 ? nothing : html`<span class="goes">&minus;${remove.length}</span> `,
        add.length === 0 ? nothing : html`<span class="comes">+${add.length}</span>`,
      ]
    : html`<span class="dim">none</span>`;
  return html`<tr
    id="row-${anchor}"
    data-part="row-${anchor}"
    data-group="${anchor}"
    data-marks="${marksOf(report).join(" ")}"
  >
    <td class="standing" data-value="${order.indexOf(standing)}">
      <span class="badge ${standing}">${standings[standing]}</span>
    </td>
    <th scope="row" class="group">
      <a href="#${anchor}">${name === "" ? group : name}</a>
      <span class="dim">${group}${place}</span>
    </th>
    <td class="open" data-value="${openPorts.length}">
      ${openings.length === 0 ? html`<span class="dim">nobody</span>` : between(openings.slice(0, 3), "<br>")}${openings.length > 3 ? html` <span class="dim">and ${openings.length - 3} more</span>` : nothing}
    </td>
    <td class="balancers">
      ${between(
        loadBalancers.slice(0, 2).map((one) => one.name),
        ", ",
      )}${loadBalancers.length > 2 ? ` and ${loadBalancers.length - 2} more` : ""}
    </td>
    <td class="mode">${mode}</td>
    <td class="interfaces" data-value="${attached.length}">${attached.length}</td>
    <td
      class="changes"
      data-value="${add.length + remove.length}"
      title="${counted(remove.length, "rule")} would go, ${add.length} come"
    >
      ${changes}
    </td>
  </tr>`;
}
