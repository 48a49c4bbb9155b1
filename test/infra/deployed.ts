import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Stack, Stage, type StackProps } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { afterAll } from "vitest";
import { templateStack } from "../../infra/template.ts";
import { contextSettings } from "../../infra/context.ts";
import { buildStack } from "../../infra/stack.ts";

// The CDK's own validation of each template takes seconds; `npm run template` does it once.
process.env["CDK_VALIDATION"] = "false";

const outdir = mkdtempSync(join(tmpdir(), "elb-only-app-"));
afterAll(() => rmSync(outdir, { recursive: true }));

export const newApp = (context: Readonly<Record<string, unknown>> = {}): App =>
  new App({ analyticsReporting: false, context, outdir });

export function templateOf(stack: Stack): Template {
  const assembly = Stage.of(stack)?.synth();
  if (assembly === undefined) throw new Error(`${stack.stackName} is in no app.`);
  return Template.fromJSON(
    assembly.getStackByName(stack.stackName).template as Record<string, unknown>,
  );
}

/** The stack as the CDK app makes it with this context, its functions' code being anywhere. */
export function stackWith(
  context: Readonly<Record<string, unknown>> = {},
  env: NonNullable<StackProps["env"]> = {},
): Stack {
  const app = newApp(context);
  const stack = new Stack(app, "elb-only", { env });
  buildStack(stack, contextSettings(app.node), (name) => ({
    s3Bucket: "code",
    s3Key: `${name}.zip`,
  }));
  return stack;
}

const made = new Map<string, Template>();

/** The template of `stackWith`, made once. */
export function deployed(context: Readonly<Record<string, unknown>> = {}): Template {
  const key = JSON.stringify(context);
  const template = made.get(key) ?? templateOf(stackWith(context));
  made.set(key, template);
  return template;
}

/** The stack with its settings as parameters. */
export const templated = (): Stack =>
  templateStack(newApp(), {
    enforce: "enforce-1.zip",
    verify: "verify-1.zip",
    notify: "notify-1.zip",
  });

export interface Resource {
  readonly Type: string;
  readonly Condition?: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

export const resourcesOf = (template: Template): Readonly<Record<string, Resource>> =>
  (template.toJSON() as { readonly Resources: Readonly<Record<string, Resource>> }).Resources;

export function propertiesOf(template: Template, id: string): Readonly<Record<string, unknown>> {
  const found = resourcesOf(template)[id];
  if (found === undefined)
    throw new Error(
      `There is no ${id}; there are ${Object.keys(resourcesOf(template)).join(", ")}`,
    );
  return found.Properties;
}

export interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: readonly string[];
  readonly Resource: readonly unknown[];
  readonly Principal?: unknown;
  readonly Condition?: Readonly<Record<string, unknown>>;
}

/** The statements of a role's own policy. */
export function statementsOf(template: Template, role: string): readonly Statement[] {
  const policies = propertiesOf(template, role)["Policies"] as readonly {
    readonly PolicyDocument: { readonly Statement: readonly Statement[] };
  }[];
  return policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

/** The statements of a queue's or a topic's policy. */
export const resourceStatementsOf = (template: Template, policy: string): readonly Statement[] =>
  (propertiesOf(template, policy)["PolicyDocument"] as { readonly Statement: readonly Statement[] })
    .Statement;

/** All actions that a role is allowed, once each, sorted. */
export const actionsOf = (template: Template, role: string): readonly string[] =>
  [...new Set(statementsOf(template, role).flatMap(({ Action }) => Action))].sort();
