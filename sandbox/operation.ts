import type { Cloud } from "./state/cloud.ts";
import type { Caller } from "./state/sts.ts";
import type { Params } from "./wire/params.ts";
import type { Tree } from "./wire/tree.ts";

export type ServiceName =
  | "ec2"
  | "elb"
  | "elbv2"
  | "sns"
  | "sqs"
  | "events"
  | "cloudtrail"
  | "lambda"
  | "sts"
  | "tagging"
  | "logs"
  | "dynamodb";

/** One call, as it reaches an operation. */
export interface Call {
  readonly action: string;
  readonly caller: Caller;
  readonly requestId: string;
  readonly at: Date;
  /** How many entries of a batch are to fail, the first ones first. */
  readonly failingEntries: number;
  /** Calls that the service made on its own because of this one; CloudTrail shows them, too. */
  readonly consequences: Consequence[];
}

export interface Consequence {
  /** Like "elasticloadbalancing.amazonaws.com". */
  readonly by: string;
  readonly action: string;
  readonly request: Tree;
  readonly answer: Tree;
}

/** What a service does on one action. Throws what AWS would answer. */
export interface Operation {
  readonly run: (cloud: Cloud, params: Params, call: Call) => Tree | Promise<Tree>;
  /** Only of operations that change something: the request as CloudTrail shows it. */
  readonly trail?: (params: Params, cloud: Cloud) => Tree;
}

export type Operations = Readonly<Record<string, Operation>>;
