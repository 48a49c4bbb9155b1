import { describe, expect, it } from "vitest";
import { regionOf } from "../../bench/region.ts";
import { layOut, type PlacedNode } from "../../lib/report/picture/layout.ts";
import { graphsOf } from "../../lib/report/picture/pictures.ts";
import { survey } from "../../lib/survey/survey.ts";
import { policy, streetSurvey } from "./scene.ts";

const graphs = graphsOf(streetSurvey);

const overlap = (a: PlacedNode, b: PlacedNode): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe("graphsOf", () => {
  it("makes a picture for groups that share a load balancer, the worst first", () => {
    expect(
      graphs.map(({ nodes }) =>
        nodes.filter(({ kind }) => kind === "loadBalancer").map(({ title }) => title),
      ),
    ).toEqual([["shop"], ["legacy-elb"], ["games"], ["hostile"], ["payments"]]);
  });

  it("lets everybody in where they get in, and says why the exempt may", () => {
    const edges = graphs.flatMap((graph) => graph.edges);
    expect(edges).toContainEqual({
      from: "source internet 0.0.0.0/0 ",
      to: "group sg-shop-web",
      kind: "internet",
      label: "tcp/8080-8081",
      why: "audited",
    });
    const exempt = graphs
      .flatMap(({ nodes }) => nodes)
      .filter(({ standing, kind }) => kind === "source" && standing === "exempt");
    expect(exempt).toMatchObject([
      { title: "203.0.113.7/32", detail: "kept until 2026-12-31 (card network)" },
    ]);
  });

  it("puts groups with nothing to see together, where they are many", () => {
    const titles = graphs[0]?.nodes.map(({ title }) => title);
    expect(titles).toContain("5 more groups");
    expect(titles).not.toContain("blog");
  });

  it("shows every group in one picture, and none with more than can be taken in", () => {
    const size = {
      groups: 200,
      rulesPerGroup: 20,
      loadBalancers: 2,
      inBaseline: 0,
      isAdmitted: true,
    };
    const large = survey({ region: "eu-west-1", snapshot: regionOf(size) }, policy);
    const shown = graphsOf(large).map(({ reports }) => reports.map(({ group }) => group));
    expect(shown.flat().sort()).toEqual(large.reports.map(({ group }) => group).sort());
    for (const { nodes } of graphsOf(large))
      expect(nodes.filter(({ kind }) => kind === "group").length).toBeLessThanOrEqual(13);
  });
});

describe("layOut", () => {
  it("gives everything a place of its own, from left to right", async () => {
    const layouts = await layOut(graphs);
    expect(layouts).toHaveLength(graphs.length);
    for (const { nodes, edges, width, height } of layouts) {
      for (const [place, node] of nodes.entries()) {
        expect(node.x + node.width).toBeLessThanOrEqual(width);
        expect(node.y + node.height).toBeLessThanOrEqual(height);
        expect(nodes.slice(place + 1).filter((other) => overlap(node, other))).toEqual([]);
      }
      for (const { points, from, to } of edges) {
        expect(points.length).toBeGreaterThanOrEqual(2);
        const [left, right] = [from, to].map(
          (id) => nodes.find((node) => node.id === id)?.x ?? NaN,
        );
        expect(left).toBeLessThan(right ?? NaN);
      }
    }
  });
});
