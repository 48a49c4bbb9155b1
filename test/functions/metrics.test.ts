import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { namespace, service } from "../../infra/metrics.ts";

describe("measure", () => {
  const lines: string[] = [];
  beforeEach(() => {
    lines.length = 0;
    vi.resetModules();
    vi.stubEnv("POWERTOOLS_METRICS_DISABLED", "false");
    // Through the global console, which a test can listen to.
    vi.stubEnv("POWERTOOLS_DEV", "true");
    vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });
  const load = async () => (await import("../../functions/runtime/metrics.ts")).measure;

  it("writes one line of CloudWatch's embedded metrics, by service alone", async () => {
    const measure = await load();
    measure({ RulesAdded: 2, RulesRemoved: 0, ExposureSeconds: [41, 3.5] });
    expect(lines).toHaveLength(1);
    const { _aws: about, ...values } = JSON.parse(lines[0] ?? "");
    expect(values).toEqual({ service, RulesAdded: 2, RulesRemoved: 0, ExposureSeconds: [41, 3.5] });
    expect(about.CloudWatchMetrics).toEqual([
      {
        Namespace: namespace,
        Dimensions: [["service"]],
        Metrics: [
          { Name: "RulesAdded", Unit: "Count" },
          { Name: "RulesRemoved", Unit: "Count" },
          { Name: "ExposureSeconds", Unit: "Seconds" },
        ],
      },
    ]);
  });

  it("begins anew each time, and leaves out what nobody can say", async () => {
    const measure = await load();
    measure({ Armed: 1 });
    measure({ ExposureSeconds: [] });
    measure({ Armed: 0, ExposureSeconds: [] });
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ Armed: 1 }, { Armed: 0 }]);
    expect(lines[1]).not.toContain("ExposureSeconds");
  });

  it("writes as many lines as more than a hundred values take", async () => {
    const measure = await load();
    measure({ ExposureSeconds: Array.from({ length: 250 }, (_, n) => n) });
    expect(lines.flatMap((line) => JSON.parse(line).ExposureSeconds)).toEqual(
      Array.from({ length: 250 }, (_, n) => n),
    );
    expect(lines).toHaveLength(3);
  });
});
