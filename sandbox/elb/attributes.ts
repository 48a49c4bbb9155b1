import { awsError } from "../errors.ts";
import type { Operations } from "../operation.ts";
import type { ClassicAttributes } from "../state/elb.ts";
import { structure, structures, text, type Params } from "../wire/params.ts";
import { elbRequired, validation } from "./lookup.ts";
import { classicByName } from "./model.ts";
import { elbTrail } from "./trail.ts";

const defaults: ClassicAttributes = {
  crossZone: false,
  accessLog: false,
  draining: false,
  drainingSeconds: 300,
  idleSeconds: 60,
  desyncMode: "defensive",
};

const shape = (attributes: ClassicAttributes) => ({
  CrossZoneLoadBalancing: { Enabled: attributes.crossZone },
  AccessLog: { Enabled: attributes.accessLog },
  ConnectionDraining: attributes.draining
    ? { Enabled: true, Timeout: attributes.drainingSeconds }
    : { Enabled: false },
  ConnectionSettings: { IdleTimeout: attributes.idleSeconds },
  AdditionalAttributes: [{ Key: "elb.http.desyncmitigationmode", Value: attributes.desyncMode }],
});

/** What a request sets, over what there was. */
function changed(held: ClassicAttributes, wanted: Params): ClassicAttributes {
  const part = (name: string): Params => structure(wanted, name) ?? {};
  const on = (name: string, was: boolean): boolean =>
    (text(part(name), "Enabled") ?? String(was)) === "true";
  const number = (name: string, field: string, was: number): number =>
    Number(text(part(name), field) ?? was);
  const desync = structures(wanted, "AdditionalAttributes").find(
    (one) => text(one, "Key") === "elb.http.desyncmitigationmode",
  );
  const now = {
    crossZone: on("CrossZoneLoadBalancing", held.crossZone),
    accessLog: on("AccessLog", held.accessLog),
    draining: on("ConnectionDraining", held.draining),
    drainingSeconds: number("ConnectionDraining", "Timeout", held.drainingSeconds),
    idleSeconds: number("ConnectionSettings", "IdleTimeout", held.idleSeconds),
    desyncMode: desync === undefined ? held.desyncMode : (text(desync, "Value") ?? ""),
  };
  if (!(now.idleSeconds >= 1 && now.idleSeconds <= 4000))
    throw validation("ConnectionSettings idle timeout must be between 1 and 4000");
  return now;
}

export const classicAttributes: Operations = {
  DescribeLoadBalancerAttributes: {
    run: (cloud, params) => {
      const { attributes = defaults } = classicByName(
        cloud,
        elbRequired(params, "LoadBalancerName"),
      );
      return { LoadBalancerAttributes: shape(attributes) };
    },
  },

  ModifyLoadBalancerAttributes: {
    run: (cloud, params) => {
      const found = classicByName(cloud, elbRequired(params, "LoadBalancerName"));
      const wanted = structure(params, "LoadBalancerAttributes");
      if (wanted === undefined)
        throw awsError("ValidationError", "LoadBalancerAttributes must not be null");
      const attributes = changed(found.attributes ?? defaults, wanted);
      cloud.classic.set(found.name, { ...found, attributes });
      return { LoadBalancerName: found.name, LoadBalancerAttributes: shape(attributes) };
    },
    trail: elbTrail,
  },

  DescribeAccountLimits: {
    run: () => ({
      Limits: [
        { Name: "classic-load-balancers", Max: "20" },
        { Name: "classic-listeners", Max: "100" },
        { Name: "classic-registered-instances", Max: "1000" },
      ],
    }),
  },
};
