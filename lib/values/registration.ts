/** Where a target is registered: the instance's id or the address, and what was said of its ports. */
export interface RegisteredTarget {
  readonly id: string;
  readonly port?: number;
  /** "all": outside the target group's VPC. */
  readonly zone?: string;
  readonly healthCheckPort?: string;
}

/** What was registered with a target group when it was read last. */
export interface Registration {
  /** Milliseconds since 1970, before it was asked for. */
  readonly at: number;
  readonly targets: readonly RegisteredTarget[];
}

/** Milliseconds: two sweeps at the slowest. What nobody has verified since is not known any more. */
export const registrationStands = 2 * 3_600_000;

/** Characters. DynamoDB takes 400 KB an item; what is larger is asked for every time. */
const longest = 300_000;

/** As it is kept: short, since an account has thousands. What is too long for that is kept as nothing that can be read. */
export function bodyOfRegistration({ at, targets }: Registration): unknown {
  const body = {
    at,
    targets: targets.map(({ id, port, zone, healthCheckPort }) =>
      [id, port ?? null, zone ?? null, healthCheckPort ?? null].slice(
        0,
        healthCheckPort !== undefined ? 4 : zone !== undefined ? 3 : port !== undefined ? 2 : 1,
      ),
    ),
  };
  return JSON.stringify(body).length > longest ? { at, isTooLong: true } : body;
}

/** Was every target group and Classic Load Balancer kept, by a sweep that did not begin too long ago? */
export function isIndexComplete(body: unknown, now: number): boolean {
  const since = (body as { readonly since?: unknown } | null | undefined)?.since;
  return typeof since === "number" && since <= now && now - since < registrationStands;
}

/** What was kept, where it still stands; undefined for what is old, from the future, or not as we write it: anybody may have written it. */
export function registrationIn(body: unknown, now: number): Registration | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  const { at, targets } = body as Readonly<Record<string, unknown>>;
  if (typeof at !== "number" || !Array.isArray(targets)) return undefined;
  if (!(at <= now + 60_000 && now - at < registrationStands)) return undefined;
  const read = targets.map(targetIn);
  return read.includes(undefined)
    ? undefined
    : { at, targets: read.filter((one) => one !== undefined) };
}

function targetIn(kept: unknown): RegisteredTarget | undefined {
  if (!Array.isArray(kept) || kept.length < 1 || kept.length > 4) return undefined;
  const [id, port, zone, healthCheckPort] = kept as readonly unknown[];
  const isTextOrNothing = (value: unknown): value is string | null | undefined =>
    value === undefined || value === null || typeof value === "string";
  if (typeof id !== "string" || id === "") return undefined;
  if (port !== undefined && port !== null && !isPortNumber(port)) return undefined;
  if (!isTextOrNothing(zone) || !isTextOrNothing(healthCheckPort)) return undefined;
  return {
    id,
    ...(isPortNumber(port) ? { port } : {}),
    ...(typeof zone === "string" ? { zone } : {}),
    ...(typeof healthCheckPort === "string" ? { healthCheckPort } : {}),
  };
}

const isPortNumber = (value: unknown): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 65_535;
