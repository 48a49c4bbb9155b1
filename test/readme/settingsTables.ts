import { allowedText, type Setting } from "../../lib/values/setting.ts";
import { settings } from "../../lib/values/settings.ts";
import { capitalized } from "../../infra/parameters.ts";
import { deploymentSettings, parameterNames } from "../../infra/settings.ts";

/** A table in Markdown. */
export const tableOf = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [heads, heads.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

const code = (text: string): string => (text === "" ? "" : `\`${text}\``);

/** Values are code, what a pattern stands for is prose; a long list of values is told by its ends. */
function allowedCell(setting: Setting): string {
  if ("pattern" in setting.allowed) return allowedText(setting);
  const { allowed } = setting;
  return allowed.length > 10
    ? `${code(allowed[0] ?? "")}, ${code(allowed[1] ?? "")} ... ${code(allowed.at(-1) ?? "")}, as CloudWatch has them`
    : allowed.map(code).join(", ");
}

const defaultCell = ({ default: standard, required }: Setting): string =>
  required === true ? "must be given" : code(standard ?? "");

/** What the functions read from their environment. */
export const variablesTable = (): string =>
  tableOf(
    ["variable", "function", "default", "allowed", "what it is"],
    Object.values(settings).map((setting) => [
      code(setting.variable),
      setting.readBy.join(", "),
      defaultCell(setting),
      allowedCell(setting),
      setting.about,
    ]),
  );

/** What a deployment can be told. */
export const deploymentTable = (): string =>
  tableOf(
    ["context", "parameter", "default", "allowed", "what it is"],
    Object.entries(deploymentSettings).map(([name, setting]) => [
      code(name),
      parameterNames.some((one) => one === name) ? code(capitalized(name)) : "",
      defaultCell(setting),
      allowedCell(setting),
      setting.about,
    ]),
  );
