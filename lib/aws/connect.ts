import { EC2Client } from "@aws-sdk/client-ec2";
import { ElasticLoadBalancingClient } from "@aws-sdk/client-elastic-load-balancing";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { turns } from "./api/rateLimiter.ts";

// One each for the life of the process, so that connections stay open from one event to the next. Region, credentials and endpoint come from the environment.
const settings = {
  maxAttempts: 6,
  retryMode: "standard",
  // A connection that says nothing must fail, and be tried again, before the function's own time is up.
  requestHandler: { connectionTimeout: 2_000, socketTimeout: 15_000 },
};

export const ec2 = new EC2Client(settings);
export const elb = new ElasticLoadBalancingClient(settings);
export const elbv2 = new ElasticLoadBalancingV2Client(settings);

/**
 * Wait for it before a call that is made once for each of many things. ELB gives all callers of an account 40 calls and 10 more a second: this is
 * for two processes that enforce and one that verifies, 36 and 9 a second together, so that deployments and Auto Scaling find some left.
 */
export const elbTurn = turns(12, 3);

let calls = 0;

/** Requests to EC2 and ELB since the process began, retries included. */
export const callsSoFar = (): number => calls;

const counted =
  <Request, Answer>(next: (request: Request) => Answer) =>
  (request: Request): Answer => {
    calls += 1;
    return next(request);
  };

// Each attempt passes this step.
const attempt = { step: "deserialize", name: "countCalls" } as const;
ec2.middlewareStack.add(counted, attempt);
elb.middlewareStack.add(counted, attempt);
elbv2.middlewareStack.add(counted, attempt);
