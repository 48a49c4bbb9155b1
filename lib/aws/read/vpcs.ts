import { DescribeVpcsCommand, type EC2Client } from "@aws-sdk/client-ec2";
import type { VpcId } from "../../values/snapshot.ts";
import { everyPage, filtered } from "../api/paging.ts";

/** The ranges, of both families, of each of these VPCs that exists. */
export async function readVpcRanges(
  ec2: EC2Client,
  ids: Iterable<VpcId>,
): Promise<ReadonlyMap<VpcId, readonly string[]>> {
  const vpcs = await filtered(ids, (Values) =>
    everyPage(
      "ec2:DescribeVpcs",
      (NextToken) =>
        ec2.send(
          new DescribeVpcsCommand({
            Filters: [{ Name: "vpc-id", Values }],
            MaxResults: 1000,
            NextToken,
          }),
        ),
      (page) => page.Vpcs,
    ),
  );
  return new Map(
    vpcs.map(({ VpcId, CidrBlockAssociationSet = [], Ipv6CidrBlockAssociationSet = [] }) => [
      VpcId ?? "",
      [
        ...CidrBlockAssociationSet.filter(
          (one) => one.CidrBlockState?.State === "associated",
        ).flatMap((one) => one.CidrBlock ?? []),
        ...Ipv6CidrBlockAssociationSet.filter(
          (one) => one.Ipv6CidrBlockState?.State === "associated",
        ).flatMap((one) => one.Ipv6CidrBlock ?? []),
      ],
    ]),
  );
}
