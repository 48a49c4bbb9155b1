/** What is true of every command. */
export interface GlobalOptions {
  readonly debug?: boolean;
  readonly color: boolean;
}

/** Runs a command and takes its exit code. */
export type Act = (work: () => Promise<number>) => Promise<void>;
