import { defineConfig } from "vitest/config";

/** What judges a broken line: the tests of the pure rooms, and the laws on a few worlds that are the same for every mutant. */
export default defineConfig({
  test: {
    include: ["test/{values,triggers,plan,judge,messages,remediation,scenarios,laws}/**/*.test.ts"],
    setupFiles: ["test/mutation/sameWorlds.ts"],
    env: { LAWS_RUNS: "0.05" },
    isolate: false,
    clearMocks: true,
  },
});
