import type { Sandbox } from "../sandbox/sandbox.ts";
import { group } from "./classic.ts";
import type { Paper } from "./paper.ts";

type Place = Pick<Sandbox, "endpoint" | "region">;

interface Commands {
  readonly title: string;
  /** To paste into a shell. */
  readonly lines: readonly string[];
}

/** How to try it by hand, in a shell of one's own. */
export const invitation = (place: Place, page: string, paper: Paper): string => {
  const { colour } = paper;
  return [
    `\n${colour.bold(colour.cyan("Now you"))}. ${lookAt(page, paper)}\n`,
    `The AWS stays up at ${place.endpoint}. In another terminal:\n`,
    ...[byCurl(place), lookByCurl(place), byCli(place)].map(
      ({ title, lines }) => `\n${colour.dim(`# ${title}`)}\n${lines.join("\n")}\n`,
    ),
    `\n${colour.bold("Ctrl-C")} ends it. What is remediated shows up here.\n\n`,
  ].join("");
};

/** What a newcomer should open first. */
export const lookAt = (page: string, { colour }: Paper): string =>
  `Watch holes being closed, and open some: ${colour.bold(colour.cyan(page))}`;

const curl = ({ endpoint }: Place): string => `curl -s ${endpoint} -d Version=2016-11-15 \\`;

const byCurl = (place: Place): Commands => ({
  title: "Open port 80 by hand, and watch it close",
  lines: [
    curl(place),
    `  -d Action=AuthorizeSecurityGroupIngress -d GroupId=${group} \\`,
    "  -d IpProtocol=tcp -d FromPort=80 -d ToPort=80 -d CidrIp=0.0.0.0/0",
  ],
});

const lookByCurl = (place: Place): Commands => ({
  title: "Look at its rules",
  lines: [
    curl(place),
    "  -d Action=DescribeSecurityGroupRules \\",
    `  -d Filter.1.Name=group-id -d Filter.1.Value.1=${group}`,
  ],
});

/** Version 1 knows AWS_DEFAULT_REGION alone, and version 2 pages what it prints, which swallows the next command. */
const byCli = ({ endpoint, region }: Place): Commands => ({
  title: "The same with the AWS CLI, version 1 or 2",
  lines: [
    `export AWS_DEFAULT_REGION=${region} AWS_PAGER=""`,
    "export AWS_ACCESS_KEY_ID=AKIASANDBOXBOB AWS_SECRET_ACCESS_KEY=sandbox",
    `aws ec2 authorize-security-group-ingress --endpoint-url ${endpoint} \\`,
    `  --group-id ${group} --protocol tcp --port 80 --cidr 0.0.0.0/0`,
    `aws ec2 describe-security-group-rules --endpoint-url ${endpoint} \\`,
    `  --filters Name=group-id,Values=${group}`,
  ],
});
