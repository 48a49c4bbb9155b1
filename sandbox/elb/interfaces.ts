import { takeAddress } from "../ec2/addresses.ts";
import { groupSet } from "../ec2/trail.ts";
import { interfaceShape } from "../ec2/interfaces.ts";
import type { Cloud } from "../state/cloud.ts";
import type { NetworkInterface, Subnet } from "../state/ec2.ts";
import type { Consequence } from "../operation.ts";

const by = "elasticloadbalancing.amazonaws.com";

/** ELB's own interfaces, one a subnet: requester-managed, with the load balancer's groups. */
export function makeInterfaces(
  cloud: Cloud,
  subnets: readonly Subnet[],
  groups: readonly string[],
  description: string,
  type: string,
): { readonly ids: readonly string[]; readonly consequences: readonly Consequence[] } {
  const made = subnets.map((subnet): NetworkInterface => {
    const eni: NetworkInterface = {
      id: cloud.ids.next("eni"),
      vpc: subnet.vpc,
      subnet: subnet.id,
      zone: subnet.zone,
      groups,
      description,
      addresses: [takeAddress(cloud, subnet)],
      ipv6: [],
      type,
      requester: "amazon-elb",
      requesterManaged: true,
      attachment: { id: cloud.ids.next("eni-attach"), owner: "amazon-elb", device: 1 },
    };
    cloud.interfaces.set(eni.id, eni);
    return eni;
  });
  return {
    ids: made.map(({ id }) => id),
    consequences: made.map((eni) => ({
      by,
      action: "CreateNetworkInterface",
      request: {
        subnetId: eni.subnet,
        description,
        groupSet: groupSet(groups),
        privateIpAddressesSet: {},
        ipv6AddressCount: 0,
      },
      answer: { networkInterface: interfaceShape(cloud, eni) },
    })),
  };
}

export function dropInterfaces(cloud: Cloud, ids: readonly string[]): readonly Consequence[] {
  return ids.map((networkInterfaceId) => {
    cloud.interfaces.delete(networkInterfaceId);
    return {
      by,
      action: "DeleteNetworkInterface",
      request: { networkInterfaceId },
      answer: { return: true },
    };
  });
}

export function setInterfaceGroups(
  cloud: Cloud,
  ids: readonly string[],
  groups: readonly string[],
): void {
  for (const id of ids) {
    const eni = cloud.interfaces.get(id);
    if (eni !== undefined) cloud.interfaces.set(id, { ...eni, groups });
  }
}
