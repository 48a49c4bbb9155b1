import { beforeEach, describe, expect, it } from "vitest";
import { createIds, type Ids } from "../../sandbox/state/ids.ts";
import {
  createQueue,
  nextVisible,
  receive,
  release,
  remove,
  send,
} from "../../sandbox/sqs/queue.ts";
import type { Queue } from "../../sandbox/state/sqs.ts";

let ids: Ids;
let dead: Queue;
let queue: Queue;

beforeEach(() => {
  ids = createIds();
  dead = createQueue("dead", 1000);
  queue = createQueue("queue", 1000, { to: dead, maxReceiveCount: 2 });
});

const bodies = (messages: readonly { readonly body: string }[]): readonly string[] =>
  messages.map(({ body }) => body);

describe("a queue", () => {
  it("hands a message to one receiver until the visibility timeout is over", () => {
    send(queue, ids, 0, "a");
    expect(bodies(receive(queue, ids, 0, 10))).toEqual(["a"]);
    expect(receive(queue, ids, 999, 10)).toEqual([]);
    expect(bodies(receive(queue, ids, 1000, 10))).toEqual(["a"]);
  });

  it("hands out no more than asked for", () => {
    for (const body of ["a", "b", "c"]) send(queue, ids, 0, body);
    expect(bodies(receive(queue, ids, 0, 2))).toEqual(["a", "b"]);
    expect(bodies(receive(queue, ids, 0, 2))).toEqual(["c"]);
  });

  it("counts receives", () => {
    send(queue, ids, 0, "a");
    expect(receive(queue, ids, 0, 1)[0]?.receives).toBe(1);
    expect(receive(queue, ids, 1000, 1)[0]).toMatchObject({ receives: 2, firstReceived: 0 });
  });

  it("moves what was received too often to the dead letters", () => {
    send(queue, ids, 0, "a");
    receive(queue, ids, 0, 1);
    receive(queue, ids, 1000, 1);
    expect(receive(queue, ids, 2000, 1)).toEqual([]);
    expect(queue.messages.size).toBe(0);
    expect(bodies([...dead.messages.values()])).toEqual(["a"]);
  });

  it("deletes by the latest receipt only", () => {
    send(queue, ids, 0, "a");
    const first = receive(queue, ids, 0, 1)[0]?.receipt ?? "";
    const second = receive(queue, ids, 1000, 1)[0]?.receipt ?? "";
    remove(queue, first);
    expect(queue.messages.size).toBe(1);
    remove(queue, second);
    expect(queue.messages.size).toBe(0);
  });

  it("keeps a delayed message back", () => {
    send(queue, ids, 0, "a", {}, 500);
    expect(receive(queue, ids, 499, 1)).toEqual([]);
    expect(bodies(receive(queue, ids, 500, 1))).toEqual(["a"]);
  });

  it("knows when there is something to receive", () => {
    expect(nextVisible(queue)).toBeUndefined();
    send(queue, ids, 100, "a");
    receive(queue, ids, 100, 1);
    expect(nextVisible(queue)).toBe(1100);
    send(queue, ids, 200, "b");
    expect(nextVisible(queue)).toBe(200);
  });

  it("does not hand out again what is in flight for as long as it takes, and gives it back when its time is over", () => {
    send(queue, ids, 0, "a");
    const [message] = receive(queue, ids, 0, 1, Infinity);
    expect([nextVisible(queue), receive(queue, ids, 1_000_000, 1)]).toEqual([undefined, []]);
    release(queue, message?.receipt ?? "", 300, 0);
    expect(nextVisible(queue)).toBe(1000);
  });

  it("gives back at once what was held for longer than its time", () => {
    send(queue, ids, 0, "a");
    const [message] = receive(queue, ids, 0, 1, Infinity);
    release(queue, message?.receipt ?? "", 1700, 0);
    expect(nextVisible(queue)).toBe(1700);
  });

  it("tells listeners of what is sent", () => {
    let told = 0;
    queue.listeners.add(() => told++);
    send(queue, ids, 0, "a");
    expect(told).toBe(1);
  });
});
