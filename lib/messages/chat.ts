import { beginning } from "./truncate.ts";
import { type MessageParts, shownSections } from "./parts.ts";
import { oneLine } from "./text.ts";

/** Bytes. Slack shows 3,000 characters of a block; e-mail and the log have the rest. */
const mostDescription = 2_900;

/** In chats a name could forge a link, or call everybody: what starts one is replaced by its likeness. */
const likeness: Readonly<Record<string, string>> = {
  "<": "\u2039",
  ">": "\u203a",
  "[": "(",
  "]": ")",
  "`": "'",
  "*": "\u2217",
};
const harmless = (text: string): string =>
  text
    .replaceAll("->", "\u2192")
    .replaceAll(/@(?=here|channel|everyone|all\b)/g, "\uff20")
    .replaceAll(/[<>[\]`*]/g, (character) => likeness[character] ?? character);

/**
 * Message parts as a custom notification of Amazon Q Developer in chat applications, as JSON.
 * Schema: https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
 */
export function chatNotification({
  subject,
  where,
  sections,
  end,
  nextSteps,
  attributes,
  thread,
  resources,
}: MessageParts): string {
  const body = beginning(
    shownSections(sections).map(harmless).join("\n\n"),
    mostDescription,
    "\n[Cut here.]",
  );
  const context = Object.entries(attributes).map(([name, value]) => [
    name,
    typeof value === "string" ? value : value.slice(0, 10).join(", "),
  ]);
  return JSON.stringify({
    version: "1.0",
    source: "custom",
    content: {
      textType: "client-markdown",
      title: harmless(subject),
      description: [harmless(where), "```", body, "```", ...end].join("\n"),
      nextSteps: [...new Set(nextSteps)].slice(0, 5).map((step) => harmless(oneLine(step, 300))),
      keywords: ["elb-only", attributes["severity"], attributes["result"]].filter(
        (word) => typeof word === "string",
      ),
    },
    metadata: {
      threadId: thread,
      summary: harmless(subject),
      eventType: `elb-only ${String(attributes["kind"])}`,
      relatedResources: resources.slice(0, 20).map((name) => harmless(oneLine(name))),
      additionalContext: Object.fromEntries(
        context.map(([name, value]) => [name, harmless(oneLine(value ?? ""))]),
      ),
    },
  });
}
