import { afterEach, describe, expect, it, vi } from "vitest";
import { defaultProvider } from "../../infra/environment-credentials.ts";

describe("environment-credentials", () => {
  afterEach(() => vi.unstubAllEnvs());

  const environment = (
    id: string | undefined,
    secret: string | undefined,
    token?: string,
  ): void => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", id);
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", secret);
    vi.stubEnv("AWS_SESSION_TOKEN", token);
  };

  it("takes the key and its session from the environment", async () => {
    environment("AKIDEXAMPLE", "secret", "token");
    expect(await defaultProvider({})()).toEqual({
      accessKeyId: "AKIDEXAMPLE",
      secretAccessKey: "secret",
      sessionToken: "token",
    });
  });

  it("takes a key that has no session", async () => {
    environment("AKIDEXAMPLE", "secret");
    expect(await defaultProvider({})()).toEqual({
      accessKeyId: "AKIDEXAMPLE",
      secretAccessKey: "secret",
    });
  });

  it.each([
    [undefined, "secret", "AWS_ACCESS_KEY_ID not set"],
    ["AKIDEXAMPLE", "", "AWS_SECRET_ACCESS_KEY not set"],
    [undefined, undefined, "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY not set"],
  ])("says what is missing: %s, %s", async (id, secret, message) => {
    environment(id, secret);
    await expect(defaultProvider({})()).rejects.toThrow(message);
  });
});
