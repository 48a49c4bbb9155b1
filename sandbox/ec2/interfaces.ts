import type { Cloud } from "../state/cloud.ts";
import type { NetworkInterface } from "../state/ec2.ts";
import { account } from "../identities.ts";
import type { Operations } from "../operation.ts";
import { texts } from "../wire/params.ts";
import type { Tree } from "../wire/tree.ts";
import { filtered, type FilterTable } from "./filters.ts";
import { groupIdentifiers, interfaceById } from "./lookup.ts";
import { page } from "./pages.ts";
import { tagSet } from "./tags.ts";

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
  "availability-zone": ({ zone }) => [zone],
  "owner-id": () => [account],
  status: ({ attachment }) => [attachment === undefined ? "available" : "in-use"],
  "attachment.attachment-id": ({ attachment }) => [attachment?.id],
  "attachment.device-index": ({ attachment }) => [attachment && String(attachment.device)],
  "attachment.status": ({ attachment }) => [attachment && "attached"],
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
    deleteOnTermination: attachment.deleteOnTermination ?? true,
  };

/** What an interface is in its own description and in its instance's. */
export const interfaceCore = (cloud: Cloud, eni: NetworkInterface): Tree => ({
  networkInterfaceId: eni.id,
  subnetId: eni.subnet,
  vpcId: eni.vpc,
  description: eni.description,
  ownerId: account,
  status: eni.attachment === undefined ? "available" : "in-use",
  macAddress: mac(eni.id),
  privateIpAddress: eni.addresses[0],
  sourceDestCheck: eni.sourceDestCheck ?? true,
  interfaceType: eni.type,
  groupSet: groupIdentifiers(cloud, eni.groups),
  privateIpAddressesSet: eni.addresses.map((privateIpAddress, index) => ({
    privateIpAddress,
    primary: index === 0,
  })),
  ipv6AddressesSet: eni.ipv6.map((ipv6Address) => ({ ipv6Address })),
});

export const interfaceShape = (cloud: Cloud, eni: NetworkInterface): Tree => ({
  ...interfaceCore(cloud, eni),
  availabilityZone: eni.zone,
  requesterId: eni.requester,
  requesterManaged: eni.requesterManaged,
  attachment: attachmentShape(eni),
  tagSet: tagSet(cloud, eni.id),
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
        networkInterfaceSet: items.map((eni) => interfaceShape(cloud, eni)),
        nextToken: next,
      };
    },
  },
};
