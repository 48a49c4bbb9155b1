import { rangeText, type Range } from "./portRange.ts";

export interface ProtectedPort extends Range {
  readonly protocol: "tcp" | "udp";
}

export const portPattern = /^(tcp|udp)\/(\d{1,5})(?:-(\d{1,5}))?$/;
export const portsAllowed =
  "allowed: tcp/ or udp/ with a port or a range from 0 to 65535, as in tcp/22 or tcp/8000-8100";

/** Of "tcp/22" or "tcp/8000-8100". */
export function protectedPort(text: string): ProtectedPort {
  const [, protocol, from, to] = portPattern.exec(text) ?? [];
  return {
    protocol: protocol === "udp" ? "udp" : "tcp",
    from: Number(from),
    to: Number(to ?? from),
  };
}

export const portText = ({ protocol, ...range }: ProtectedPort): string =>
  `${protocol}/${rangeText(range)}`;

/** Why a text is no protected port; undefined where it is one. */
export function portProblem(text: string): string | undefined {
  const { from, to } = protectedPort(text);
  return portPattern.test(text) && from <= to && to <= 65535 ? undefined : portsAllowed;
}
