import { defineConfig, type TestProjectConfiguration } from "vitest/config";

/** Tests that keep nothing for themselves share their workers: what they import is loaded once. */
const sharing = { isolate: false, pool: "threads" } as const;

const project = (
  name: string,
  files: string,
  how: { readonly isolate?: boolean; readonly pool?: "threads" } = {},
): TestProjectConfiguration => ({
  extends: true,
  test: { name, include: [`test/${files}.test.ts`], ...how },
});

export default defineConfig({
  test: {
    clearMocks: true,
    testTimeout: 10_000,
    hookTimeout: 30_000,
    projects: [
      project("unit", "{values,triggers,plan,judge,messages,remediation,scenarios}/**/*", sharing),
      project("laws", "laws/**/*", sharing),
      project("aws", "{aws,functions}/**/*"),
      project("sandbox", "{sandbox,demo}/**/*"),
      project("infra", "{infra/**/*,readme/**/*,walls,names}"),
    ],
    coverage: {
      include: ["{lib,functions,demo,infra,sandbox}/**/*.ts"],
      reporter: ["text", "html"],
    },
  },
});
