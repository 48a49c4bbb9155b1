import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/moto/**/*.test.ts"],
    globalSetup: ["test/moto/server.ts"],
    // One moto for all, which is emptied between tests.
    fileParallelism: false,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
