import { describe, expect, it } from "vitest";
import { deployed, resourcesOf } from "../infra/deployed.ts";
import { alarmsTable } from "./alarmsTable.ts";
import { document, read } from "./documents.ts";
import { generatedIn } from "./generated.ts";
import { deploymentTable } from "./settingsTables.ts";

const path = document("infra/README.md");
const template = deployed({ alertEmail: "ops@example.com" });

describe("infra/README.md (`npm run docs` writes its tables anew)", () => {
  it("lists the settings of a deployment", () => {
    expect(generatedIn(path, "settings", deploymentTable())).toBe(deploymentTable());
  });

  it("lists the template's alarms", () => {
    const table = alarmsTable(template);
    expect(generatedIn(path, "alarms", table)).toBe(table);
  });

  it("counts in its costs the alarms that the template has", () => {
    const alarms = Object.values(resourcesOf(template)).filter(
      ({ Type }) => Type === "AWS::CloudWatch::Alarm",
    );
    expect(read("infra/README.md")).toContain(`| alarms: ${alarms.length} |`);
  });
});
