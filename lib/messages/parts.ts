import type { Attributes } from "../values/message.ts";
import { beginning, mostBytes } from "./truncate.ts";

/** How messages are laid out: for e-mail, or for Slack and Teams. */
export type Format = "text" | "chat";

export interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

/** What people are told, before it is laid out. */
export interface MessageParts {
  readonly subject: string;
  /** Where and when, on one line. */
  readonly where: string;
  readonly sections: readonly Section[];
  /** Commands to paste, which a chat would change; missing: none. */
  readonly byHand?: Section;
  /** The last lines. */
  readonly end: readonly string[];
  /** What to do next, the most urgent first. */
  readonly nextSteps: readonly string[];
  readonly attributes: Attributes;
  /** Messages about the same thing have it in common. */
  readonly thread: string;
  /** ARNs and names of what it is about. */
  readonly resources: readonly string[];
}

export const shownSections = (sections: readonly Section[]): readonly string[] =>
  sections
    .filter(({ lines }) => lines.length > 0)
    .map(({ title, lines }) => [title, ...lines].join("\n"));

/** Message parts as plain text that fits into a message. */
export function plainText({ subject, where, sections, byHand, end }: MessageParts): string {
  const all = byHand === undefined ? sections : [...sections, byHand];
  const text = `${[subject, where, ...shownSections(all), end.join("\n")].join("\n\n")}\n`;
  return beginning(text, mostBytes - 20_000, "\n\n[Cut here: the message was too long.]\n");
}
