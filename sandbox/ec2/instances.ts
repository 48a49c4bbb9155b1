import type { Cloud } from "../state/cloud.ts";
import type { Instance, InstanceState, NetworkInterface, Subnet } from "../state/ec2.ts";
import { invalidValue } from "../errors.ts";
import { account } from "../identities.ts";
import type { Operations } from "../operation.ts";
import { integer, required, structures, text, texts, type Params } from "../wire/params.ts";
import type { Tree } from "../wire/tree.ts";
import { takeAddress } from "./addresses.ts";
import { filtered, type FilterTable } from "./filters.ts";
import { attachmentShape, interfaceCore } from "./interfaces.ts";
import {
  groupByName,
  groupIdentifiers,
  interfacesOf,
  attachableGroups,
  defaultGroup,
  instanceById,
  subnetOf,
} from "./lookup.ts";
import { page } from "./pages.ts";
import { setTags, specificationTrail, specifiedTags, tagSet } from "./tags.ts";
import { groupSet, itemSet } from "./trail.ts";

function attach(
  cloud: Cloud,
  instance: Instance,
  subnet: Subnet,
  groups: readonly string[],
  device: number,
): NetworkInterface {
  const eni: NetworkInterface = {
    id: cloud.ids.next("eni"),
    vpc: subnet.vpc,
    subnet: subnet.id,
    zone: subnet.zone,
    groups: attachableGroups(cloud, groups, subnet.vpc),
    description: "",
    addresses: [takeAddress(cloud, subnet)],
    ipv6: [],
    type: "interface",
    requesterManaged: false,
    attachment: { id: cloud.ids.next("eni-attach"), instance: instance.id, owner: account, device },
  };
  cloud.interfaces.set(eni.id, eni);
  return eni;
}

/** What an instance's interfaces are to be: those that the request spells out, or one with the request's own groups. */
function interfacesWanted(
  cloud: Cloud,
  params: Params,
): readonly {
  readonly subnet: Subnet;
  readonly groups: readonly string[];
  readonly device: number;
}[] {
  const spelledOut = structures(params, "NetworkInterface");
  const wanted = (subnet: Subnet, groups: readonly string[], device: number) => ({
    subnet,
    device,
    groups: attachableGroups(
      cloud,
      groups.length > 0 ? groups : [defaultGroup(cloud, subnet.vpc)],
      subnet.vpc,
    ),
  });
  if (spelledOut.length === 0) {
    const named = texts(params, "SecurityGroup").map((name) => groupByName(cloud, name).id);
    return [
      wanted(
        subnetOf(cloud, text(params, "SubnetId")),
        [...texts(params, "SecurityGroupId"), ...named],
        0,
      ),
    ];
  }
  return spelledOut.map((one) =>
    wanted(
      subnetOf(cloud, text(one, "SubnetId")),
      texts(one, "SecurityGroupId"),
      integer(one, "DeviceIndex") ?? 0,
    ),
  );
}

const stateCodes: Readonly<Record<InstanceState, number>> = {
  running: 16,
  stopped: 80,
  terminated: 48,
};

/** A state with EC2's number for it. */
export const stateShape = (name: InstanceState = "running"): Tree => ({
  code: stateCodes[name],
  name,
});

const instanceShape = (cloud: Cloud, instance: Instance): Tree => {
  const interfaces = interfacesOf(cloud, instance.id);
  return {
    instanceId: instance.id,
    imageId: instance.image,
    instanceState: stateShape(instance.state),
    privateDnsName: `ip-${interfaces[0]?.addresses[0]?.replaceAll(".", "-") ?? ""}.ec2.internal`,
    amiLaunchIndex: 0,
    instanceType: instance.type,
    launchTime: instance.launched,
    placement: { availabilityZone: cloud.subnets.get(instance.subnet)?.zone, tenancy: "default" },
    subnetId: instance.subnet,
    vpcId: instance.vpc,
    privateIpAddress: interfaces[0]?.addresses[0],
    tagSet: tagSet(cloud, instance.id),
    groupSet: groupIdentifiers(cloud, interfaces[0]?.groups ?? []),
    networkInterfaceSet: interfaces.map((eni) => ({
      ...interfaceCore(cloud, eni),
      attachment: attachmentShape(eni),
    })),
  };
};

