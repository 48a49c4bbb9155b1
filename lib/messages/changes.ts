import type { Outcome } from "../values/outcome.ts";
import type { FindingCode } from "../values/finding.ts";
import { overlap } from "../values/portRange.ts";
import { isIn, portsText, type Rule, ruleKey, sourceKey } from "../values/rule.ts";
import type { Cut } from "./truncate.ts";
import type { Section } from "./parts.ts";
import { atMost, oneLine, table } from "./text.ts";

type Mark = "-" | "+" | " ";

interface Line {
  readonly mark: Mark;
  readonly rule: Rule;
}

const marked = (mark: Mark, rules: readonly Rule[]): readonly Line[] =>
  rules.map((rule) => ({ mark, rule }));

const byPorts = (a: Line, b: Line): number => {
  const [first, second] = [a.rule, b.rule];
  const ports = first.fromPort - second.fromPort || first.toPort - second.toPort;
  return (
    compare(first.protocol, second.protocol) ||
    ports ||
    compare(sourceKey(first.source), sourceKey(second.source))
  );
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Every changed rule is worth a line; those that stay are there for orientation. */
function aligned(lines: readonly Line[]): readonly string[] {
  const changed = lines.filter(({ mark }) => mark !== " ").slice(0, 200);
  const staying = lines.filter(({ mark }) => mark === " ");
  const shown = [...changed, ...staying.slice(0, 50)].toSorted(byPorts);
  const left = lines.length - shown.length;
  const rows = shown.map(({ mark, rule }) => [
    mark,
    portsText(rule),
    sourceKey(rule.source),
    oneLine(rule.description ?? ""),
  ]);
  return [...table(rows), ...(left > 0 ? [`  and ${left} more`] : [])];
}

const without = (rules: readonly Rule[], others: readonly Rule[]): readonly Rule[] =>
  rules.filter((rule) => !isIn(others, rule));

/** Each rule once, however often it was removed. */
const distinct = (rules: readonly Rule[]): readonly Rule[] => [
  ...new Map(rules.map((rule) => [ruleKey(rule), rule])).values(),
];

/** What was done to the rules, "-" went, "+" came, among those that stayed; what others did to them meanwhile; and what is still to do. */
export function changes(outcome: Outcome & Cut): readonly Section[] {
  const { before, after, added, removed, remaining, result } = outcome;
  const isCut = outcome.cut?.some((list) => list === "before" || list === "after");
  // What was added and taken back is neither.
  const [gone, come] = [distinct(without(removed, added)), distinct(without(added, removed))];
  const touched = [...added, ...removed];
  const others = [
    ...marked("-", without(without(before, after), touched)),
    ...marked("+", without(without(after, before), touched)),
  ];
  const stayed = without(
    after.filter((rule) => isIn(before, rule)),
    touched,
  );
  const note = isCut ? ["  Too many to show: the rules that stay are left out."] : [];

  if (result === "drift" && touched.length === 0) {
    const staying = stayed.filter((rule) => !isIn(remaining.remove, rule));
    const lines = [
      ...marked("-", remaining.remove),
      ...marked("+", remaining.add),
      ...marked(" ", staying),
    ];
    return [
      {
        title: "Inbound rules: - would go, + would come; nothing was changed",
        lines: [...aligned(lines), ...note],
      },
    ];
  }
  const lines = [...marked("-", gone), ...marked("+", come), ...marked(" ", stayed)];
  const left = [...marked("-", remaining.remove), ...marked("+", remaining.add)];
  const isChanged = gone.length + come.length > 0;
  return [
    {
      title: isChanged ? "Inbound rules: - went, + came" : "Inbound rules, unchanged",
      lines: lines.length > 0 ? [...aligned(lines), ...note] : [],
    },
    { title: "Changed by others meanwhile: - went, + came", lines: isCut ? [] : aligned(others) },
    { title: "Still to do: - should go, + should come", lines: aligned(left) },
  ];
}

/** Why. */
export function reasons(outcome: Outcome): readonly Section[] {
  const { loadBalancers } = outcome;
  return [
    { title: "Why", lines: why(outcome) },
    {
      title: "Load balancers",
      lines: atMost(
        20,
        loadBalancers.map((name) => `  ${oneLine(name)}`),
      ),
    },
  ];
}

/** How far it reaches. */
export function reach({ interfaces }: Outcome): Section {
  const served = interfaces.filter((eni) => eni.served).length;
  const rows = interfaces.map((eni) => [
    eni.interface,
    oneLine(eni.what),
    eni.served ? "served" : "not served",
  ]);
  return {
    title: `Network interfaces that the group is attached to: ${interfaces.length}, ${served} served`,
    lines: atMost(20, table(rows)),
  };
}

const leftAlone: Partial<Readonly<Record<FindingCode, string>>> = {
  kept: "kept",
  "keep-expiring": "kept",
  "self-reference": "the group itself",
  "foreign-source": "groups that cannot be judged",
  "prefix-list-unreadable": "unreadable prefix lists",
};

/** Who may enter besides load balancers. Of a group that no finding names it cannot be said whether it is a load balancer's. */
function exceptions({ findings, after, remaining, governed }: Outcome): readonly string[] {
  const named = findings.flatMap(({ code, rule }) =>
    rule !== undefined && leftAlone[code] !== undefined ? [rule] : [],
  );
  const isGoverned = ({ protocol, fromPort, toPort }: Rule): boolean =>
    governed.some(
      (range) =>
        protocol === "-1" ||
        (protocol === range.protocol && overlap({ from: fromPort, to: toPort }, range)),
    );
  const staying = without(after, [...remaining.remove, ...named]);
  const isAllowed = staying.some((rule) => rule.source.kind !== "group" && isGoverned(rule));
  return [
    ...new Set([
      ...findings.flatMap(({ code }) => leftAlone[code] ?? []),
      ...(isAllowed ? ["allowed"] : []),
    ]),
  ];
}

function why(outcome: Outcome): readonly string[] {
  const { governed, loadBalancers, reach, mode, result } = outcome;
  const ports = governed.map(({ protocol, from, to }) =>
    portsText({ protocol, fromPort: from, toPort: to }),
  );
  const also = exceptions(outcome);
  const entitled =
    also.length > 0
      ? `load balancers, and what is left alone (${also.join(", ")}),`
      : "load balancers";
  const law = ports.length > 0 ? [`  Only ${entitled} may enter ${ports.join(", ")} here.`] : [];
  const reached = {
    govern: [],
    admitOnly: ["  Nothing is removed from this group, only added. The findings say why."],
    handsOff: ["  Nothing is written to this group. The findings say why."],
  };
  const isServed = loadBalancers.length > 0;
  return [
    ...(isServed ? law : []),
    ...reached[reach],
    ...(mode === "audit" && result === "drift" ? howToEnforce : []),
  ];
}

/** The safe way first: the group's own tag lifts what protects interfaces that no load balancer serves. */
const howToEnforce: readonly string[] = [
  "  Nothing was changed: the mode is audit.",
  "  To have it done, make enforce the default mode, or tag this group elb-only=enforce.",
  "  The group's tag goes before the default mode. With elb-only=enforce there, its ports are closed even where the group is",
  "  attached to something that no load balancer serves (a public server, a database).",
];
