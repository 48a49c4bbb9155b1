import { LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import type { EventHistory } from "../remediation/ports.ts";
import { call } from "./api/errors.ts";
import type { Connection } from "./connect.ts";

/** An alert waits for it, and can do without. */
const patienceMs = 5_000;

/** CloudTrail's own record of the last ninety days. It takes two lookups a second, of all callers together. Throws what CloudTrail refuses. */
export const createEventHistory = ({ cloudTrail }: Connection<"cloudTrail">): EventHistory => ({
  recordOf: async (eventId) => {
    const asked = new LookupEventsCommand({
      LookupAttributes: [{ AttributeKey: "EventId", AttributeValue: eventId }],
    });
    const abortSignal = AbortSignal.timeout(patienceMs);
    const { Events = [] } = await call(
      "cloudtrail:LookupEvents",
      cloudTrail.send(asked, { abortSignal }),
    );
    const [{ CloudTrailEvent } = {}] = Events;
    return CloudTrailEvent === undefined ? undefined : (JSON.parse(CloudTrailEvent) as unknown);
  },
});
