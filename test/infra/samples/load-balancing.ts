import type { Service } from "./service.ts";

const reply = (operation: string, body: string): string =>
  `<${operation}Response><${operation}Result>${body}</${operation}Result><ResponseMetadata><RequestId>req-1</RequestId></ResponseMetadata></${operation}Response>`;
const refusal = (code: string): string =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>no such thing</Message></Error><RequestId>req-2</RequestId></ErrorResponse>`;
const members = (...texts: readonly string[]): string =>
  texts.map((text) => `<member>${text}</member>`).join("");
const tags = `<Tags>${members("<Key>elb-only</Key><Value>enforce</Value>")}</Tags>`;

export const classic: Service = {
  client: "ElasticLoadBalancingClient",
  error: refusal("LoadBalancerNotFound"),
  operations: {
    DescribeLoadBalancers: {
      input: { LoadBalancerNames: ["my-clb", "other"], PageSize: 400, Marker: "page-2" },
      answer: reply(
        "DescribeLoadBalancers",
        `<LoadBalancerDescriptions>${members(
          `<LoadBalancerName>my-clb</LoadBalancerName><DNSName>my-clb.example.com</DNSName><Scheme>internet-facing</Scheme><VPCId>vpc-9</VPCId>` +
            `<ListenerDescriptions>${members("<Listener><Protocol>HTTP</Protocol><LoadBalancerPort>80</LoadBalancerPort><InstanceProtocol>TCP</InstanceProtocol><InstancePort>8080</InstancePort></Listener>")}</ListenerDescriptions>` +
            `<Instances>${members("<InstanceId>i-1</InstanceId>", "<InstanceId>i-2</InstanceId>")}</Instances><Subnets>${members("subnet-1")}</Subnets><SecurityGroups>${members("sg-0lb", "sg-0lc")}</SecurityGroups>` +
            "<HealthCheck><Target>HTTP:8081/ping</Target><Interval>30</Interval><Timeout>5</Timeout><UnhealthyThreshold>2</UnhealthyThreshold><HealthyThreshold>10</HealthyThreshold></HealthCheck>" +
            "<SourceSecurityGroup><OwnerAlias>amazon-elb</OwnerAlias><GroupName>amazon-elb-sg</GroupName></SourceSecurityGroup>",
        )}</LoadBalancerDescriptions><NextMarker>page-3</NextMarker>`,
      ),
    },
    DescribeTags: {
      input: { LoadBalancerNames: ["my-clb", "other"] },
      answer: reply(
        "DescribeTags",
        `<TagDescriptions>${members(`<LoadBalancerName>my-clb</LoadBalancerName>${tags}`)}</TagDescriptions>`,
      ),
    },
    DescribeInstanceHealth: {
      input: { LoadBalancerName: "my-clb", Instances: [{ InstanceId: "i-1" }] },
      answer: reply(
        "DescribeInstanceHealth",
        `<InstanceStates>${members("<InstanceId>i-1</InstanceId><State>InService</State><ReasonCode>N/A</ReasonCode>")}</InstanceStates>`,
      ),
    },
  },
};

const balancer = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/my-alb/1";
const targetGroup = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web/2";
const listener = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/my-alb/1/3";
const forward = `<Type>forward</Type><TargetGroupArn>${targetGroup}</TargetGroupArn><Order>1</Order><ForwardConfig><TargetGroups>${members(`<TargetGroupArn>${targetGroup}</TargetGroupArn><Weight>7</Weight>`)}</TargetGroups></ForwardConfig>`;

export const v2: Service = {
  client: "ElasticLoadBalancingV2Client",
  error: refusal("TargetGroupNotFound"),
  operations: {
    DescribeLoadBalancers: {
      input: { LoadBalancerArns: [balancer], PageSize: 400, Marker: "page-2" },
      answer: reply(
        "DescribeLoadBalancers",
        `<LoadBalancers>${members(
          `<LoadBalancerArn>${balancer}</LoadBalancerArn><LoadBalancerName>my-alb</LoadBalancerName><DNSName>my-alb.example.com</DNSName><Scheme>internal</Scheme><VpcId>vpc-9</VpcId><State><Code>active</Code></State><Type>network</Type>` +
            `<AvailabilityZones>${members("<ZoneName>eu-west-1a</ZoneName><SubnetId>subnet-1</SubnetId>")}</AvailabilityZones><SecurityGroups>${members("sg-0lb")}</SecurityGroups><IpAddressType>dualstack</IpAddressType>` +
            "<EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic>off</EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic>",
        )}</LoadBalancers><NextMarker>page-3</NextMarker>`,
      ),
    },
    DescribeTags: {
      input: { ResourceArns: [balancer, targetGroup] },
      answer: reply(
        "DescribeTags",
        `<TagDescriptions>${members(`<ResourceArn>${balancer}</ResourceArn>${tags}`)}</TagDescriptions>`,
      ),
    },
    DescribeTargetGroups: {
      input: {
        LoadBalancerArn: balancer,
        TargetGroupArns: [targetGroup],
        PageSize: 400,
        Marker: "page-2",
      },
      answer: reply(
        "DescribeTargetGroups",
        `<TargetGroups>${members(
          `<TargetGroupArn>${targetGroup}</TargetGroupArn><TargetGroupName>web</TargetGroupName><Protocol>TCP_UDP</Protocol><Port>8080</Port><VpcId>vpc-9</VpcId><HealthCheckProtocol>HTTP</HealthCheckProtocol><HealthCheckPort>traffic-port</HealthCheckPort><HealthCheckEnabled>true</HealthCheckEnabled>` +
            `<LoadBalancerArns>${members(balancer)}</LoadBalancerArns><TargetType>ip</TargetType><TargetControlPort>9000</TargetControlPort>`,
        )}</TargetGroups><NextMarker>page-3</NextMarker>`,
      ),
    },
    DescribeTargetHealth: {
      input: {
        TargetGroupArn: targetGroup,
        Targets: [{ Id: "i-1", Port: 8080, AvailabilityZone: "all" }],
      },
      answer: reply(
        "DescribeTargetHealth",
        `<TargetHealthDescriptions>${members("<Target><Id>i-1</Id><Port>8082</Port><AvailabilityZone>eu-west-1a</AvailabilityZone></Target><HealthCheckPort>8083</HealthCheckPort><TargetHealth><State>unhealthy</State><Reason>Target.Timeout</Reason><Description>Request timed out</Description></TargetHealth>")}</TargetHealthDescriptions>`,
      ),
    },
    DescribeListeners: {
      input: {
        LoadBalancerArn: balancer,
        ListenerArns: [listener],
        PageSize: 400,
        Marker: "page-2",
      },
      answer: reply(
        "DescribeListeners",
        `<Listeners>${members(`<ListenerArn>${listener}</ListenerArn><LoadBalancerArn>${balancer}</LoadBalancerArn><Port>443</Port><Protocol>HTTPS</Protocol><DefaultActions>${members(forward)}</DefaultActions>`)}</Listeners><NextMarker>page-3</NextMarker>`,
      ),
    },
    DescribeRules: {
      input: { ListenerArn: listener, PageSize: 400, Marker: "page-2" },
      answer: reply(
        "DescribeRules",
        `<Rules>${members(`<RuleArn>arn:rule</RuleArn><Priority>5</Priority><Actions>${members(forward)}</Actions><IsDefault>false</IsDefault>`)}</Rules><NextMarker>page-3</NextMarker>`,
      ),
    },
  },
};