const filters = (cloud: Cloud): FilterTable<Instance> => ({
  "instance-id": ({ id }) => [id],
  "vpc-id": ({ vpc }) => [vpc],
  "subnet-id": ({ subnet }) => [subnet],
  "instance-state-name": ({ state = "running" }) => [state],
  "instance-state-code": ({ state }) => [String(stateCodes[state ?? "running"])],
  "instance-type": ({ type }) => [type],
  "image-id": ({ image }) => [image],
  "availability-zone": ({ subnet }) => [cloud.subnets.get(subnet)?.zone],
  "owner-id": () => [account],
  "instance.group-name": ({ id }) =>
    (interfacesOf(cloud, id)[0]?.groups ?? []).map((group) => cloud.groups.get(group)?.name),
  "network-interface.network-interface-id": ({ id }) =>
    interfacesOf(cloud, id).map((eni) => eni.id),
  "instance.group-id": ({ id }) => interfacesOf(cloud, id)[0]?.groups ?? [],
  "network-interface.group-id": ({ id }) => interfacesOf(cloud, id).flatMap(({ groups }) => groups),
  "private-ip-address": ({ id }) => [interfacesOf(cloud, id)[0]?.addresses[0]],
});

export const instanceOperations: Operations = {
  RunInstances: {
    run: (cloud, params) => {
      const [image, count] = [required(params, "ImageId"), integer(params, "MaxCount") ?? 0];
      if (count < 1 || count < (integer(params, "MinCount") ?? 0))
        throw invalidValue(`Value (${count}) for parameter maxCount is invalid.`);
      const wanted = interfacesWanted(cloud, params);
      const [first] = wanted;
      if (first === undefined) throw invalidValue("An instance needs a network interface.");
      const tags = specifiedTags(params, "instance", "network-interface", "volume");
      const instances = Array.from({ length: count }, () => {
        const { vpc, id: subnet } = first.subnet;
        const instance: Instance = {
          id: cloud.ids.next("i"),
          vpc,
          subnet,
          image,
          type: text(params, "InstanceType") ?? "m1.small",
          launched: cloud.now(),
        };
        cloud.instances.set(instance.id, instance);
        setTags(cloud, instance.id, tags.get("instance") ?? []);
        for (const one of wanted)
          setTags(
            cloud,
            attach(cloud, instance, one.subnet, one.groups, one.device).id,
            tags.get("network-interface") ?? [],
          );
        return instance;
      });
      return {
        reservationId: cloud.ids.next("r"),
        ownerId: account,
        groupSet: [],
        instancesSet: instances.map((instance) => instanceShape(cloud, instance)),
      };
    },
    trail: (params) => ({
      instancesSet: {
        items: [
          {
            imageId: text(params, "ImageId"),
            minCount: integer(params, "MinCount"),
            maxCount: integer(params, "MaxCount"),
          },
        ],
      },
      groupSet: groupSet(texts(params, "SecurityGroupId")),
      instanceType: text(params, "InstanceType"),
      blockDeviceMapping: {},
      monitoring: { enabled: false },
      disableApiTermination: false,
      disableApiStop: false,
      clientToken: text(params, "ClientToken"),
      subnetId: text(params, "SubnetId"),
      networkInterfaceSet: itemSet(
        structures(params, "NetworkInterface").map((one) => ({
          deviceIndex: integer(one, "DeviceIndex"),
          subnetId: text(one, "SubnetId"),
          groupSet: groupSet(texts(one, "SecurityGroupId")),
        })),
      ),
      ...specificationTrail(params),
    }),
  },

  DescribeInstances: {
    run: (cloud, params) => {
      const ids = texts(params, "InstanceId");
      const asked =
        ids.length === 0 ? cloud.instances.values() : ids.map((id) => instanceById(cloud, id));
      const { items, next } = page(filtered(asked, params, cloud, filters(cloud)), params, {
        min: 5,
        max: 1000,
        notWith: "InstanceId",
      });
      return {
        reservationSet: items.map((instance) => ({
          reservationId: `r-${instance.id.slice(2)}`,
          ownerId: account,
          groupSet: [],
          instancesSet: [instanceShape(cloud, instance)],
        })),
        nextToken: next,
      };
    },
  },
};
