import { useLines } from "../../survey/evidenceText.ts";
import type { Effect } from "../../survey/effects.ts";
import { type GroupReport, isToChange } from "../../survey/groupReport.ts";
import { byParty, sourceName } from "../../survey/names.ts";
import type { Survey } from "../../survey/survey.ts";
import { counted, someOf } from "../../survey/words.ts";
import { keepOf } from "../../values/exemption.ts";
import type { Finding, Severity } from "../../values/finding.ts";
import { isIn, portsText, type Rule, ruleText } from "../../values/rule.ts";
import { groupAnchor } from "../anchor.ts";
import { html, type Markup, nothing } from "../markup.ts";
import { isQuiet, standingOf, standings } from "../standing.ts";
import { openingDetail, openingText, reachText } from "./words.ts";

/** All that there is to say of one group: what is open and why, its rules before and after, who loses what, the evidence. */
export function group(report: GroupReport, survey: Survey): Markup {
  const anchor = groupAnchor(report, survey);
  const standing = standingOf(report);
  const { name, group: id } = report;
  return html`<details class="card" id="${anchor}" data-part="${anchor}" data-group="${anchor}">
    <summary>
      <span class="badge ${standing}">${standings[standing]}</span>
      <strong>${name === "" ? id : name}</strong> <span class="dim">${id}</span>
      <span class="gist">${gist(report)}</span>
    </summary>
    ${facts(report)} ${openNow(report, survey)} ${rules(report, survey)}
    ${effects("loses", report.loses, report, survey)}
    ${effects("gains", report.gains, report, survey)} ${evidence(report, survey)}
    ${refusals(report)} ${findings(report.findings)}
  </details>`;
}

