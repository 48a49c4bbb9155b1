import * as v from "valibot";
import type { Tags } from "../../lib/values/rule.ts";
import type { Snapshot } from "../../lib/values/snapshot.ts";
import type { Picture } from "../../lib/survey/picture.ts";

/** Whatever they are called: a record of valibot's leaves out a tag named "constructor". */
const tags = v.custom<Tags>(
  (read) =>
    typeof read === "object" &&
    read !== null &&
    Object.values(read).every((value) => typeof value === "string"),
  "tags, each with a text",
);
const texts = v.array(v.string());
const port = v.pipe(v.number(), v.integer(), v.minValue(-1), v.maxValue(65_535));

const source = v.variant("kind", [
  v.object({ kind: v.literal("ipv4"), cidr: v.string() }),
  v.object({ kind: v.literal("ipv6"), cidr: v.string() }),
  v.object({ kind: v.literal("prefixList"), id: v.string() }),
  v.object({
    kind: v.literal("group"),
    group: v.string(),
    owner: v.exactOptional(v.string()),
  }),
  v.object({ kind: v.literal("groupName"), owner: v.string(), name: v.string() }),
]);

const rule = v.looseObject({
  protocol: v.string(),
  fromPort: port,
  toPort: port,
  source,
  description: v.exactOptional(v.string()),
  tags,
  id: v.exactOptional(v.string()),
});

const group = v.looseObject({
  id: v.string(),
  name: v.string(),
  owner: v.string(),
  vpc: v.exactOptional(v.string()),
  tags,
  rules: v.array(rule),
  egress: v.array(rule),
});

const use = v.variant("kind", [
  v.looseObject({
    kind: v.literal("instance"),
    instance: v.string(),
    primary: v.boolean(),
    autoScalingGroup: v.exactOptional(v.string()),
  }),
  v.looseObject({ kind: v.literal("loadBalancer") }),
  v.looseObject({ kind: v.literal("ecsTask") }),
  v.looseObject({ kind: v.literal("other"), what: v.string() }),
]);

const networkInterface = v.looseObject({
  id: v.string(),
  vpc: v.exactOptional(v.string()),
  groups: texts,
  addresses: texts,
  use,
});

const places = [
  v.object({ kind: v.literal("instance"), instance: v.string() }),
  v.object({ kind: v.literal("address"), address: v.string(), vpc: v.string() }),
] as const;

const servicePorts = v.array(
  v.looseObject({
    protocol: v.picklist(["tcp", "udp"]),
    from: port,
    to: port,
    purpose: v.string(),
    dynamic: v.exactOptional(v.boolean()),
  }),
);

const target = v.looseObject({ at: v.variant("kind", [...places]), ports: servicePorts });

const unreadTarget = v.looseObject({
  why: v.string(),
  at: v.array(
    v.variant("kind", [
      ...places,
      v.object({ kind: v.literal("anyInstance"), vpc: v.string() }),
      v.object({ kind: v.literal("anything") }),
    ]),
  ),
  ports: servicePorts,
});

const loadBalancer = v.looseObject({
  id: v.string(),
  name: v.string(),
  kind: v.picklist(["classic", "application", "network", "gateway"]),
  vpc: v.exactOptional(v.string()),
  groups: texts,
  tags,
  targets: v.array(target),
  privateLinkUnenforced: v.exactOptional(v.boolean()),
});

const prefixList = v.looseObject({
  id: v.string(),
  name: v.string(),
  owner: v.string(),
  entries: v.exactOptional(texts),
  maxEntries: v.exactOptional(v.number()),
});

const mapOf = <const Value extends v.GenericSchema>(value: Value) =>
  v.pipe(
    v.record(v.string(), value),
    v.transform((read) => new Map(Object.entries(read))),
  );

const snapshot = v.looseObject({
  at: v.pipe(v.string(), v.isoTimestamp("an ISO 8601 time")),
  account: v.string(),
  inQuestion: texts,
  groups: mapOf(group),
  interfaces: v.array(networkInterface),
  loadBalancers: v.array(loadBalancer),
  prefixLists: mapOf(prefixList),
  sourceClusters: v.exactOptional(mapOf(v.string())),
  vpcRanges: mapOf(texts),
  unreadTargets: v.exactOptional(v.array(unreadTarget)),
  gaps: texts,
});

const kind = "elb-only snapshot";
const version = 1;

const fileSchema = v.object({
  pictures: v.array(v.object({ region: v.string(), snapshot })),
});

/** Pictures as a file's text; what is a Map is an object there. */
export function snapshotText(pictures: readonly Picture[]): string {
  const plain = (snapshot: Snapshot) => ({
    ...snapshot,
    groups: Object.fromEntries(snapshot.groups),
    prefixLists: Object.fromEntries(snapshot.prefixLists),
    vpcRanges: Object.fromEntries(snapshot.vpcRanges),
    ...(snapshot.sourceClusters === undefined
      ? {}
      : { sourceClusters: Object.fromEntries(snapshot.sourceClusters) }),
  });
  const file = {
    kind,
    version,
    pictures: pictures.map(({ region, snapshot }) => ({ region, snapshot: plain(snapshot) })),
  };
  return `${JSON.stringify(file, undefined, 1)}\n`;
}

/** The pictures in a file's text; throws in words what is wrong with it. `name` is the file's. */
export function picturesIn(text: string, name: string): readonly Picture[] {
  const read = parsed(text, name);
  const given = v.parse(v.looseObject({ kind: v.unknown(), version: v.unknown() }), {
    kind: undefined,
    version: undefined,
    ...(typeof read === "object" ? read : {}),
  });
  if (given.kind !== kind)
    throw new Error(`${name} is no snapshot. Make one with: elb-only snapshot --out ${name}`);
  if (given.version !== version)
    throw new Error(
      `${name} is a snapshot of version ${JSON.stringify(given.version)}; this elb-only reads version ${version}. Make it again with: elb-only snapshot --out ${name}`,
    );
  const result = v.safeParse(fileSchema, read);
  if (result.success) return result.output.pictures;
  const [first, ...others] = result.issues.map(
    (issue) => `${v.getDotPath(issue) ?? "the file"}: ${issue.message}`,
  );
  throw new Error(
    `${name} is a snapshot that cannot be read. ${first}${others.length > 0 ? `, and ${others.length} more` : ""}.`,
  );
}

function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`${name} is not JSON.`, { cause });
  }
}
