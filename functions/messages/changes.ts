import type { Outcome } from "../core/outcome.ts";
import { portsText, type Rule, ruleKey, sourceKey } from "../core/rule.ts";
import type { Cut } from "./fit.ts";
import type { Section } from "./who.ts";
import { atMost, oneLine, table } from "./words.ts";

type Mark = "-" | "+" | " ";

interface Line {
  readonly mark: Mark;
  readonly rule: Rule;
}

const marked = (mark: Mark, rules: readonly Rule[]): readonly Line[] => rules.map((rule) => ({ mark, rule }));

const isIn = (rules: readonly Rule[], rule: Rule): boolean => rules.some((other) => ruleKey(other) === ruleKey(rule));

const byPorts = (a: Line, b: Line): number => {
  const [first, second] = [a.rule, b.rule];
  const ports = first.fromPort - second.fromPort || first.toPort - second.toPort;
  return compare(first.protocol, second.protocol) || ports || compare(sourceKey(first.source), sourceKey(second.source));
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Every changed rule is worth a line; those that stay are there for orientation. */
function aligned(lines: readonly Line[]): readonly string[] {
  const changed = lines.filter(({ mark }) => mark !== " ").slice(0, 200);
  const staying = lines.filter(({ mark }) => mark === " ");
  const shown = [...changed, ...staying.slice(0, 50)].toSorted(byPorts);
  const left = lines.length - shown.length;
  const rows = shown.map(({ mark, rule }) => [mark, portsText(rule), sourceKey(rule.source), oneLine(rule.description ?? "")]);
  return [...table(rows), ...(left > 0 ? [`  and ${left} more`] : [])];
}

/** The rules before and after as one list: "-" went, "+" came; and what is still to do. */
export function changes(outcome: Outcome & Cut): readonly Section[] {
  const { before, after, added, removed, would, result } = outcome;
  const isCut = outcome.cut?.some((list) => list === "before" || list === "after");
  const gone = isCut ? removed : before.filter((rule) => !isIn(after, rule));
  const come = isCut ? added : after.filter((rule) => !isIn(before, rule));
  const stayed = isCut ? [] : after.filter((rule) => isIn(before, rule));
  const note = isCut ? ["  The rules that stay are left out: there are too many."] : [];

  if (result === "drift") {
    const staying = stayed.filter((rule) => !isIn(would.remove, rule));
    const lines = [...marked("-", would.remove), ...marked("+", would.add), ...marked(" ", staying)];
    return [{ title: "Inbound rules: - would go, + would come; nothing was changed", lines: [...aligned(lines), ...note] }];
  }
  const lines = [...marked("-", gone), ...marked("+", come), ...marked(" ", stayed)];
  const left = [...marked("-", would.remove), ...marked("+", would.add)];
  const isChanged = gone.length + come.length > 0;
  return [
    { title: isChanged ? "Inbound rules: - went, + came" : "Inbound rules, unchanged", lines: lines.length > 0 ? [...aligned(lines), ...note] : [] },
    { title: "Still to do: - should go, + should come", lines: aligned(left) },
  ];
}

/** Why, and how far it reaches. */
export function reach(outcome: Outcome): readonly Section[] {
  const { loadBalancers, wearers } = outcome;
  const served = wearers.filter((wearer) => wearer.served).length;
  const rows = wearers.map((wearer) => [wearer.interface, oneLine(wearer.what), wearer.served ? "served" : "not served"]);
  return [
    { title: "Why", lines: why(outcome) },
    {
      title: "Load balancers",
      lines: atMost(
        20,
        loadBalancers.map((name) => `  ${oneLine(name)}`),
      ),
    },
    { title: `Network interfaces that wear the group: ${wearers.length}, ${served} served`, lines: atMost(20, table(rows)) },
  ];
}

function why({ governed, loadBalancers, reach, mode, result }: Outcome): readonly string[] {
  const ports = governed.map(({ protocol, from, to }) => portsText({ protocol, fromPort: from, toPort: to }));
  const law = ports.length > 0 ? [`  Only load balancers may enter ${ports.join(", ")} here.`] : [];
  const reached = {
    govern: [],
    admitOnly: ["  Nothing is removed from this group, only added: see the findings."],
    handsOff: ["  This group is not written to: see the findings."],
  };
  const audit =
    mode === "audit" && result === "drift"
      ? ["  Nothing was changed, since the mode is audit; the tag elb-only=enforce on the group has it done."]
      : [];
  return [...(loadBalancers.length > 0 ? law : []), ...reached[reach], ...audit];
}
