import { failedCall, failureOf } from "../api/errors.ts";

/** Collects what could not be read of a picture, in words. */
export interface Gaps {
  readonly said: readonly string[];
  readonly say: (what: string) => void;
  /** For what the picture can do without: a failure is said, and `instead` stands in. */
  readonly without: <T>(instead: T, reading: Promise<T>) => Promise<T>;
}

export function collectGaps(): Gaps {
  const said: string[] = [];
  const say = (what: string): void => {
    if (!said.includes(what)) said.push(what);
  };
  const without = async <T>(instead: T, reading: Promise<T>): Promise<T> => {
    try {
      return await reading;
    } catch (error) {
      say(failureOf(error).text);
      return instead;
    }
  };
  return { said, say, without };
}

/** For a picture that must be whole: what cannot be read is thrown. */
export const throwOnGap: Gaps = {
  said: [],
  say: (what) => {
    throw failedCall("incomplete", new Error(what));
  },
  without: (_, reading) => reading,
};