/** In a line what would become of it. */
function gist(report: GroupReport): string {
  const { add, remove, rules: before } = report;
  if (!isToChange(report)) return isQuiet(report) ? "as it should be" : "nothing would change";
  const parts = [
    [remove.length, "go"],
    [add.length, "come"],
    [before.length - remove.length, "stay"],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return `${said.join(", ")} once enforced`;
}

function facts({ vpc, mode, reach, loadBalancers, attached }: GroupReport): Markup {
  const behind = loadBalancers.map(({ name, ports }) => `${name} on ${ports.join(", ")}`);
  const unserved = attached.filter(({ served }) => !served).map(({ what }) => what);
  return html`<dl class="facts">
    <div>
      <dt>VPC</dt>
      <dd>${vpc ?? "EC2-Classic"}</dd>
    </div>
    <div>
      <dt>Mode</dt>
      <dd>${mode}; ${reachText[reach]}</dd>
    </div>
    <div>
      <dt>Behind</dt>
      <dd>${behind.length === 0 ? "no load balancer" : someOf(behind, 8)}</dd>
    </div>
    <div>
      <dt>Attached to</dt>
      <dd>
        ${counted(attached.length, "interface")}${
          attached.length === 0
            ? ""
            : `: ${someOf(
                attached.map(({ what }) => what),
                8,
              )}`
        }${unserved.length === 0 ? "" : `; behind no load balancer: ${someOf(unserved, 6)}`}
      </dd>
    </div>
  </dl>`;
}

function openNow({ openPorts, group: id }: GroupReport, survey: Survey): Markup {
  if (openPorts.length === 0) return nothing;
  return html`<h3>Who else gets in now</h3>
    <ul class="openings">
      ${openPorts.map(
        (one) =>
          html`<li>
            <b>${openingText(one, survey)}</b> <span class="dim">${openingDetail(one, id)}</span>
          </li>`,
      )}
    </ul>`;
}

const order = ({ protocol, fromPort }: Rule): number => (protocol === "-1" ? -2 : fromPort);

const fates = { goes: "−", comes: "+", stays: "" } as const;

/** More rules than these that stay as they are only hide those that do not: `elb-only plan` says so, too. */
const mostStaying = 12;

/** The rules before and after in one table. */
function rules(report: GroupReport, survey: Survey): Markup {
  const { rules: before, add, remove, group: id } = report;
  const staying = before.filter((rule) => !isIn(remove, rule));
  const isShort = staying.length <= mostStaying;
  const marked = [
    ...remove.map((rule) => ({ rule, fate: "goes" as const })),
    ...add.map((rule) => ({ rule, fate: "comes" as const })),
    ...(isShort ? staying : []).map((rule) => ({ rule, fate: "stays" as const })),
  ].sort((a, b) => order(a.rule) - order(b.rule));
  return html`<h3>Its rules, before and after</h3>
    <div class="scroll" tabindex="0" role="region" aria-label="Rules of ${report.group}">
      <table class="rules">
        <thead>
          <tr>
            <th scope="col">Would</th>
            <th scope="col">Ports</th>
            <th scope="col">From</th>
            <th scope="col">Description</th>
          </tr>
        </thead>
        <tbody>
          ${marked.map(
            ({ rule, fate }) =>
              html`<tr class="${fate}">
                <td>
                  <span aria-hidden="true">${fates[fate]}</span>
                  ${fate === "goes" ? "go" : fate === "comes" ? "come" : "stay"}
                </td>
                <td>${portsText(rule)}</td>
                <td>${sourceName(rule.source, id, survey.before)}</td>
                <td>${rule.description ?? ""}${kept(rule, survey)}</td>
              </tr>`,
          )}${isShort ? nothing : note(`and ${staying.length} that stay as they are`)}${
            before.length + add.length === 0 ? note("There are no inbound rules.") : nothing
          }
        </tbody>
      </table>
    </div>`;
}

const note = (text: string): Markup =>
  html`<tr class="stays">
    <td colspan="4">${text}</td>
  </tr>`;

function kept(rule: Rule, { before }: Survey): Markup {
  const keep = keepOf(rule, before.at);
  return keep.kind === "granted"
    ? html` <span class="chip"
        >kept
        ${keep.until === undefined ? "without an end" : `until ${keep.until}`}${keep.why === "" ? "" : `: ${keep.why}`}</span
      >`
    : nothing;
}

function effects(
  what: "loses" | "gains",
  all: readonly Effect[],
  { group: id, attached }: GroupReport,
  { before }: Survey,
): Markup {
  if (all.length === 0) return nothing;
  return html`<h3>Who ${what} what</h3>
    <ul class="${what}">
      ${byParty(all, id, before).map(
        ([who, traffic, interfaces]) =>
          html`<li>
            <b>${who}</b>:
            ${traffic}${interfaces.length === attached.length ? "" : ` (at ${someOf(interfaces, 3)})`}
          </li>`,
      )}
    </ul>`;
}

function evidence({ uses = [] }: GroupReport, survey: Survey): Markup {
  if (survey.evidence === undefined || uses.length === 0) return nothing;
  const { evidence, before } = survey;
  return html`<h3>Who used what would go, by VPC Flow Logs</h3>
    ${uses.map((use) => {
      const [first = "", ...others] = useLines(use, evidence, before);
      return html`<p class="use ${use.flows > 0 ? "used" : ""}">${first}</p>
        ${
          others.length === 0
            ? nothing
            : html`<ul>
                ${others.map((one) => html`<li>${one}</li>`)}
              </ul>`
        }`;
    })}`;
}

const refusals = ({ refused }: GroupReport): Markup =>
  refused.length === 0
    ? nothing
    : html`<h3>Refused</h3>
        <ul>
          ${refused.map(({ rule, why }) => html`<li><b>${ruleText(rule)}</b> would stay: ${why}</li>`)}
        </ul>`;

const severities: readonly Severity[] = ["high", "medium", "low", "info"];

const findings = (found: readonly Finding[]): Markup =>
  found.length === 0
    ? nothing
    : html`<h3>Findings</h3>
        <ul class="findings">
          ${[...found]
            .sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity))
            .map(
              ({ severity, code, text, next }) =>
                html`<li>
                  <span class="chip ${severity}">${severity}</span> ${text} <code>${code}</code
                  ><br /><span class="dim">Next: ${next}</span>
                </li>`,
            )}
        </ul>`;
