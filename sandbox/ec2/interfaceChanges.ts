import { awsError, invalidValue } from "../errors.ts";
import { account } from "../identities.ts";
import type { Operations } from "../operation.ts";
import type { Cloud } from "../state/cloud.ts";
import type { NetworkInterface } from "../state/ec2.ts";
import { flag, integer, required, structure, structures, text, texts } from "../wire/params.ts";
import type { Params } from "../wire/params.ts";
import type { Tree } from "../wire/tree.ts";
import { claimAddress, takeAddress } from "./addresses.ts";
import { interfaceShape } from "./interfaces.ts";
import {
  attachableGroups,
  defaultGroup,
  instanceById,
  interfaceById,
  interfacesOf,
  subnetOf,
} from "./lookup.ts";
import { setTags, specificationTrail, specifiedTags } from "./tags.ts";
import { groupSet, itemSet } from "./trail.ts";

export const interfaceChanges: Operations = {
  CreateNetworkInterface: {
    run: (cloud, params) => {
      const made = create(cloud, params);
      return { networkInterface: { ...interfaceShape(cloud, made), status: "pending" } };
    },
    trail: (params) => ({
      subnetId: text(params, "SubnetId"),
      description: text(params, "Description") ?? "",
      privateIpAddress: text(params, "PrivateIpAddress"),
      groupSet: groupSet(texts(params, "SecurityGroupId")),
      privateIpAddressesSet: itemSet(
        structures(params, "PrivateIpAddresses").map((one) => ({
          privateIpAddress: text(one, "PrivateIpAddress"),
          primary: flag(one, "Primary"),
        })),
      ),
      ipv6AddressCount: 0,
      ...specificationTrail(params),
    }),
  },

  AttachNetworkInterface: {
    run: (cloud, params) => {
      const eni = interfaceById(cloud, required(params, "NetworkInterfaceId"));
      const instance = instanceById(cloud, required(params, "InstanceId"));
      const device = Number(required(params, "DeviceIndex"));
      if (eni.attachment !== undefined)
        throw awsError("InvalidParameterValue", `Interface: [${eni.id}] in use.`);
      if (interfacesOf(cloud, instance.id).some(({ attachment }) => attachment?.device === device))
        throw invalidValue(
          `Instance '${instance.id}' already has an interface attached at device index '${device}'.`,
        );
      if (cloud.subnets.get(instance.subnet)?.zone !== eni.zone)
        throw awsError(
          "InvalidParameterCombination",
          "You may not attach a network interface to an instance if they are not in the same availability zone",
        );
      const id = cloud.ids.next("eni-attach");
      cloud.interfaces.set(eni.id, {
        ...eni,
        attachment: {
          id,
          instance: instance.id,
          owner: account,
          device,
          deleteOnTermination: false,
        },
      });
      return { attachmentId: id };
    },
    trail: (params) => ({
      networkInterfaceId: text(params, "NetworkInterfaceId"),
      instanceId: text(params, "InstanceId"),
      deviceIndex: integer(params, "DeviceIndex"),
    }),
  },

  DetachNetworkInterface: {
    run: (cloud, params) => {
      const id = required(params, "AttachmentId");
      const eni = [...cloud.interfaces.values()].find(({ attachment }) => attachment?.id === id);
      if (eni === undefined)
        throw awsError("InvalidAttachmentID.NotFound", `The attachment ID '${id}' does not exist`);
      refuseManaged(eni);
      if (eni.attachment?.device === 0)
        throw awsError(
          "OperationNotPermitted",
          "The network interface at device index 0 cannot be detached.",
        );
      const { attachment: _, ...detached } = eni;
      cloud.interfaces.set(eni.id, detached);
      return { return: true };
    },
    trail: (params) => ({
      attachmentId: text(params, "AttachmentId"),
      force: flag(params, "Force"),
    }),
  },

  DeleteNetworkInterface: {
    run: (cloud, params) => {
      const eni = interfaceById(cloud, required(params, "NetworkInterfaceId"));
      refuseManaged(eni);
      if (eni.attachment !== undefined)
        throw awsError(
          "InvalidParameterValue",
          `Network interface '${eni.id}' is currently in use.`,
        );
      cloud.interfaces.delete(eni.id);
      cloud.tags.delete(eni.id);
      return { return: true };
    },
    trail: (params) => ({ networkInterfaceId: text(params, "NetworkInterfaceId") }),
  },

  /** One attribute a call, as in AWS. */
  ModifyNetworkInterfaceAttribute: {
    run: (cloud, params) => {
      const eni = interfaceById(cloud, required(params, "NetworkInterfaceId"));
      refuseManaged(eni);
      cloud.interfaces.set(eni.id, changed(cloud, eni, params));
      return { return: true };
    },
    trail: (params) => ({
      networkInterfaceId: text(params, "NetworkInterfaceId"),
      ...(params["SecurityGroupId"] === undefined
        ? {}
        : { groupSet: groupSet(texts(params, "SecurityGroupId")) }),
      ...valueTrail(params, "Description", "description"),
      ...flagTrail(params, "SourceDestCheck", "sourceDestCheck"),
      ...attachmentTrail(params),
    }),
  },
};

