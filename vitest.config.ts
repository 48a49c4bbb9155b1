import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // They need Python: npm run test:moto.
    exclude: ["test/moto/**"],
    clearMocks: true,
    testTimeout: 10_000,
    hookTimeout: 30_000,
  },
});
