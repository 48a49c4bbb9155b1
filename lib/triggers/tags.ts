import { canaryTag } from "../values/ownTags.ts";
import type { Touched } from "../values/trigger.ts";
import { notOurs, touches, type Call, type Concerns, type Family, type Reading } from "./call.ts";
import { fieldsOf, listOf } from "./fields.ts";
import { groupId, instanceId, is, ruleId } from "./identifiers.ts";
import { markKeys, namesMark, namesOwnTag } from "./marks.ts";
import { absent } from "./pattern.ts";
import { unreadable } from "./unreadable.ts";

/** Modes and exemptions are tags of ours on groups, rules and instances; a managed mark on a group keeps us out of it. */
export const tags: Family = {
  rule: "tags",
  service: "ec2",
  calls: new Map([
    ["CreateTags", tagged],
    ["DeleteTags", tagged],
  ]),
  // No key at all: DeleteTags that takes all tags away, or a request too large to be recorded.
  narrowing: { tagSet: { items: { key: [...markKeys, absent] } } },
};

function tagged(call: Call): Reading {
  const resources = listOf(call.request["resourcesSet"]).map(
    (item) => fieldsOf(item)["resourceId"],
  );
  if (resources.length === 0)
    throw unreadable(
      `requestParameters.resourcesSet of ${call.event} must list resources`,
      call.request["resourcesSet"],
    );
  const keys = listOf(call.request["tagSet"]).map((tag) => fieldsOf(tag)["key"]);
  const reading = changedTags(keys, (isOwn) => resources.flatMap((id) => taggable(id, isOwn)));
  return reading.kind === "notOurs" && keys.includes(canaryTag) ? { kind: "canary" } : reading;
}

/** What a change of these tags means; `touchedBy` says which of the tagged things concern us, by tags of ours or only by others that we act on. */
export function changedTags(
  keys: readonly unknown[],
  touchedBy: (isOwn: boolean) => readonly Touched[],
): Concerns {
  if (!namesMark(keys)) return notOurs("none of the tags is ours");
  const touched = touchedBy(namesOwnTag(keys));
  return touched.length > 0 ? touches(touched) : notOurs("tags of nothing that we read tags of");
}

/** What of EC2's concerns us by its tags. */
export function taggable(id: unknown, isOwn: boolean): readonly Touched[] {
  if (is(groupId, id)) return [{ kind: "group", group: id }];
  if (!isOwn) return [];
  if (is(ruleId, id)) return [{ kind: "rule", rule: id }];
  return is(instanceId, id) ? [{ kind: "instance", instance: id }] : [];
}