function create(cloud: Cloud, params: Params): NetworkInterface {
  const subnet = subnetOf(cloud, required(params, "SubnetId"));
  const given = texts(params, "SecurityGroupId");
  const asked = [
    text(params, "PrivateIpAddress"),
    ...structures(params, "PrivateIpAddresses").map((one) => text(one, "PrivateIpAddress")),
  ].filter((address) => address !== undefined);
  const occupied = asked.find((address) => cloud.addresses.taken.has(`${subnet.vpc} ${address}`));
  if (occupied !== undefined)
    throw awsError("InvalidIPAddress.InUse", `The specified address is already in use.`);
  const groups = attachableGroups(
    cloud,
    given.length > 0 ? given : [defaultGroup(cloud, subnet.vpc)],
    subnet.vpc,
  );
  const tags = specifiedTags(params, "network-interface").get("network-interface") ?? [];
  const made: NetworkInterface = {
    id: cloud.ids.next("eni"),
    vpc: subnet.vpc,
    subnet: subnet.id,
    zone: subnet.zone,
    groups,
    description: text(params, "Description") ?? "",
    addresses:
      asked.length > 0
        ? asked.map((address) => claimAddress(cloud, subnet.vpc, address))
        : [takeAddress(cloud, subnet)],
    ipv6: [],
    type: text(params, "InterfaceType") ?? "interface",
    requesterManaged: false,
  };
  cloud.interfaces.set(made.id, made);
  setTags(cloud, made.id, tags);
  return made;
}

/** What a service made for the account is the service's to change. */
function refuseManaged({ requesterManaged }: NetworkInterface): void {
  if (requesterManaged)
    throw awsError(
      "OperationNotPermitted",
      "You are not allowed to manage this network interface.",
      403,
    );
}

function changed(cloud: Cloud, eni: NetworkInterface, params: Params): NetworkInterface {
  if (params["SecurityGroupId"] !== undefined)
    return { ...eni, groups: attachableGroups(cloud, texts(params, "SecurityGroupId"), eni.vpc) };
  const [description, check, attachment] = ["Description", "SourceDestCheck", "Attachment"].map(
    (name) => structure(params, name),
  );
  if (description !== undefined) return { ...eni, description: text(description, "Value") ?? "" };
  if (check !== undefined) return { ...eni, sourceDestCheck: flag(check, "Value") };
  if (attachment !== undefined && eni.attachment !== undefined)
    return {
      ...eni,
      attachment: {
        ...eni.attachment,
        deleteOnTermination: flag(attachment, "DeleteOnTermination"),
      },
    };
  throw awsError("InvalidParameterCombination", "No attributes specified.");
}

const valueTrail = (params: Params, name: string, shown: string): Tree => {
  const value = structure(params, name);
  return value === undefined ? {} : { [shown]: { value: text(value, "Value") ?? "" } };
};

const flagTrail = (params: Params, name: string, shown: string): Tree => {
  const value = structure(params, name);
  return value === undefined ? {} : { [shown]: { value: flag(value, "Value") } };
};

function attachmentTrail(params: Params): Tree {
  const attachment = structure(params, "Attachment");
  return attachment === undefined
    ? {}
    : {
        attachment: {
          attachmentId: text(attachment, "AttachmentId"),
          deleteOnTermination: flag(attachment, "DeleteOnTermination"),
        },
      };
}
