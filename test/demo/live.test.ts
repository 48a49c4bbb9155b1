import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { classic, group } from "../../demo/classic.ts";
import { type LivePage, serveLive } from "../../demo/live/serve.ts";
import { setStage, type Stage } from "../../demo/stage.ts";

// Nothing wakes a function here, so none has to be built.
let stage: Stage;
let live: LivePage;
beforeAll(async () => {
  stage = await setStage();
  stage.sandbox.setTrail(false);
  classic.build(stage);
  await classic.steps[0]?.act(stage);
  live = await serveLive(stage);
});
afterAll(async () => {
  await live.close();
  await stage.close();
});

const rules = (): number => stage.sandbox.cloud.groups.get(group)?.rules.size ?? 0;

const attempt = (id: string, headers: Readonly<Record<string, string>>) =>
  fetch(`${live.address}try/${id}`, { method: "POST", body: "{}", headers });

describe("the live page", () => {
  it("is the report of the AWS on this machine, on loopback alone", async () => {
    expect(live.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    const answer = await fetch(live.address);
    const page = await answer.text();
    expect(answer.headers.get("content-security-policy")).toBe("frame-ancestors 'none'");
    expect(page).toContain("tcp/80 to everybody (0.0.0.0/0)");
    expect(page).toMatch(/connect-src &#39;self&#39;/);
  });

  it("does what its own page asks for, and shows it", async () => {
    const events = await fetch(`${live.address}events`);
    const reader = (events.body ?? new ReadableStream<Uint8Array>()).getReader();
    const next = async (): Promise<string> =>
      new TextDecoder().decode((await reader.read()).value ?? new Uint8Array());
    expect(await next()).toMatch(/^event: update\ndata: \{"main":/);
    const own = { origin: live.address.slice(0, -1), "content-type": "application/json" };
    expect((await attempt("ipv6", own)).status).toBe(204);
    let told = "";
    while (!told.includes("from ::/0")) told += await next();
    await reader.cancel();
    const again = await attempt("ipv6", own);
    expect({ status: again.status, text: await again.text() }).toEqual({
      status: 409,
      text: expect.stringContaining("already exists") as string,
    });
    expect((await attempt("nothing", own)).status).toBe(404);
  });

  it.each([
    ["somebody else's page", { origin: "https://example.com" }],
    ["nobody's page", {}],
    ["another name for this machine", { host: "example.com", origin: "http://example.com" }],
  ])("does nothing for %s", async (_, headers) => {
    const before = rules();
    expect(before).toBeGreaterThan(0);
    // `fetch` does not let its caller name the host.
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const asked = request(`${live.address}try/http`, { method: "POST", headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      asked.on("error", reject);
      asked.end();
    });
    expect(status).toBe(403);
    expect(rules()).toBe(before);
  });
});
