import type { Params } from "../wire/params.ts";
import type { Tree } from "../wire/tree.ts";

/** DynamoDB. It is not a part of what is: another program keeps its items. */
export interface Tables {
  /** Throws what DynamoDB answers. */
  readonly call: (action: string, params: Params) => Promise<Tree>;
  readonly close: () => Promise<void>;
}
