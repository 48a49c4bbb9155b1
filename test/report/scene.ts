import { survey, type Survey } from "../../lib/survey/survey.ts";
import { defaultPolicy, type Policy } from "../../lib/values/policy.ts";
import {
  application,
  classic,
  database,
  front,
  group,
  instance,
  network,
  region,
  rule,
  tagged,
  target,
  task,
} from "../support/builders.ts";
import { snapshotOf } from "../support/region.ts";

/** What somebody may call a group who wishes us ill. */
export const hostileName = "</script><img src=x onerror=alert(1)>\u202e";

const enforced = { "elb-only": "enforce" };

/** One of everything that a report shows: open, open to others, exempt, refused, audited, protected, and a hostile one. */
const street = region({
  groups: [
    group("sg-shop-alb", "tcp 443 0.0.0.0/0"),
    group("sg-pay-alb", "tcp 443 0.0.0.0/0"),
    group("sg-old-elb", "tcp 80 0.0.0.0/0"),
    group(
      "sg-shop-web",
      rule("tcp 8000-8999 0.0.0.0/0", { description: "all of the web tier, for the launch" }),
      "tcp 22 10.0.0.0/8",
      "tcp 8080 ::/0",
    ),
    tagged(group("sg-shop-api", "tcp 9090 sg-shop-alb"), enforced),
    tagged(
      group(
        "sg-pay-api",
        "tcp 8443 sg-pay-alb",
        rule("tcp 8443 203.0.113.7/32", {
          description: "the card network calls us",
          tags: {
            "elb-only:keep": "tcp/8443 203.0.113.7/32 card network",
            "elb-only:keep-until": "2026-12-31",
          },
        }),
      ),
      enforced,
    ),
    group("sg-pay-batch", "tcp 7000 10.20.0.0/16"),
    group("sg-search", "tcp 9200 10.0.0.0/8", "tcp 5432 sg-shop-web"),
    tagged(group("sg-legacy", "tcp 80 0.0.0.0/0", "tcp 22 0.0.0.0/0"), { "elb-only": "ignore" }),
    group("sg-games", "udp 4000 0.0.0.0/0"),
    ...["blog", "docs", "help", "jobs"].map((name) =>
      tagged(group(`sg-${name}`, "tcp 3000 sg-shop-alb"), enforced),
    ),
    { ...group("sg-hostile", "tcp 6666 0.0.0.0/0"), name: hostileName },
  ],
  interfaces: [
    instance("i-0shopweb1", ["sg-shop-web"]),
    instance("i-0shopweb2", ["sg-shop-web"]),
    instance("i-0shopweb3", ["sg-shop-web"]),
    instance("i-0shopapi1", ["sg-shop-api"]),
    instance("i-0payapi1", ["sg-pay-api"]),
    instance("i-0payapi2", ["sg-pay-api"]),
    task("eni-0paybatch", ["sg-pay-batch"], "10.0.3.7"),
    instance("i-0search1", ["sg-search"]),
    database("eni-0search", ["sg-search"], "10.0.4.31"),
    instance("i-0legacy", ["sg-legacy"]),
    instance("i-0games1", ["sg-games"]),
    instance("i-0games2", ["sg-games"]),
    ...["blog", "docs", "help", "jobs"].map((name) => instance(`i-0${name}`, [`sg-${name}`])),
    instance("i-0hostile", ["sg-hostile"]),
    front("eni-shop-alb", ["sg-shop-alb"], "10.0.0.5"),
    front("eni-pay-alb", ["sg-pay-alb"], "10.0.0.6"),
    front("eni-old-elb", ["sg-old-elb"], "10.0.0.7"),
  ],
  loadBalancers: [
    application("shop", {
      groups: ["sg-shop-alb"],
      targets: [
        ...[1, 2, 3].map((number) => target(`i-0shopweb${number}`, 8080, 8081)),
        target("i-0shopapi1", 9090),
        target("i-0search1", 9200),
        ...["blog", "docs", "help", "jobs"].map((name) => target(`i-0${name}`, 3000)),
      ],
    }),
    application("payments", {
      groups: ["sg-pay-alb"],
      targets: [target("i-0payapi1", 8443), target("i-0payapi2", 8443), target("10.0.3.7", 7000)],
    }),
    classic("legacy-elb", { groups: ["sg-old-elb"], targets: [target("i-0legacy", 80)] }),
    network("games", {
      targets: [target("i-0games1", "udp 4000"), target("i-0games2", "udp 4000")],
    }),
    application("hostile", { groups: ["sg-old-elb"], targets: [target("i-0hostile", 6666)] }),
  ],
});

export const policy: Policy = defaultPolicy;

const backEnds = street.groups.map(({ id }) => id).filter((id) => !/-(?:alb|elb)$/.test(id));

const streetPicture = { region: "eu-west-1", snapshot: snapshotOf(street, backEnds) };

export const streetSurvey: Survey = survey(streetPicture, policy);
