import { modeTag } from "../values/ownTags.ts";
import type { Touched } from "../values/trigger.ts";
import { notOurs, touches, type Call, type Family } from "./call.ts";
import { fieldsOf, listOf } from "./fields.ts";
import { groupId, instanceId, is, ruleId } from "./identifiers.ts";
import { absent } from "./pattern.ts";
import { unreadable } from "./unreadable.ts";

/** How patterns ask for our tags. No key at all: DeleteTags that takes all tags away, or a request too large to be recorded. */
export const ourKeys = [{ prefix: modeTag }, absent] as const;

/** Modes and exemptions are tags of ours on groups, rules and instances. */
export const tags: Family = {
  rule: "tags",
  service: "ec2",
  calls: new Map([
    ["CreateTags", tagged],
    ["DeleteTags", tagged],
  ]),
  narrowing: { tagSet: { items: { key: ourKeys } } },
};

/** Does a call that tags concern us? One that names no key takes away all tags (DeleteTags), ours among them. */
export const concernsUs = (keys: readonly unknown[]): boolean =>
  keys.length === 0 || keys.some((key) => typeof key === "string" && key.startsWith(modeTag));

function tagged(call: Call) {
  const resources = listOf(call.request["resourcesSet"]).map(
    (item) => fieldsOf(item)["resourceId"],
  );
  if (resources.length === 0)
    throw unreadable(
      `requestParameters.resourcesSet of ${call.event} must list resources`,
      call.request["resourcesSet"],
    );
  if (!concernsUs(listOf(call.request["tagSet"]).map((tag) => fieldsOf(tag)["key"])))
    return notOurs("none of the tags is ours");
  const touched = resources.flatMap(taggable);
  return touched.length > 0 ? touches(touched) : notOurs("tags of nothing that we read tags of");
}

function taggable(id: unknown): readonly Touched[] {
  if (is(groupId, id)) return [{ kind: "group", group: id }];
  if (is(ruleId, id)) return [{ kind: "rule", rule: id }];
  return is(instanceId, id) ? [{ kind: "instance", instance: id }] : [];
}
