import type { Told } from "../values/message.ts";
import type { Notices, Place, Store } from "./ports.ts";

const placeOf = (key: string): Place => ({ of: `told ${key}`, at: "-" });

/** What people were told, kept in a store until its period ends. */
export const noticesIn = (store: Store): Notices => ({
  recall: async (key) => toldIn((await store.read(placeOf(key)))?.body),
  keep: async (key, told) => {
    await store.write(placeOf(key), told, "whatever", told.until);
  },
});

/** Undefined where it is not what we keep: then people are told. */
function toldIn(body: unknown): Told | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  const { deliveries, since, until } = body as Readonly<Record<string, unknown>>;
  if (!Array.isArray(deliveries) || typeof since !== "string" || typeof until !== "number")
    return undefined;
  return { deliveries: deliveries.filter((one) => typeof one === "string"), since, until };
}
