import { driftMessage, ownMessage } from "../lib/values/ownMessages.ts";
import { accountOf, type Account, type Shape } from "./account.ts";
import { type Cost, remediator } from "./remediator.ts";
import { simulatedStore } from "./simulatedStore.ts";
import { simulatedTime } from "./simulatedTime.ts";

/** Milliseconds of one call to EC2 or ELB, there and back: the unit in which times are given. The state table answers in a tenth of it. */
const roundTrip = 50;

type Events = (account: Account) => Promise<readonly object[]>;

/** An account of this shape, one function that verifies and one that enforces, as they are deployed. */
function deployedIn(shape: Shape, latency = (): number => roundTrip) {
  const clock = simulatedTime();
  const account = accountOf(shape, () => new Date(clock.now()));
  const store = simulatedStore(clock, () => roundTrip / 10);
  const worker = (name: string, timeoutMs: number, elbPerSecond: number) =>
    remediator(account.sandbox, clock, store, { name, timeoutMs, latency, elbPerSecond });
  return {
    clock,
    account,
    verifier: worker("verify", 900_000, 5),
    enforcer: worker("enforce", 120_000, 2),
  };
}

/** What the enforcing function does about these events after a sweep, or before the first one. */
export async function costOf(shape: Shape, eventsOf: Events, isSwept = true): Promise<Cost> {
  const { account, verifier, enforcer } = deployedIn(shape);
  if (isSwept) await verifier.sweep();
  return enforcer.enforce(await eventsOf(account));
}

export const opened: Events = async ({ groups: [group = ""], open }) => [await open(group)];
const unrelated: Events = async ({ unrelated, open }) => [await open(unrelated)];
const registered: Events = async ({ targetGroups: [arn = ""], instances: [id = ""], register }) => [
  await register(arn, id),
];
const allRegistered: Events = async ({ targetGroups: [arn = ""], instances, register }) => {
  const events: object[] = [];
  for (const id of instances) events.push(await register(arn, id));
  return events;
};

const inTrips = (milliseconds: number): string => (milliseconds / roundTrip).toFixed(1);

function row(what: string, { elb, ec2, writes, table, closedAfter, milliseconds }: Cost): string {
  const closed = closedAfter === undefined ? "-" : inTrips(closedAfter);
  return [
    what.padEnd(66),
    `${elb}`.padStart(6),
    `${ec2}`.padStart(6),
    `${writes}`.padStart(7),
    `${table}`.padStart(6),
    closed.padStart(9),
    inTrips(milliseconds).padStart(9),
  ].join("");
}

const classicAlone = { targetGroups: 0, loadBalancers: 0, classicLoadBalancers: 1 };
const of = (targetGroups: number, loadBalancers: number): Shape => ({
  targetGroups,
  loadBalancers,
});
const rows: readonly (readonly [string, Shape, Events])[] = [
  ["a rule opened, one Classic Load Balancer", classicAlone, opened],
  ["a rule opened, 1 target group", of(1, 1), opened],
  ["a rule opened, 10 target groups", of(10, 10), opened],
  ["a rule opened, 300 target groups, 100 load balancers", of(300, 100), opened],
  ["a rule opened, 1,000 target groups, 400 load balancers", of(1000, 400), opened],
  ["a rule opened, 3,000 target groups, 1,000 load balancers", of(3000, 1000), opened],
  ["an unrelated group's rule, 1 target group", of(1, 1), unrelated],
  ["an unrelated group's rule, 3,000 target groups", of(3000, 1000), unrelated],
  ["a registration without drift, 1 target group", of(1, 1), registered],
  ["a registration without drift, 300 target groups", of(300, 100), registered],
  [
    "1,000 registrations in a batch, one load balancer, one group",
    { ...of(1, 1), instances: 1000 },
    allRegistered,
  ],
  [
    "1,000 registrations in a batch, one load balancer, a group each",
    { ...of(1, 1), instances: 1000, groupsEach: 1000 },
    allRegistered,
  ],
];

async function sweepRow(what: string, shape: Shape): Promise<string> {
  const { verifier } = deployedIn(shape);
  const costs = [await verifier.verify()];
  while (costs.at(-1)?.isEnd === false && costs.length < 10) costs.push(await verifier.verify());
  const sum = (name: "elb" | "ec2" | "table" | "milliseconds"): number =>
    costs.reduce((total, cost) => total + cost[name], 0);
  return `${what.padEnd(66)}${sum("elb")} ELB, ${sum("ec2")} EC2, ${sum("table")} table; ${costs.length} invocation(s), ${(sum("milliseconds") / 60_000).toFixed(1)} minutes`;
}

/** Groups that are all open: handed over by a sweep, 50 a message. */
async function driftRow(what: string, shape: Shape): Promise<string> {
  const { account, verifier, enforcer } = deployedIn(shape);
  await verifier.sweep();
  const messages = Array.from({ length: Math.ceil(account.groups.length / 50) }, (_, index) => {
    const groups = account.groups.slice(index * 50, (index + 1) * 50);
    return JSON.parse(ownMessage(driftMessage, { groups, eventId: `drift-${index}` })) as object;
  });
  const cost = await enforcer.enforce(messages);
  return `${what.padEnd(66)}${account.closed()} closed in ${(cost.milliseconds / 1000).toFixed(0)} s; ${cost.elb} ELB, ${cost.ec2} EC2, ${cost.writes} writes, ${cost.table} table; ${cost.failed} failed tries`;
}

/** Numbers from 0 to 1 that look like chance, the same every time. */
function chance(): () => number {
  let state = 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** From an event's arrival to the revoke, where calls take half as long or twice as long as usual, and now and then five times. */
async function closingRow(what: string, shape: Shape, events: number): Promise<string> {
  const random = chance();
  const latency = (): number =>
    random() > 0.99 ? 5 * roundTrip : roundTrip * 2 ** (2 * random() - 1);
  const { clock, account, verifier, enforcer } = deployedIn(shape, latency);
  await verifier.sweep();
  const times: number[] = [];
  for (let event = 0; event < events; event += 1) {
    // Apart: a burst would wait for ELB's pace.
    await clock.sleep(2000);
    const group = account.groups[event % account.groups.length] ?? "";
    const { closedAfter } = await enforcer.enforce([await account.open(group)]);
    times.push(closedAfter ?? Infinity);
  }
  times.sort((one, other) => one - other);
  const at = (part: number): string => inTrips(times[Math.floor(part * (events - 1))] ?? Infinity);
  return `${what.padEnd(66)}half within ${at(0.5)} round trips, 99 of 100 within ${at(0.99)}`;
}

if (import.meta.main) {
  console.log(
    `Calls of one invocation; times in round trips of one call${"calls to".padStart(26)}`,
  );
  console.log(
    `${"".padEnd(66)}${"ELB".padStart(6)}${"EC2".padStart(6)}${"writes".padStart(7)}${"table".padStart(6)}${"closed".padStart(9)}${"done".padStart(9)}`,
  );
  for (const [what, shape, events] of rows) console.log(row(what, await costOf(shape, events)));
  console.log(
    await closingRow(
      "300 rules opened, 100 target groups, calls of uneven length",
      of(100, 40),
      300,
    ),
  );
  console.log(
    await driftRow("480 groups drifted, 160 target groups", {
      ...of(160, 40),
      instances: 3,
      groupsEach: 3,
      isOpen: true,
    }),
  );
  console.log(await sweepRow("a sweep, 300 target groups, 100 load balancers", of(300, 100)));
  console.log(await sweepRow("a sweep, 3,000 target groups, 1,000 load balancers", of(3000, 1000)));
}
