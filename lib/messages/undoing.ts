import { begunAt } from "../values/changeId.ts";
import type { Outcome } from "../values/outcome.ts";
import { keepTag, keepUntilTag, loadBalancerTag } from "../values/ownTags.ts";
import { hasPorts, isIn, portsText, type Rule, sourceKey, type Tags } from "../values/rule.ts";
import { days, millis } from "../values/time.ts";
import { awsCommands } from "./awsCommands.ts";
import type { Section } from "./parts.ts";
import { oneLine } from "./text.ts";

const nothing: Section = { title: "", lines: [] };

/** More than this nobody types or pastes. */
const mostRules = 10;

/** The command that takes a change back; undefined: there is nothing to take back, or the journal does not know the change. */
export function undoCommand({ change, region, added, removed }: Outcome): string | undefined {
  const isKnown = change !== undefined && begunAt(change) !== undefined;
  return isKnown && added.length + removed.length > 0
    ? `elb-only undo ${change} --region ${region}`
    : undefined;
}

export function undoSection(outcome: Outcome): Section {
  const command = undoCommand(outcome);
  return command === undefined
    ? nothing
    : {
        title: "To undo it",
        lines: [
          `  ${command}`,
          "  It shows who gets in again and asks; then it holds the group for four hours, so that nobody closes it again meanwhile.",
        ],
      };
}

/** The same without the tool: what was removed comes back as exempt until the end of tomorrow, what stayed of it goes, load balancers stay in. */
export function undoByHand(outcome: Outcome): Section {
  const { group, region, added, removed, at } = outcome;
  const gone = removed.filter((rule) => !isIn(added, rule) && !isOwn(rule));
  if (at === undefined || gone.length === 0 || gone.length > mostRules) return nothing;
  const until = new Date(millis(at) + days(1)).toISOString().slice(0, 10);
  const commands = awsCommands({
    group,
    region,
    add: gone.map((rule) => ({
      ...rule,
      tags: { ...foreignTags(rule.tags), ...exempt(rule, until) },
    })),
    remove: added.filter((rule) => !isIn(removed, rule) && !isOwn(rule)),
  });
  // A command has to say a rule's texts as they are, and nothing in a message may be clicked.
  if (commands.some((one) => oneLine(one, Infinity) !== one)) return nothing;
  return {
    title: `To undo it without the tool; by its tags it stays open until the end of ${until} UTC`,
    lines: commands.map((one) => `  ${one}`),
  };
}

const isOwn = ({ tags }: Rule): boolean => tags[loadBalancerTag] !== undefined;

const foreignTags = (tags: Tags): Tags =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !/^(aws|elb-only):/.test(key)));

/** Only what can be exempt is ever closed: ports, of sources that a tag can name. */
function exempt(rule: Rule, until: string): Tags {
  const ports = rule.protocol === "-1" ? "all" : portsText(rule);
  return hasPorts(rule.protocol) || rule.protocol === "-1"
    ? { [keepTag]: `${ports} ${sourceKey(rule.source)} undone by hand`, [keepUntilTag]: until }
    : {};
}
