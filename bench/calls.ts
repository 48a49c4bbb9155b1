import { accountOf, type Account, type Shape } from "./account.ts";
import { type Cost, remediator } from "./remediator.ts";
import { simulatedStore } from "./simulatedStore.ts";
import { simulatedTime } from "./simulatedTime.ts";

/** Milliseconds of one call to EC2 or ELB, there and back: the unit in which times are given. The state table answers in a tenth of it. */
const roundTrip = 50;

type Events = (account: Account) => Promise<readonly object[]>;

/** What an enforcing function does about these events, in an account of this shape. */
async function costOf(shape: Shape, eventsOf: Events): Promise<Cost> {
  const clock = simulatedTime();
  const account = accountOf(shape, () => new Date(clock.now()));
  const latency = (): number => roundTrip;
  const store = simulatedStore(clock, () => roundTrip / 10);
  // The last sweep was here.
  await remediator(account.sandbox, clock, store, {
    name: "sweep",
    timeoutMs: 3_600_000,
    latency,
  }).sweep();
  const worker = remediator(account.sandbox, clock, store, {
    name: "worker",
    timeoutMs: 120_000,
    latency,
  });
  return worker.enforce(await eventsOf(account));
}

const opened: Events = async ({ groups: [group = ""], open }) => [await open(group)];
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
  const seconds = closedAfter === undefined ? "-" : inTrips(closedAfter);
  return [
    what.padEnd(66),
    `${elb}`.padStart(6),
    `${ec2}`.padStart(6),
    `${writes}`.padStart(7),
    `${table}`.padStart(6),
    seconds.padStart(9),
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
  ["a rule opened, 100 target groups, 40 load balancers", of(100, 40), opened],
  ["a rule opened, 300 target groups, 100 load balancers", of(300, 100), opened],
  ["a rule opened, 1,000 target groups, 400 load balancers", of(1000, 400), opened],
  ["a rule opened, 3,000 target groups, 1,000 load balancers", of(3000, 1000), opened],
  ["an unrelated group's rule, 1 target group", of(1, 1), unrelated],
  ["an unrelated group's rule, 300 target groups", of(300, 100), unrelated],
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

console.log(`Calls of one invocation; times in round trips of one call${"calls to".padStart(26)}`);
console.log(
  `${"".padEnd(66)}${"ELB".padStart(6)}${"EC2".padStart(6)}${"writes".padStart(7)}${"table".padStart(6)}${"closed".padStart(9)}${"done".padStart(9)}`,
);
for (const [what, shape, events] of rows) console.log(row(what, await costOf(shape, events)));
