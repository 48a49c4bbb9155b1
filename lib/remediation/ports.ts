import type { Message, Told } from "../values/message.ts";
import type { AccountRegion } from "../values/outcome.ts";
import type { GroupId, Rule } from "../values/rule.ts";
import type { HealthReading, Snapshot } from "../values/snapshot.ts";
import type { Trigger } from "../values/trigger.ts";

/** What became of one rule in a call. `stale`: not as last seen (present already, or gone, or changed); look again. */
export type Answer =
  | { readonly kind: "done" }
  | { readonly kind: "stale" }
  /** It is as it should be by now, or not as last seen, but an answer was lost on the way: it may have been us; look again. */
  | { readonly kind: "unsure" }
  /** The group has no room for it, and for all that was to be added with it. */
  | { readonly kind: "full" }
  /** EC2 will not have this rule, whatever the others: say why. */
  | { readonly kind: "refused"; readonly why: string };

/** A rule that a call was to add or remove, and what became of it. */
export interface RuleAnswer {
  readonly rule: Rule;
  readonly answer: Answer;
}

/** Groups, each with what touched it. */
export type Affected = ReadonlyMap<GroupId, readonly Trigger[]>;

/**
 * What remediation needs from outside. Denied permissions, exhausted retries and a vanished group are thrown,
 * as errors that carry `failure: { kind: "denied" | "gone" | "throttled" | "other", text }`.
 */
export interface World extends AccountRegion {
  /** Which groups these events touch. */
  affected(triggers: readonly Trigger[]): Promise<Affected>;
  /** Reads everything about these groups; complete, or says what is missing. */
  look(groups: readonly GroupId[]): Promise<Snapshot>;
  /** Authorizes inbound rules, a call for each set of tags, and answers for each. Of a call that there is no room for nothing is added; any other rule that stops a call stops only itself. */
  add(group: GroupId, rules: readonly Rule[]): Promise<readonly RuleAnswer[]>;
  /** Revokes inbound rules by their properties as read, a compare-and-delete: what was changed meanwhile stays. Answers for each. */
  remove(group: GroupId, rules: readonly Rule[]): Promise<readonly RuleAnswer[]>;
  /**
   * How these groups' interfaces fare, each target by itself; those that nobody checks are left out. Complete, or thrown. It costs about the ELB calls of a look:
   * the lists of load balancers and target groups, and a call for each of those that may serve an interface. All callers of an account share 40, and 10 more
   * a second: ask for many groups at once, and only where rules are about to go.
   */
  health(groups: readonly GroupId[]): Promise<readonly HealthReading[]>;
  /** Gives EC2 time to agree with itself; longer the more looks have brought nothing. */
  pause(looksWithoutProgress: number): Promise<void>;
}

/** The time, and a way to let it pass. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** The groups of a region that load balancers concern, and what could not be read to find them all, in words. */
export interface Swept {
  readonly groups: readonly GroupId[];
  readonly gaps: readonly string[];
  /** The time ran out: what was read is remembered, and a sweep of the same beginning goes on there. */
  readonly isUnfinished?: true;
}

/** What verification asks beyond what remediation does, and what it all cost. */
export interface RegionWorld extends World {
  /** Every group in question in the whole region; complete, or says what is missing. `since`: what was read of target groups since then stands; else nothing does. */
  sweep(since?: number): Promise<Swept>;
  /** Requests to AWS since this world was created, retries included. */
  calls(): number;
}

/** An item, by its place in what was given, that was not taken even the second time, and why. */
export interface Unsent {
  readonly index: number;
  readonly why: string;
}

/** Takes texts; answers which were not taken, by their place. */
export type Post = (texts: readonly string[]) => Promise<readonly Unsent[]>;

/** Where messages go. */
export interface Outbox {
  /** To the queue whose messages become messages for people. */
  readonly notify: Post;
  /** To the event bus, for machines: a copy. */
  readonly copy: Post;
  /** To the enforce queue, to be received `delaySeconds` (0-900) later at the earliest. */
  readonly enforce: (texts: readonly string[], delaySeconds?: number) => Promise<readonly Unsent[]>;
}

/** Publishes a message for people. */
export interface Publisher {
  /** Answers the topic's id for the message; throws if it was not taken. */
  publish(message: Message): Promise<string | undefined>;
}

/** What was recorded of calls, whatever an event says. */
export interface EventHistory {
  /** The record of a call, by its event's id, as CloudTrail has it; undefined: it has none. */
  recordOf(eventId: string): Promise<unknown>;
}

/** Who is there to be told. */
export interface Audience {
  /** How many subscriptions of a topic are confirmed. */
  confirmed(topicArn: string): Promise<number>;
}

/** The other regions of the account. */
export interface OtherRegions {
  /** Their names, as far as they are enabled; thrown where they cannot be read. */
  list(): Promise<readonly string[]>;
  coverOf(region: string): Promise<RegionCover>;
}

/** Does a region have load balancers, and a stack of ours? `closed`: a service control policy denies it to us. */
export type RegionCover =
  | { readonly kind: "empty" | "covered" | "uncovered" | "closed" }
  | { readonly kind: "unread"; readonly why: string };

/** Where an item of state is: of what it speaks, and which of its siblings it is ("-" for an only child). */
export interface Place {
  readonly of: string;
  readonly at: string;
}

/** An item of state as it was read. */
export interface Kept {
  readonly place: Place;
  /** As it was written, or as somebody else made it: whoever reads it checks its shape. */
  readonly body: unknown;
  readonly version: string;
}

/** What is remembered from one run to the next. Everything in it can be lost without a wrong removal. What cannot be read or written is thrown, as by `World`. */
export interface Store {
  /** Undefined where there is nothing, or it has expired. What another worker wrote a moment ago counts. */
  read(place: Place): Promise<Kept | undefined>;
  /**
   * Writes where the place is as `seen` says (undefined: nothing is there, or it has expired); answers whether it was written. `body` is what JSON can say;
   * `expires`: seconds since 1970.
   */
  write(
    place: Place,
    body: unknown,
    seen: Kept | undefined | "whatever",
    expires?: number,
  ): Promise<boolean>;
  /** Erases what is as it was seen; answers whether it was. */
  erase(seen: Kept): Promise<boolean>;
  /** What is kept of one thing, in the order of `at`; the first `limit`, or all. */
  list(of: string, which?: Which): Promise<readonly Kept[]>;
}

/** Some of what is kept of one thing. */
export interface Which {
  /** What `at` begins with. */
  readonly prefix?: string;
  readonly newestFirst?: boolean;
  readonly limit?: number;
}

/** Remembers what people were told. */
export interface Notices {
  /** What was told of this; undefined where nothing is remembered. */
  recall(key: string): Promise<Told | undefined>;
  keep(key: string, told: Told): Promise<void>;
}

/** The way on which events come to enforcement. */
export interface EventPath {
  /** Makes a call that changes nothing, whose record has to come back on that way. Undefined: there is nothing to make it on. */
  readonly sendCanary: (() => Promise<void>) | undefined;
  /** Why no trail shows EventBridge what is changed; undefined where one does. */
  whyNoTrail(): Promise<string | undefined>;
  /** Each asks what, on a part of the way, is not as it was deployed. Undefined: nobody told us what was. */
  readonly problems: readonly (() => Promise<readonly string[]>)[] | undefined;
}
