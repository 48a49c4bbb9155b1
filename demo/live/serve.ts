import type { ServerResponse } from "node:http";
import Fastify, { type FastifyRequest } from "fastify";
import product from "../../package.json" with { type: "json" };
import { mainOf, type PageFacts, pageOf } from "../../lib/report/page.ts";
import type { Stage } from "../stage.ts";
import { policy } from "./eyes.ts";
import { attempts } from "./tries.ts";
import { type Sight, watch } from "./watch.ts";

/** The report of the AWS on this machine, as it changes. */
export interface LivePage {
  /** Where to look: "http://127.0.0.1:40000/". */
  readonly address: string;
  readonly close: () => Promise<void>;
}

const headers = {
  "cache-control": "no-store",
  "content-security-policy": "frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
} as const;

/** Serves the page on loopback, and tells whoever looks at it of each change. */
export async function serveLive(stage: Stage): Promise<LivePage> {
  const app = Fastify();
  const listeners = new Set<ServerResponse>();
  let latest: Sight | undefined;
  let update = "";

  const watching = await watch(stage, async (sight) => {
    latest = sight;
    const { html } = await mainOf([sight.survey], factsOf(sight));
    update = `event: update\ndata: ${JSON.stringify({ main: html, news: sight.news })}\n\n`;
    for (const listener of listeners) listener.write(update);
  });

  app.addHook("onRequest", async (request, reply) => {
    void reply.headers(headers);
    // Other names for this machine are how a page of somebody else's would get here.
    if (!isOwn(request)) await reply.code(403).send("This page is for this machine alone.\n");
  });
  app.get("/", async (_, reply) => {
    void reply.type("text/html; charset=utf-8");
    return latest === undefined ? "" : pageOf([latest.survey], factsOf(latest));
  });
  app.get("/events", (_, reply) => {
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, { ...headers, "content-type": "text/event-stream" });
    raw.write(update);
    listeners.add(raw);
    raw.on("close", () => listeners.delete(raw));
  });
  app.post<{ Params: { id: string } }>("/try/:id", async ({ params }, reply) => {
    const attempt = attempts.find(({ id }) => id === params.id);
    if (attempt === undefined) return reply.code(404).send("There is no such thing to try.");
    try {
      await attempt.act(stage);
    } catch (error) {
      return reply.code(409).send(error instanceof Error ? error.message : String(error));
    }
    return reply.code(204).send();
  });

  const address = `${await app.listen({ host: "127.0.0.1", port: 0 })}/`;
  return {
    address,
    close: async () => {
      for (const listener of listeners) listener.end();
      await watching.stop();
      await app.close();
    },
  };
}

const factsOf = ({ survey, history }: Sight): PageFacts => ({
  policy,
  made: survey.before.at,
  version: product.version,
  history,
  live: { tries: attempts },
});

/** By its own address, and, where it is to do something, from its own page. */
function isOwn({ headers: { host = "", origin }, method }: FastifyRequest): boolean {
  const isLoopback = /^(?:127\.0\.0\.1|localhost):\d+$/.test(host);
  return isLoopback && (method === "GET" || origin === `http://${host}`);
}
