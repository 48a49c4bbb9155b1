import type { GroupReport } from "../../survey/groupReport.ts";
import type { Survey } from "../../survey/survey.ts";
import { isQuiet, standingOf, standings } from "../standing.ts";
import { type Graph, graphOf } from "./graph.ts";

/** A picture with more groups than these is several. */
const mostGroups = 12;

/** A picture for all groups that share load balancers or interfaces, the worst first. */
export const graphsOf = (survey: Survey): readonly Graph[] =>
  connected(survey.reports)
    .flatMap(slices)
    .sort((a, b) => rank(a) - rank(b))
    .map((reports) => graphOf(reports, survey));

const order = Object.keys(standings);

const rank = (reports: readonly GroupReport[]): number =>
  Math.min(...reports.map((one) => order.indexOf(standingOf(one))));

/** Groups that hang together: by a load balancer, or by an interface that both are attached to. */
function connected(reports: readonly GroupReport[]): readonly (readonly GroupReport[])[] {
  const parent = new Map<string, string>();
  const rootOf = (key: string): string => {
    let at = key;
    for (let up = parent.get(at); up !== undefined && up !== at; up = parent.get(at)) at = up;
    parent.set(key, at);
    return at;
  };
  for (const { group, loadBalancers, attached } of reports)
    for (const key of [
      ...loadBalancers.map(({ id }) => id),
      ...attached.map((one) => one.interface),
    ])
      parent.set(rootOf(key), rootOf(group));
  return [...Map.groupBy(reports, ({ group }) => rootOf(group)).values()];
}

/** Those with something to see first, in pictures of a size that can be taken in. */
function slices(reports: readonly GroupReport[]): readonly (readonly GroupReport[])[] {
  const loud = reports.filter((one) => !isQuiet(one));
  if (loud.length <= mostGroups) return [reports];
  const quiet = reports.filter(isQuiet);
  const sorted = [...loud].sort(
    (a, b) => order.indexOf(standingOf(a)) - order.indexOf(standingOf(b)),
  );
  const parts = Array.from({ length: Math.ceil(sorted.length / mostGroups) }, (_, place) =>
    sorted.slice(place * mostGroups, (place + 1) * mostGroups),
  );
  return [...parts, ...(quiet.length === 0 ? [] : [quiet])];
}
