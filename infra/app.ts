import { existsSync } from "node:fs";
import { App, Stack } from "aws-cdk-lib";
import { Asset } from "aws-cdk-lib/aws-s3-assets";
import { type FunctionName, folderOf } from "./bundle.ts";
import { contextSettings } from "./context.ts";
import { buildStack, description } from "./stack.ts";

// What `cdk` runs (cdk.json): the functions' bundles become assets, the settings come from the context.
try {
  const app = new App({ analyticsReporting: false });
  const settings = contextSettings(app.node);
  const stack = new Stack(app, "elb-only", { description });
  buildStack(stack, settings, (name) => {
    const { s3BucketName: s3Bucket, s3ObjectKey: s3Key } = new Asset(stack, `${name}Code`, {
      path: bundled(name),
      exclude: ["*.map"],
    });
    return { s3Bucket, s3Key };
  });
  app.synth();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}

function bundled(name: FunctionName): string {
  const folder = folderOf(name);
  if (!existsSync(folder))
    throw new Error(
      `The function "${name}" is not bundled: ${folder} does not exist. Run "npm run build" first.`,
    );
  return folder;
}
