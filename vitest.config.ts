import { defineConfig, type TestProjectConfiguration } from "vitest/config";

const project = (name: string, files: string): TestProjectConfiguration => ({
  extends: true,
  test: { name, include: [`test/${files}.test.ts`] },
});

export default defineConfig({
  test: {
    // Test files share their workers, so that what they import is loaded once: none may leave anything behind.
    isolate: false,
    pool: "threads",
    clearMocks: true,
    testTimeout: 10_000,
    hookTimeout: 30_000,
    projects: [
      project(
        "unit",
        "{values,triggers,plan,judge,evidence,report,messages,remediation,scenarios}/**/*",
      ),
      project("laws", "laws/**/*"),
      project("aws", "{aws,functions}/**/*"),
      project("sandbox", "{sandbox,demo,attacks,faults,field}/**/*"),
      project("cli", "cli/**/*"),
      project("browser", "browser/**/*"),
      project("infra", "{infra/**/*,readme/**/*,walls,names}"),
    ],
    coverage: {
      include: ["{lib,functions,demo,infra,sandbox,cli}/**/*.ts"],
      reporter: ["text", "html"],
    },
  },
});
