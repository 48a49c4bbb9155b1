import { describe, expect, it } from "vitest";
import { handled } from "../../sandbox/lambda/eventSource.ts";
import type { Message } from "../../sandbox/state/sqs.ts";

const message = (id: string): Message => ({
  id,
  body: "",
  attributes: {},
  sent: 0,
  receives: 1,
  visible: 0,
});
const batch = [message("a"), message("b"), message("c")];
const done = (result: unknown): readonly string[] => handled(batch, result).map(({ id }) => id);

describe("handled", () => {
  it.each([
    [undefined],
    [null],
    ["done"],
    [{}],
    [{ batchItemFailures: null }],
    [{ batchItemFailures: [] }],
  ])("is the whole batch for %j", (result) => {
    expect(done(result)).toEqual(["a", "b", "c"]);
  });

  it("leaves out what is reported as failed", () => {
    expect(done({ batchItemFailures: [{ itemIdentifier: "b" }] })).toEqual(["a", "c"]);
  });

  it.each([
    ["a message that is not of the batch", [{ itemIdentifier: "z" }]],
    ["no message", [{ itemIdentifier: "" }]],
    ["nothing readable", [{ id: "a" }]],
  ])("is nothing where a report names %s", (_, batchItemFailures) => {
    expect(done({ batchItemFailures })).toEqual([]);
  });
});
