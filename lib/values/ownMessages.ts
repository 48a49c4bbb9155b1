/** The source of our own messages, on the enforce queue and on the event bus. */
export const ownSource = "elb-only";

/** Their detail types: what the sweep found; groups to look at when something has left them; targets to check after a removal; a copy of what was done. */
export const driftMessage = "elb-only drift";
export const lookMessage = "elb-only look";
export const checkMessage = "elb-only check";
export const outcomeMessage = "elb-only outcome";

/** On the notify queue, where the other messages are outcomes: nothing wakes enforcement; nobody hears; other regions have no stack; how the region stands, once a week. */
export const notArmedKind = "not-armed";
export const unheardKind = "unheard";
export const uncoveredKind = "uncovered";
export const summaryKind = "summary";

/** A message of ours to the enforce queue, in the shape of an EventBridge event. */
export const ownMessage = (detailType: string, detail: object): string =>
  JSON.stringify({ source: ownSource, "detail-type": detailType, detail });
