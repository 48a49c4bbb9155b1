/** One record of a VPC Flow Log that may have let somebody in: what it takes to judge it. */
export interface Flow {
  readonly interface: string;
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  readonly port: number;
  readonly bytes: number;
  /** Seconds since 1970; 0 where the format leaves it out. */
  readonly start: number;
  readonly end: number;
}

/** What a line of a file says. `noData`: nothing passed in the interval. `skipped`: AWS lost records. `answer`: of a connection opened from inside. */
export type Line =
  | { readonly kind: "flow"; readonly flow: Flow }
  | { readonly kind: "rejected" | "outbound" | "answer"; readonly interface: string }
  | { readonly kind: "noData" | "skipped"; readonly interface: string }
  | { readonly kind: "unreadable" };

/** Reads one line of a format. */
export type ReadLine = (line: string) => Line;

/** The default format, whose files may lack a header. */
export const defaultFields =
  "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status";

const needed = ["interface-id", "srcaddr", "dstaddr", "dstport", "protocol", "action"] as const;

const named: Readonly<Record<string, string>> = {
  "6": "tcp",
  "17": "udp",
  "1": "icmp",
  "58": "icmpv6",
};

/** A record's fields: of a header line, or of a flow log's format as the aws CLI shows it: `${srcaddr} ${dstaddr}`. */
const fieldsOf = (header: string): readonly string[] =>
  header
    .trim()
    .split(/\s+/)
    .map((field) => field.replaceAll(/[${}]/g, "").replaceAll("_", "-").toLowerCase());

/** Is this line a header, not a record? */
export const isHeader = (line: string): boolean => fieldsOf(line).includes("srcaddr");

/** Throws, in words, where the fields of the format do not say who got in where. */
export function readerFor(header: string): ReadLine {
  const fields = fieldsOf(header);
  const absent = needed.filter((field) => !fields.includes(field));
  if (absent.length > 0)
    throw new Error(
      `The format lacks ${absent.join(", ")}: without them nobody can say who got in where. Needed: ${needed.join(", ")}; start, end, bytes, log-status, flow-direction and tcp-flags help.`,
    );
  const at = (field: string): number => fields.indexOf(field);
  const [eni, src, dst, dstPort, protocol, action] = needed.map(at) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [bytes, start, end] = [at("bytes"), at("start"), at("end")];
  const [status, direction, tcpFlags] = [at("log-status"), at("flow-direction"), at("tcp-flags")];
  return (line) => {
    const parts = line.split(" ");
    const id = parts[eni];
    if (parts.length !== fields.length || id === undefined) return { kind: "unreadable" };
    if (status !== -1) {
      if (parts[status] === "NODATA") return { kind: "noData", interface: id };
      if (parts[status] === "SKIPDATA") return { kind: "skipped", interface: id };
    }
    if (parts[action] !== "ACCEPT")
      return parts[action] === "REJECT"
        ? { kind: "rejected", interface: id }
        : { kind: "unreadable" };
    if (direction !== -1 && parts[direction] === "egress")
      return { kind: "outbound", interface: id };
    // SYN and ACK together are sent only by who is called: somebody inside opened this connection.
    if (tcpFlags !== -1 && (Number(parts[tcpFlags]) & 18) === 18)
      return { kind: "answer", interface: id };
    const [port, number = ""] = [Number(parts[dstPort]), parts[protocol]];
    const [from = "", to = ""] = [parts[src], parts[dst]];
    if (!Number.isInteger(port) || !/^\d+$/.test(number) || !isAddress(from) || !isAddress(to))
      return { kind: "unreadable" };
    return {
      kind: "flow",
      flow: {
        interface: id,
        from,
        to,
        protocol: named[number] ?? number,
        port,
        bytes: bytes === -1 ? 0 : Number(parts[bytes]) || 0,
        start: start === -1 ? 0 : Number(parts[start]) || 0,
        end: end === -1 ? 0 : Number(parts[end]) || 0,
      },
    };
  };
}

/** Quick, and enough to keep the judge from what is none. */
const isAddress = (text: string): boolean =>
  text.includes(":") ? /^[0-9a-f:.]+$/i.test(text) : /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text);
