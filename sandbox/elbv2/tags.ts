import type { Cloud } from "../state/cloud.ts";
import { awsError } from "../errors.ts";
import type { Operations } from "../operation.ts";
import { texts, type Params } from "../wire/params.ts";
import { readTags, tagShapes, validation } from "../elb/lookup.ts";
import { elbTrail } from "../elb/trail.ts";

const notFound: Readonly<Record<string, string>> = {
  loadbalancer: "LoadBalancerNotFound",
  targetgroup: "TargetGroupNotFound",
  listener: "ListenerNotFound",
  "listener-rule": "RuleNotFound",
};

/** ARNs of a request, twenty at most, all of which exist, with their tags. */
function tagged(
  cloud: Cloud,
  params: Params,
): readonly (readonly [string, ReadonlyMap<string, string>])[] {
  const arns = texts(params, "ResourceArns");
  if (arns.length < 1 || arns.length > 20)
    throw validation("At least 1 and up to 20 resource ARNs must be specified");
  return arns.map((arn) => {
    const tags = cloud.v2.tags.get(arn);
    const kind = arn.split(":")[5]?.split("/")[0] ?? "";
    if (tags === undefined)
      throw awsError(notFound[kind] ?? "ResourceNotFound", `'${arn}' not found`);
    return [arn, tags];
  });
}

export const v2TagOperations: Operations = {
  AddTags: {
    run: (cloud, params) => {
      for (const [arn, held] of tagged(cloud, params))
        cloud.v2.tags.set(arn, readTags(params, held));
      return {};
    },
    trail: elbTrail,
  },

  RemoveTags: {
    run: (cloud, params) => {
      const doomed = texts(params, "TagKeys");
      for (const [arn, held] of tagged(cloud, params))
        cloud.v2.tags.set(arn, new Map([...held].filter(([key]) => !doomed.includes(key))));
      return {};
    },
    trail: elbTrail,
  },

  DescribeTags: {
    run: (cloud, params) => ({
      TagDescriptions: tagged(cloud, params).map(([ResourceArn, tags]) => ({
        ResourceArn,
        Tags: tagShapes(tags),
      })),
    }),
  },
};
