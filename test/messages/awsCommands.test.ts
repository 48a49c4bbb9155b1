import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { awsCommands } from "../../lib/messages/awsCommands.ts";
import { rule } from "./outcome.ts";

const at = { region: "eu-west-1", group: "sg-9cd8a3f4" };

describe("awsCommands", () => {
  it("are one call for each set of tags, and one for all that goes", () => {
    const add = [
      rule("tcp/80 from 10.0.0.0/8", { description: "office" }),
      rule("-1 from sg-1b"),
      rule("tcp/443 from ::/0", { tags: { team: "web" } }),
    ];
    expect(awsCommands({ ...at, add, remove: [rule("tcp/20-79 from pl-1")] })).toEqual([
      `aws ec2 authorize-security-group-ingress --region eu-west-1 --group-id sg-9cd8a3f4 --ip-permissions '[ { "IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [ { "CidrIp": "10.0.0.0/8", "Description": "office" } ] }, { "IpProtocol": "-1", "UserIdGroupPairs": [ { "GroupId": "sg-1b" } ] } ]'`,
      `aws ec2 authorize-security-group-ingress --region eu-west-1 --group-id sg-9cd8a3f4 --ip-permissions '[ { "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "Ipv6Ranges": [ { "CidrIpv6": "::/0" } ] } ]' --tag-specifications '[ { "ResourceType": "security-group-rule", "Tags": [ { "Key": "team", "Value": "web" } ] } ]'`,
      `aws ec2 revoke-security-group-ingress --region eu-west-1 --group-id sg-9cd8a3f4 --ip-permissions '[ { "IpProtocol": "tcp", "FromPort": 20, "ToPort": 79, "PrefixListIds": [ { "PrefixListId": "pl-1" } ] } ]'`,
    ]);
  });

  it("are none where there is nothing to do", () => {
    expect(awsCommands({ ...at, add: [], remove: [] })).toEqual([]);
  });

  it.each(["it's $(touch x) `id` \"; rm -rf /", "a\nb\u202Ec\u0000", "ü\uFFFE"])(
    "are read by a shell as the very text, whatever it is: %j",
    (text) => {
      const add = [rule("tcp/80 from 10.0.0.0/8", { description: text, tags: { why: text } })];
      const [command = ""] = awsCommands({ ...at, add, remove: [] });
      expect(command).toMatch(/^[\x20-\x7e]+$/);
      const words = execFileSync("sh", ["-c", `aws() { printf '%s\\0' "$@"; }; ${command}`], {
        encoding: "utf8",
      }).split("\0");
      const [permission] = JSON.parse(words[7] ?? "") as [{ IpRanges: { Description: string }[] }];
      expect(permission.IpRanges[0]?.Description).toBe(text);
      expect(JSON.parse(words[9] ?? "")).toMatchObject([{ Tags: [{ Key: "why", Value: text }] }]);
    },
  );
});
