import type { Cloud, NetworkInterface } from "../state/cloud.ts";
import { account } from "../identities.ts";
import type { Operations } from "../operation.ts";
import { required, text, texts } from "../wire/params.ts";
import type { Tree } from "../wire/tree.ts";
import { filtered, type FilterTable } from "./filters.ts";
import { groupIdentifiers, interfaceById, wearable } from "./lookup.ts";
import { page } from "./pages.ts";
import { tagSet } from "./tags.ts";
import { groupSet } from "./trail.ts";

const filters: FilterTable<NetworkInterface> = {
  "network-interface-id": ({ id }) => [id],
  "vpc-id": ({ vpc }) => [vpc],
  "subnet-id": ({ subnet }) => [subnet],
  "group-id": ({ groups }) => groups,
  "attachment.instance-id": ({ attachment }) => [attachment?.instance],
  "attachment.instance-owner-id": ({ attachment }) => [attachment?.owner],
  "addresses.private-ip-address": ({ addresses }) => addresses,
  "private-ip-address": ({ addresses }) => addresses,
  "ipv6-addresses.ipv6-address": ({ ipv6 }) => ipv6,
  "requester-id": ({ requester }) => [requester],
  "requester-managed": ({ requesterManaged }) => [String(requesterManaged)],
  "interface-type": ({ type }) => [type],
  description: ({ description }) => [description],
};

const mac = (id: string): string => `02:${id.slice(-10).match(/../g)?.join(":") ?? ""}`;

export const attachmentShape = ({ attachment }: NetworkInterface): Tree | undefined =>
  attachment && {
    attachmentId: attachment.id,
    instanceId: attachment.instance,
    instanceOwnerId: attachment.owner,
    deviceIndex: attachment.device,
    networkCardIndex: 0,
    status: "attached",
    deleteOnTermination: true,
  };

/** What an interface is in its own description and in its instance's. */
export const interfaceCore = (cloud: Cloud, worn: NetworkInterface): Tree => ({
  networkInterfaceId: worn.id,
  subnetId: worn.subnet,
  vpcId: worn.vpc,
  description: worn.description,
  ownerId: account,
  status: worn.attachment === undefined ? "available" : "in-use",
  macAddress: mac(worn.id),
  privateIpAddress: worn.addresses[0],
  sourceDestCheck: true,
  interfaceType: worn.type,
  groupSet: groupIdentifiers(cloud, worn.groups),
  privateIpAddressesSet: worn.addresses.map((privateIpAddress, index) => ({
    privateIpAddress,
    primary: index === 0,
  })),
  ipv6AddressesSet: worn.ipv6.map((ipv6Address) => ({ ipv6Address })),
});

export const interfaceShape = (cloud: Cloud, worn: NetworkInterface): Tree => ({
  ...interfaceCore(cloud, worn),
  availabilityZone: worn.zone,
  requesterId: worn.requester,
  requesterManaged: worn.requesterManaged,
  attachment: attachmentShape(worn),
  tagSet: tagSet(cloud, worn.id),
});

export const interfaceOperations: Operations = {
  DescribeNetworkInterfaces: {
    run: (cloud, params) => {
      const ids = texts(params, "NetworkInterfaceId");
      const asked =
        ids.length === 0 ? cloud.interfaces.values() : ids.map((id) => interfaceById(cloud, id));
      const { items, next } = page(filtered(asked, params, cloud, filters), params, {
        min: 5,
        max: 1000,
        notWith: "NetworkInterfaceId",
      });
      return {
        networkInterfaceSet: items.map((worn) => interfaceShape(cloud, worn)),
        nextToken: next,
      };
    },
  },

  ModifyNetworkInterfaceAttribute: {
    run: (cloud, params) => {
      const worn = interfaceById(cloud, required(params, "NetworkInterfaceId"));
      cloud.interfaces.set(worn.id, {
        ...worn,
        groups: wearable(cloud, texts(params, "SecurityGroupId"), worn.vpc),
      });
      return { return: true };
    },
    trail: (params) => ({
      networkInterfaceId: text(params, "NetworkInterfaceId"),
      groupSet: groupSet(texts(params, "SecurityGroupId")),
    }),
  },
};
