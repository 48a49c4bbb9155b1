import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    clearMocks: true,
    testTimeout: 10_000,
    hookTimeout: 30_000,
  },
});
