/** Stands in the bundles for the SDK's event streams: no operation of ours has one. */
export function EventStreamSerde(): never {
  throw new Error("This bundle has no event streams.");
}

export const eventStreamSerdeProvider = (): undefined => undefined;

export const resolveEventStreamSerdeConfig = <Config>(config: Config): Config => config;
