import { DescribeTagsCommand, type EC2Client } from "@aws-sdk/client-ec2";
import type { Tags } from "../../values/rule.ts";
import type { InstanceId } from "../../values/snapshot.ts";
import { isNotFound } from "../api/errors.ts";
import { everyPage, filtered, inLots, sideBySide } from "../api/paging.ts";

/** Tags as every AWS service lists them, by key. */
export const tagsOf = (
  tags:
    | readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[]
    | undefined,
): Tags =>
  Object.fromEntries(
    (tags ?? []).flatMap(({ Key, Value }) => (Key === undefined ? [] : [[Key, Value ?? ""]])),
  );

/** ELB's way to tags: 20 load balancers a call. One that has gone meanwhile fails the call for all; then each is asked for alone, and it has none. */
export async function readTagsInLots<Id extends string>(
  ids: Iterable<Id>,
  describe: (lot: Id[]) => Promise<readonly (readonly [Id, Tags])[]>,
): Promise<ReadonlyMap<Id, Tags>> {
  const orGone = async (lot: readonly Id[]): Promise<readonly (readonly [Id, Tags])[]> => {
    try {
      return await describe([...lot]);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      return lot.length === 1 ? [] : (await sideBySide(lot, 4, (id) => orGone([id]))).flat();
    }
  };
  return new Map((await sideBySide(inLots(ids, 20), 4, orGone)).flat());
}

/** The Auto Scaling group of each instance that is in one. Tags are the cheapest way to know: only those asked for come back. */
export async function readAutoScalingGroups(
  ec2: EC2Client,
  instances: Iterable<InstanceId>,
): Promise<ReadonlyMap<InstanceId, string>> {
  const tags = await filtered(instances, (some) => {
    const Filters = [
      { Name: "resource-type", Values: ["instance"] },
      { Name: "key", Values: ["aws:autoscaling:groupName"] },
      { Name: "resource-id", Values: some },
    ];
    return everyPage(
      "ec2:DescribeTags",
      (NextToken) => ec2.send(new DescribeTagsCommand({ Filters, MaxResults: 1000, NextToken })),
      (page) => page.Tags,
    );
  });
  return new Map(
    tags.flatMap(({ ResourceId, Value }) =>
      ResourceId && Value ? [[ResourceId, Value] as const] : [],
    ),
  );
}
