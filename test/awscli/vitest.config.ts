import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/awscli/**/*.test.ts"],
    // The first command has Python load the AWS CLI and its models.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
