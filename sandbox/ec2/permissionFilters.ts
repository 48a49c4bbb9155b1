import type { Cloud } from "../state/cloud.ts";
import type { SecurityGroup, SecurityGroupRule, Source } from "../state/ec2.ts";
import type { FilterTable } from "./filters.ts";

type Read = (rule: SecurityGroupRule, cloud: Cloud) => string | undefined;

const of =
  <Kind extends Source["kind"]>(
    kind: Kind,
    read: (source: Extract<Source, { kind: Kind }>, cloud: Cloud) => string | undefined,
  ): Read =>
  ({ source }, cloud) =>
    source.kind === kind ? read(source as Extract<Source, { kind: Kind }>, cloud) : undefined;

const reads: Readonly<Record<string, Read>> = {
  cidr: of("ipv4", ({ cidr }) => cidr),
  "ipv6-cidr": of("ipv6", ({ cidr }) => cidr),
  "prefix-list-id": of("prefixList", ({ id }) => id),
  "group-id": of("group", ({ group }) => group),
  "group-name": of("group", ({ group }, cloud) => cloud.groups.get(group)?.name),
  "user-id": of("group", ({ owner }) => owner),
  protocol: ({ protocol }) => protocol,
  "from-port": ({ fromPort }) => String(fromPort),
  "to-port": ({ toPort }) => String(toPort),
};

/** `ip-permission.*` and `egress.ip-permission.*`: each filter asks for a rule of its own, as in AWS. */
export const permissionFilters = (cloud: Cloud): FilterTable<SecurityGroup> =>
  Object.fromEntries(
    [false, true].flatMap((egress) =>
      Object.entries(reads).map(([name, read]) => [
        `${egress ? "egress." : ""}ip-permission.${name}`,
        ({ rules }: SecurityGroup) =>
          [...rules.values()]
            .filter((rule) => rule.egress === egress)
            .map((rule) => read(rule, cloud)),
      ]),
    ),
  );
