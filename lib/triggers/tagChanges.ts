import type { Parsed, Touched } from "../values/trigger.ts";
import { listOf, textOf, timeOf, type Fields } from "./fields.ts";
import { is, loadBalancerArn, loadBalancerName } from "./identifiers.ts";
import { markKeys } from "./marks.ts";
import type { EventPattern } from "./pattern.ts";
import { changedTags, taggable } from "./tags.ts";
import { unreadable } from "./unreadable.ts";

/** EventBridge's own event of a changed tag, whichever API changed it. */
export const tagChange = { source: "aws.tag", detailType: "Tag Change on Resource" } as const;

/** Not narrowed to types of resources: one that is spelled otherwise than we think would be missed silently. */
export const tagChangePattern: EventPattern = {
  source: [tagChange.source],
  "detail-type": [tagChange.detailType],
  detail: { service: ["ec2", "elasticloadbalancing"], "changed-tag-keys": markKeys },
};

/** The resources are ARNs. Nobody is named in it; where CloudTrail's event of the call comes too, that one says who. */
export function tagChangeOf(detail: Fields, event: Fields): Parsed {
  const eventId = textOf(event["id"]);
  if (eventId === undefined) throw unreadable("id of a tag change must be text", event["id"]);
  const reading = changedTags(listOf(detail["changed-tag-keys"]), (isOwn) =>
    listOf(event["resources"]).flatMap((arn) => touchedBy(arn, isOwn)),
  );
  if (reading.kind === "notOurs") return reading;
  const at = timeOf(event["time"]);
  return {
    kind: "trigger",
    trigger: {
      event: tagChange.detailType,
      eventId,
      ...(at === undefined ? {} : { at }),
      actor: { principal: "unknown" },
      touched: reading.touched,
      rules: [],
    },
  };
}

function touchedBy(arn: unknown, isOwn: boolean): readonly Touched[] {
  const [, , service, , , ...rest] = (textOf(arn) ?? "").split(":");
  const [type, ...names] = rest.join(":").split("/");
  const [name = ""] = names;
  if (service === "ec2") return taggable(name, isOwn);
  if (!isOwn || type !== "loadbalancer") return [];
  if (is(loadBalancerArn, arn)) return [{ kind: "loadBalancer", arn }];
  return names.length === 1 && is(loadBalancerName, name)
    ? [{ kind: "classicLoadBalancer", name }]
    : [];
}
