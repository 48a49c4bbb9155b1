export interface Message {
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Milliseconds. */
  readonly sent: number;
  readonly receives: number;
  readonly firstReceived?: number;
  /** Of the last receive; an older one is no good any more. */
  readonly receipt?: string;
  /** When it can be received, milliseconds. */
  readonly visible: number;
}

/** A standard queue. Its time is given to it. */
export interface Queue {
  readonly name: string;
  readonly visibilityMs: number;
  readonly redrive?: { readonly to: Queue; readonly maxReceiveCount: number };
  /** As SetQueueAttributes gave it; it is kept, and lets everybody in. */
  readonly policy?: string;
  readonly messages: Map<string, Message>;
  /** Called when something was sent. */
  readonly listeners: Set<() => void>;
}
