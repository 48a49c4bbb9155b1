import fastify, { type FastifyInstance } from "fastify";
import type { Exchange } from "./exchange.ts";

/** The sandbox's HTTP end. SQS is called at its queues' own paths by some clients, so every path is the same. */
export function createServer(exchange: Exchange): FastifyInstance {
  const app = fastify({ bodyLimit: 16 * 1024 * 1024, forceCloseConnections: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));
  app.all("/*", async (request, reply) => {
    const answered = await exchange({
      method: request.method,
      url: request.url,
      headers: Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      ),
      body: typeof request.body === "string" ? request.body : "",
    });
    if (answered === undefined) {
      reply.hijack();
      reply.raw.destroy();
      return reply;
    }
    return reply.code(answered.status).headers(answered.headers).send(answered.body);
  });
  return app;
}
