import { awsError, invalidValue } from "../errors.ts";
import type { Operations } from "../operation.ts";
import type { Cloud } from "../state/cloud.ts";
import type { Instance } from "../state/ec2.ts";
import { required, structure, text, texts, type Params } from "../wire/params.ts";
import type { Tree } from "../wire/tree.ts";
import { attachableGroups, groupIdentifiers, instanceById, interfacesOf } from "./lookup.ts";
import { groupSet } from "./trail.ts";

/** What an attribute is until somebody changes it. */
const defaults: Readonly<Record<string, string>> = {
  disableApiTermination: "false",
  disableApiStop: "false",
  ebsOptimized: "false",
  enaSupport: "true",
  instanceInitiatedShutdownBehavior: "stop",
  sourceDestCheck: "true",
};

/** Attributes that are read but not kept here: the instance has none of the thing. */
const empty = new Set(["kernel", "ramdisk", "userData", "sriovNetSupport"]);

const upper = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;

const attributes = [...Object.keys(defaults), "instanceType"];

function read(cloud: Cloud, instance: Instance, attribute: string): Tree {
  switch (attribute) {
    case "groupSet":
      return {
        groupSet: groupIdentifiers(cloud, interfacesOf(cloud, instance.id)[0]?.groups ?? []),
      };
    case "instanceType":
      return { instanceType: { value: instance.type } };
    case "rootDeviceName":
      return { rootDeviceName: { value: "/dev/xvda" } };
    case "blockDeviceMapping":
    case "productCodes":
      return { [attribute]: [] };
    default: {
      const value = instance.attributes?.[attribute] ?? defaults[attribute];
      if (value !== undefined) return { [attribute]: { value } };
      if (empty.has(attribute)) return { [attribute]: {} };
      throw invalidValue(
        `Value (${attribute}) for parameter attribute is invalid. Unknown attribute.`,
      );
    }
  }
}

/** The attribute that a request changes: by its own parameter, or as `Attribute` and `Value`. */
function change(params: Params): readonly [attribute: string, value: string] | undefined {
  for (const attribute of attributes) {
    const given = structure(params, upper(attribute));
    if (given !== undefined) return [attribute, text(given, "Value") ?? ""];
  }
  const [attribute, value] = [text(params, "Attribute"), text(params, "Value")];
  return attribute === undefined || value === undefined ? undefined : [attribute, value];
}

export const instanceAttributes: Operations = {
  DescribeInstanceAttribute: {
    run: (cloud, params) => {
      const instance = instanceById(cloud, required(params, "InstanceId"));
      return { instanceId: instance.id, ...read(cloud, instance, required(params, "Attribute")) };
    },
  },

  /** Groups are those of the primary interface; an instance's type changes only while it is stopped. */
  ModifyInstanceAttribute: {
    run: (cloud, params) => {
      const instance = instanceById(cloud, required(params, "InstanceId"));
      if (params["GroupId"] !== undefined) setGroups(cloud, instance, texts(params, "GroupId"));
      else setAttribute(cloud, instance, change(params));
      return { return: true };
    },
    trail: (params) => {
      const [attribute, value] = change(params) ?? [];
      return {
        instanceId: text(params, "InstanceId"),
        ...(params["GroupId"] === undefined
          ? {}
          : { groupSet: groupSet(texts(params, "GroupId")) }),
        ...(attribute === undefined
          ? {}
          : {
              [attribute]: {
                value: value === "true" || value === "false" ? value === "true" : value,
              },
            }),
      };
    },
  },
};

function setGroups(cloud: Cloud, instance: Instance, groups: readonly string[]): void {
  const [primary] = interfacesOf(cloud, instance.id);
  if (primary === undefined)
    throw awsError("IncorrectInstanceState", "The instance has no network interface.");
  cloud.interfaces.set(primary.id, {
    ...primary,
    groups: attachableGroups(cloud, groups, primary.vpc),
  });
}

function setAttribute(
  cloud: Cloud,
  instance: Instance,
  wanted: readonly [attribute: string, value: string] | undefined,
): void {
  if (wanted === undefined)
    throw awsError("InvalidParameterCombination", "No attributes specified.");
  const [attribute, value] = wanted;
  if (!attributes.includes(attribute))
    throw invalidValue(
      `Value (${attribute}) for parameter attribute is invalid. Unknown attribute.`,
    );
  if (attribute === "instanceType") {
    if (instance.state !== "stopped")
      throw awsError(
        "IncorrectInstanceState",
        `The instance '${instance.id}' is not in the 'stopped' state.`,
      );
    cloud.instances.set(instance.id, { ...instance, type: value });
    return;
  }
  cloud.instances.set(instance.id, {
    ...instance,
    attributes: { ...instance.attributes, [attribute]: value },
  });
}
