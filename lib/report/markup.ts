import { plain } from "../survey/words.ts";

/** HTML or SVG that is safe to put into a page: `html` alone makes it. */
export interface Markup {
  readonly html: string;
}

type Content = Markup | string | number | undefined | readonly Content[];

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Names and descriptions are anybody's: no markup, no control or bidi characters. */
const escaped = (text: string): string =>
  plain(text).replaceAll(/[&<>"']/g, (letter) => entities[letter] ?? letter);

function rendered(content: Content): string {
  if (content === undefined) return "";
  if (typeof content === "number") return String(content);
  if (typeof content === "string") return escaped(content);
  return "html" in content ? content.html : content.map(rendered).join("");
}

/** Our own indentation, thousands of times, would outweigh what is said. */
const unindented = (text: string): string => text.replaceAll(/\s*\n\s*/g, "\n");

/** Markup with values in it, each escaped unless it is markup itself; a list's items stand one after the other. */
export const html = (strings: TemplateStringsArray, ...values: readonly Content[]): Markup => ({
  html: strings.map((text, place) => unindented(text) + rendered(values[place])).join(""),
});

export const nothing: Markup = { html: "" };

/** With something of ours between the items: it is not escaped. */
export const between = (items: readonly Content[], separator: string): Markup => ({
  html: items.map(rendered).join(separator),
});
