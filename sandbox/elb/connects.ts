import { reaches } from "../ec2/reach.ts";
import type { Cloud } from "../state/cloud.ts";
import type { NetworkInterface } from "../state/ec2.ts";

export const interfacesById = (cloud: Cloud, ids: readonly string[]): readonly NetworkInterface[] =>
  ids.flatMap((id) => cloud.interfaces.get(id) ?? []);

/** Can the load balancer's nodes connect? A back end that is no interface of ours (an address outside the VPC) is taken to answer. */
export function connects(
  cloud: Cloud,
  nodes: readonly string[],
  to: NetworkInterface | undefined,
  port: number,
): boolean {
  return (
    to === undefined ||
    interfacesById(cloud, nodes).some((node) => reaches(cloud, node, to, "tcp", port))
  );
}
