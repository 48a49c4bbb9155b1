import { awsError } from "../errors.ts";
import { account } from "../identities.ts";
import type { Operation, Operations } from "../operation.ts";
import type { Cloud } from "../state/cloud.ts";
import type { EventSourceMapping, FunctionState } from "../state/lambda.ts";
import { structure, structures, text, texts, type Params } from "../wire/params.ts";
import type { Tree } from "../wire/tree.ts";

const arnOf = (cloud: Cloud, name: string): string =>
  `arn:aws:lambda:${cloud.region}:${account}:function:${name}`;

const notFound = (what: string) =>
  awsError("ResourceNotFoundException", `The resource you requested does not exist: ${what}`, 404);

const nameIn = (params: Params): string => text(params, "FunctionName") ?? "";

function mappingOf(cloud: Cloud, params: Params): EventSourceMapping {
  const mapping = cloud.mappings.get(text(params, "UUID") ?? "");
  if (mapping === undefined) throw notFound("event source mapping");
  return mapping;
}

const mappingShape = (cloud: Cloud, one: EventSourceMapping): Tree => ({
  UUID: one.uuid,
  FunctionArn: arnOf(cloud, one.functionName),
  EventSourceArn: one.queueArn,
  State: one.isEnabled ? "Enabled" : "Disabled",
  FunctionResponseTypes: one.responseTypes,
  ...(one.filters.length === 0 ? {} : { FilterCriteria: { Filters: one.filters } }),
});

function setFunction(cloud: Cloud, name: string, changed: FunctionState): void {
  cloud.functions.set(name, { ...cloud.functions.get(name), ...changed });
}

const invokeConfig = (cloud: Cloud, name: string): Tree => ({
  FunctionArn: `${arnOf(cloud, name)}:$LATEST`,
  DestinationConfig: { OnFailure: { Destination: cloud.functions.get(name)?.onFailure } },
});

/** A part of Lambda's control plane, in its REST JSON: what hands queues' messages to functions, and what keeps that from happening. It is kept and shown; the functions go on. */
export const lambdaOperations: Operations = {
  ListEventSourceMappings: {
    run: (cloud, params) => {
      const [name, queue] = [text(params, "FunctionName"), text(params, "EventSourceArn")];
      const found = [...cloud.mappings.values()].filter(
        ({ functionName, queueArn }) =>
          (name === undefined || functionName === name) &&
          (queue === undefined || queueArn === queue),
      );
      return { EventSourceMappings: found.map((one) => mappingShape(cloud, one)) };
    },
  },

  UpdateEventSourceMapping: {
    run: (cloud, params) => {
      const mapping = mappingOf(cloud, params);
      const criteria = structure(params, "FilterCriteria");
      const changed = {
        ...mapping,
        ...(text(params, "Enabled") === undefined
          ? {}
          : { isEnabled: text(params, "Enabled") === "true" }),
        ...("FunctionResponseTypes" in params
          ? { responseTypes: texts(params, "FunctionResponseTypes") }
          : {}),
        ...(criteria === undefined
          ? {}
          : {
              filters: structures(criteria, "Filters").map((one) => ({
                Pattern: text(one, "Pattern"),
              })),
            }),
      };
      cloud.mappings.set(mapping.uuid, changed);
      return mappingShape(cloud, changed);
    },
  },

  DeleteEventSourceMapping: {
    run: (cloud, params) => {
      const mapping = mappingOf(cloud, params);
      cloud.mappings.delete(mapping.uuid);
      return mappingShape(cloud, mapping);
    },
  },

  GetFunctionConcurrency: {
    run: (cloud, params) => ({
      ReservedConcurrentExecutions: cloud.functions.get(nameIn(params))?.reservedConcurrency,
    }),
  },

  PutFunctionConcurrency: {
    run: (cloud, params) => {
      const reservedConcurrency = Number(text(params, "ReservedConcurrentExecutions"));
      setFunction(cloud, nameIn(params), { reservedConcurrency });
      return { ReservedConcurrentExecutions: reservedConcurrency };
    },
  },

  GetFunctionEventInvokeConfig: {
    run: (cloud, params) => {
      if (cloud.functions.get(nameIn(params))?.onFailure === undefined)
        throw notFound("event invoke config");
      return invokeConfig(cloud, nameIn(params));
    },
  },

  PutFunctionEventInvokeConfig: {
    run: (cloud, params) => {
      const onFailure = structure(structure(params, "DestinationConfig") ?? {}, "OnFailure") ?? {};
      setFunction(cloud, nameIn(params), { onFailure: text(onFailure, "Destination") ?? "" });
      return invokeConfig(cloud, nameIn(params));
    },
  },

  DeleteFunctionEventInvokeConfig: {
    run: (cloud, params) => {
      const { onFailure: _, ...rest } = cloud.functions.get(nameIn(params)) ?? {};
      cloud.functions.set(nameIn(params), rest);
      return {};
    },
  },
} satisfies Readonly<Record<string, Operation>>;

/** By method and path, what a request means, and what of the path is a parameter. */
const routes: readonly (readonly [string, RegExp, string])[] = [
  ["GET", /^\/2015-03-31\/event-source-mappings$/, "ListEventSourceMappings"],
  ["PUT", /^\/2015-03-31\/event-source-mappings\/(?<UUID>[^/]+)$/, "UpdateEventSourceMapping"],
  ["DELETE", /^\/2015-03-31\/event-source-mappings\/(?<UUID>[^/]+)$/, "DeleteEventSourceMapping"],
  [
    "GET",
    /^\/2019-09-30\/functions\/(?<FunctionName>[^/]+)\/concurrency$/,
    "GetFunctionConcurrency",
  ],
  [
    "PUT",
    /^\/2017-10-31\/functions\/(?<FunctionName>[^/]+)\/concurrency$/,
    "PutFunctionConcurrency",
  ],
  ...(["GET", "PUT", "DELETE"] as const).map(
    (method) =>
      [
        method,
        /^\/2019-09-25\/functions\/(?<FunctionName>[^/]+)\/event-invoke-config$/,
        `${method.charAt(0)}${method.slice(1).toLowerCase()}FunctionEventInvokeConfig`,
      ] as const,
  ),
];

/** What a request to Lambda means; undefined: it is none. */
export function lambdaRequest(
  method: string,
  url: string,
): { readonly action: string; readonly params: Params } | undefined {
  const { pathname, searchParams } = new URL(url, "http://sandbox.invalid");
  for (const [wanted, pattern, action] of routes) {
    const found = method === wanted ? pattern.exec(decodeURIComponent(pathname)) : null;
    if (found !== null)
      return { action, params: { ...Object.fromEntries(searchParams), ...found.groups } };
  }
  return undefined;
}
