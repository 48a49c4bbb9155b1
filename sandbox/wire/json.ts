import type { AwsError } from "../errors.ts";
import type { Tree } from "./tree.ts";

export const jsonAnswer = (answer: Tree): string => JSON.stringify(answer);

/** `{"__type": "...#Code", "message": ...}`; the SDK reads what follows the `#`. */
export const jsonError = (error: AwsError, namespace: string): string =>
  JSON.stringify({ __type: `${namespace}#${error.code}`, message: error.message });
