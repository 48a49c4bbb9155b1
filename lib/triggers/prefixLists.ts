import { requestedInner, touches, type Call, type Family } from "./call.ts";
import { prefixListId } from "./identifiers.ts";

/** What a prefix list holds decides who gets in by the rules that name it: no event of a security group tells of it. */
export const prefixLists: Family = {
  rule: "securityGroups",
  service: "ec2",
  calls: new Map([
    ["ModifyManagedPrefixList", changed],
    ["RestoreManagedPrefixListVersion", changed],
  ]),
};

function changed(call: Call) {
  return touches([
    { kind: "prefixList", prefixList: requestedInner(call, "prefixListId", prefixListId) },
  ]);
}
