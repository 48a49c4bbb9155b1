/** What people type after `aws`, and what has to be in the answer; a text is a part of the error. In order: some go by what those before them did. */
export const commands: readonly (readonly [command: string, answer: object | string])[] = [
  [
    "sts get-caller-identity",
    { Account: "123456789012", Arn: "arn:aws:iam::123456789012:user/alice" },
  ],
  [
    "sts assume-role --role-arn arn:aws:iam::123456789012:role/auditor --role-session-name me",
    { AssumedRoleUser: { Arn: "arn:aws:sts::123456789012:assumed-role/auditor/me" } },
  ],
  [
    "sts assume-role --role-arn arn:aws:iam::999999999999:role/x --role-session-name me",
    "AccessDenied",
  ],

  ["ec2 describe-regions", { Regions: [{ RegionName: "us-east-1" }] }],
  [
    "ec2 describe-availability-zones --filters Name=zone-name,Values=us-east-1a",
    { AvailabilityZones: [{ ZoneName: "us-east-1a" }] },
  ],
  [
    "ec2 describe-account-attributes --attribute-names default-vpc",
    { AccountAttributes: [{ AttributeName: "default-vpc" }] },
  ],
  ["ec2 describe-vpcs --filters Name=is-default,Values=true", { Vpcs: [{ VpcId: "{vpc}" }] }],
  [
    "ec2 describe-subnets --filters Name=vpc-id,Values={vpc} Name=default-for-az,Values=true --query Subnets[0]",
    { VpcId: "{vpc}" },
  ],
  ["ec2 describe-security-groups --group-ids {group}", { SecurityGroups: [{ GroupName: "web" }] }],
  ["ec2 describe-security-groups --group-names web", { SecurityGroups: [{ GroupId: "{group}" }] }],
  [
    "ec2 describe-security-groups --filters Name=tag:Team,Values=w*",
    { SecurityGroups: [{ GroupId: "{group}" }] },
  ],
  [
    "ec2 describe-security-groups --filters Name=tag-key,Values=Team Name=group-name,Values=web",
    { SecurityGroups: [{ GroupId: "{group}" }] },
  ],
  [
    "ec2 describe-security-groups --filters Name=ip-permission.cidr,Values=0.0.0.0/0",
    { SecurityGroups: [{ GroupId: "{group}" }] },
  ],
  [
    "ec2 describe-security-groups --filters Name=ip-permission.from-port,Values=8080 Name=ip-permission.group-id,Values={front}",
    { SecurityGroups: [{ GroupId: "{group}" }] },
  ],
  [
    "ec2 describe-security-groups --filters Name=ip-permission.from-port,Values=22",
    { SecurityGroups: [] },
  ],
  [
    "ec2 describe-security-groups --filters Name=egress.ip-permission.cidr,Values=0.0.0.0/0 Name=group-id,Values={front}",
    { SecurityGroups: [{ GroupId: "{front}" }] },
  ],
  ["ec2 describe-security-groups --group-ids sg-00000000000000000", "InvalidGroup.NotFound"],
  [
    "ec2 describe-security-groups --filters Name=no-such,Values=x",
    "The filter 'no-such' is invalid",
  ],
  ["ec2 describe-security-groups --dry-run", "DryRunOperation"],
  [
    "ec2 describe-security-group-rules --filters Name=group-id,Values={group} --max-items 1",
    { SecurityGroupRules: [{ GroupId: "{group}" }] },
  ],
  [
    "ec2 get-security-groups-for-vpc --vpc-id {vpc} --filters Name=group-name,Values=web",
    { SecurityGroupForVpcs: [{ GroupId: "{group}" }] },
  ],
  ["ec2 create-security-group --group-name cli --description made", { GroupId: /^sg-/ }],
  [
    "ec2 authorize-security-group-ingress --group-id {group} --protocol tcp --port 22 --cidr 203.0.113.0/24",
    { Return: true, SecurityGroupRules: [{ FromPort: 22 }] },
  ],
  [
    "ec2 authorize-security-group-ingress --group-id {group} --protocol tcp --port 22 --cidr 203.0.113.0/24",
    "InvalidPermission.Duplicate",
  ],
  [
    "ec2 authorize-security-group-ingress --group-id {group} --protocol tcp --port 443 --source-group {front}",
    { Return: true },
  ],
  [
    "ec2 authorize-security-group-egress --group-id {front} --ip-permissions IpProtocol=tcp,FromPort=80,ToPort=80,IpRanges=[{CidrIp=10.0.0.0/8}]",
    { Return: true },
  ],
  [
    "ec2 update-security-group-rule-descriptions-ingress --group-id {group} --ip-permissions IpProtocol=tcp,FromPort=22,ToPort=22,IpRanges=[{CidrIp=203.0.113.0/24,Description=office}]",
    { Return: true },
  ],
  [
    "ec2 update-security-group-rule-descriptions-ingress --group-id {group} --security-group-rule-descriptions SecurityGroupRuleId={rule},Description=all",
    { Return: true },
  ],
  [
    "ec2 describe-security-group-rules --security-group-rule-ids {rule}",
    { SecurityGroupRules: [{ Description: "all" }] },
  ],
  [
    "ec2 modify-security-group-rules --group-id {group} --security-group-rules SecurityGroupRuleId={rule},SecurityGroupRule={IpProtocol=tcp,FromPort=81,ToPort=81,CidrIpv4=0.0.0.0/0}",
    { Return: true },
  ],
  [
    "ec2 revoke-security-group-ingress --group-id {group} --protocol tcp --port 22 --cidr 203.0.113.0/24",
    { Return: true },
  ],
  [
    "ec2 revoke-security-group-ingress --group-id {group} --security-group-rule-ids {rule}",
    { Return: true },
  ],
  ["ec2 delete-security-group --group-name cli", { Return: true }],
  ["ec2 delete-security-group --group-id {front}", "DependencyViolation"],
  ["ec2 create-tags --resources {group} --tags Key=elb-only,Value=enforce", {}],
  [
    "ec2 describe-tags --filters Name=resource-id,Values={group} Name=key,Values=elb-only",
    { Tags: [{ Value: "enforce" }] },
  ],
  ["ec2 delete-tags --resources {group} --tags Key=elb-only", {}],

  [
    "ec2 describe-instances --instance-ids {instance}",
    { Reservations: [{ Instances: [{ InstanceId: "{instance}" }] }] },
  ],
  [
    "ec2 describe-instances --filters Name=tag:Name,Values=web-1 Name=instance-state-name,Values=running --query Reservations[].Instances[]",
    [{ InstanceId: "{instance}" }],
  ],
  [
    "ec2 describe-instances --filters Name=instance.group-name,Values=web --query length(Reservations)",
    2 as never,
  ],
  [
    "ec2 describe-instance-status --instance-ids {instance}",
    { InstanceStatuses: [{ InstanceStatus: { Status: "ok" } }] },
  ],
  [
    "ec2 describe-instance-attribute --instance-id {instance} --attribute groupSet",
    { Groups: [{ GroupId: "{group}" }] },
  ],
  [
    "ec2 describe-instance-attribute --instance-id {instance} --attribute disableApiTermination",
    { DisableApiTermination: { Value: false } },
  ],
  ["ec2 modify-instance-attribute --instance-id {instance} --disable-api-termination", {}],
  ["ec2 terminate-instances --instance-ids {instance}", "OperationNotPermitted"],
  ["ec2 modify-instance-attribute --instance-id {instance} --groups {group}", {}],
  [
    "ec2 run-instances --image-id ami-12345678 --count 1 --security-group-ids {group} --subnet-id {subnet}",
    { Instances: [{ State: { Name: "running" } }] },
  ],
  [
    "ec2 stop-instances --instance-ids {spare}",
    {
      StoppingInstances: [
        { CurrentState: { Name: "stopped" }, PreviousState: { Name: "running" } },
      ],
    },
  ],
  [
    "ec2 start-instances --instance-ids {spare}",
    { StartingInstances: [{ CurrentState: { Name: "running" } }] },
  ],
  ["ec2 reboot-instances --instance-ids {spare}", {}],
  [
    "ec2 terminate-instances --instance-ids {spare}",
    { TerminatingInstances: [{ CurrentState: { Name: "terminated" } }] },
  ],
  [
    "ec2 describe-network-interfaces --filters Name=group-id,Values={group} Name=status,Values=in-use Name=attachment.instance-id,Values={instance}",
    { NetworkInterfaces: [{ NetworkInterfaceId: "{eni}" }] },
  ],
  [
    "ec2 create-network-interface --subnet-id {subnet} --groups {group} --description second",
    { NetworkInterface: { Description: "second", Status: "pending" } },
  ],
  ["ec2 modify-network-interface-attribute --network-interface-id {eni} --groups {group}", {}],
  [
    "ec2 detach-network-interface --attachment-id eni-attach-00000000000000000",
    "InvalidAttachmentID.NotFound",
  ],

  [
    "ec2 describe-managed-prefix-lists --filters Name=prefix-list-name,Values=office",
    { PrefixLists: [{ PrefixListId: "{list}", Version: 1 }] },
  ],
  [
    "ec2 create-managed-prefix-list --prefix-list-name home --address-family IPv4 --max-entries 2 --entries Cidr=198.51.100.0/24,Description=home",
    { PrefixList: { PrefixListName: "home", Version: 1 } },
  ],
  [
    "ec2 modify-managed-prefix-list --prefix-list-id {list} --current-version 1 --add-entries Cidr=203.0.113.0/24",
    { PrefixList: { Version: 2 } },
  ],
  [
    "ec2 modify-managed-prefix-list --prefix-list-id {list} --current-version 1 --add-entries Cidr=203.0.113.0/24",
    "PrefixListVersionMismatch",
  ],
  [
    "ec2 get-managed-prefix-list-entries --prefix-list-id {list} --target-version 2",
    { Entries: [{ Cidr: "192.0.2.0/24" }, { Cidr: "203.0.113.0/24" }] },
  ],
  [
    "ec2 restore-managed-prefix-list-version --prefix-list-id {list} --previous-version 1 --current-version 2",
    { PrefixList: { Version: 3 } },
  ],
  [
    "ec2 get-managed-prefix-list-associations --prefix-list-id {list}",
    { PrefixListAssociations: [] },
  ],

  [
    "elb describe-load-balancers --load-balancer-names classic",
    { LoadBalancerDescriptions: [{ LoadBalancerName: "classic" }] },
  ],
  [
    "elb describe-load-balancer-attributes --load-balancer-name classic",
    { LoadBalancerAttributes: { ConnectionSettings: { IdleTimeout: 60 } } },
  ],
  [
    "elb modify-load-balancer-attributes --load-balancer-name classic --load-balancer-attributes ConnectionDraining={Enabled=true,Timeout=30}",
    { LoadBalancerAttributes: { ConnectionDraining: { Enabled: true, Timeout: 30 } } },
  ],
  [
    "elb describe-instance-health --load-balancer-name classic",
    { InstanceStates: [{ InstanceId: "{instance}" }] },
  ],
  [
    "elb describe-tags --load-balancer-names classic",
    { TagDescriptions: [{ Tags: [{ Key: "Team", Value: "edge" }] }] },
  ],
  ["elb describe-load-balancers --load-balancer-names nobody", "LoadBalancerNotFound"],
  [
    "elbv2 describe-load-balancers --names app",
    { LoadBalancers: [{ LoadBalancerArn: "{balancer}" }] },
  ],
  [
    "elbv2 describe-load-balancer-attributes --load-balancer-arn {balancer}",
    { Attributes: expectKey("deletion_protection.enabled", "false") },
  ],
  [
    "elbv2 modify-load-balancer-attributes --load-balancer-arn {balancer} --attributes Key=deletion_protection.enabled,Value=true",
    { Attributes: expectKey("deletion_protection.enabled", "true") },
  ],
  ["elbv2 delete-load-balancer --load-balancer-arn {balancer}", "OperationNotPermitted"],
  [
    "elbv2 describe-target-group-attributes --target-group-arn {targets}",
    { Attributes: expectKey("deregistration_delay.timeout_seconds", "300") },
  ],
  [
    "elbv2 modify-target-group-attributes --target-group-arn {targets} --attributes Key=deregistration_delay.timeout_seconds,Value=5",
    { Attributes: expectKey("deregistration_delay.timeout_seconds", "5") },
  ],
  [
    "elbv2 describe-target-groups --load-balancer-arn {balancer}",
    { TargetGroups: [{ TargetGroupName: "web" }] },
  ],
  [
    "elbv2 describe-target-health --target-group-arn {targets}",
    { TargetHealthDescriptions: [{ Target: { Id: "{instance}" } }] },
  ],
  [
    "elbv2 describe-listeners --load-balancer-arn {balancer}",
    { Listeners: [{ ListenerArn: "{listener}" }] },
  ],
  ["elbv2 describe-rules --listener-arn {listener}", { Rules: [{ IsDefault: true }] }],
  [
    "elbv2 describe-tags --resource-arns {balancer}",
    { TagDescriptions: [{ Tags: [{ Key: "Team", Value: "edge" }] }] },
  ],

  ["sqs list-queues --queue-name-prefix elb-only-notify", { QueueUrls: { $length: 2 } }],
  ["sqs create-queue --queue-name mine --attributes VisibilityTimeout=5", { QueueUrl: /mine/ }],
  ["sqs get-queue-url --queue-name elb-only-notify", { QueueUrl: "{queue}" }],
  [
    "sqs send-message --queue-url {queue} --message-body hello",
    { MD5OfMessageBody: "5d41402abc4b2a76b9719d911017c592" },
  ],
  [
    "sqs receive-message --queue-url {queue} --attribute-names All",
    { Messages: [{ Body: "hello" }] },
  ],
  [
    "sqs get-queue-attributes --queue-url {queue} --attribute-names QueueArn",
    { Attributes: { QueueArn: "arn:aws:sqs:us-east-1:123456789012:elb-only-notify" } },
  ],
  ["sqs purge-queue --queue-url {queue}", {}],
  ["sns list-topics", { Topics: [{ TopicArn: "{topic}" }, { TopicArn: /elb-only-alarms$/ }] }],
  ["sns get-topic-attributes --topic-arn {topic}", { Attributes: { TopicArn: "{topic}" } }],
  [
    "sns subscribe --topic-arn {topic} --protocol email --notification-endpoint me@example.com",
    { SubscriptionArn: /elb-only-alerts/ },
  ],
  [
    "sns list-subscriptions-by-topic --topic-arn {topic}",
    { Subscriptions: [{ Endpoint: "ops@example.com" }, { Endpoint: "me@example.com" }] },
  ],
  ["sns publish --topic-arn {topic} --message hello", { MessageId: /-/ }],

  ["events list-rules", { Rules: [{ Name: "changes", State: "ENABLED" }] }],
  ["events describe-rule --name changes", { EventPattern: '{"source":["aws.ec2"]}' }],
  ["events list-targets-by-rule --rule changes", { Targets: [{ Arn: /elb-only-enforce/ }] }],
  ["events disable-rule --name changes", {}],
  ["cloudtrail describe-trails", { trailList: [{ Name: "management-events" }] }],
  ["cloudtrail get-trail-status --name management-events", { IsLogging: true }],
  [
    "cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=StopInstances --max-items 1",
    { Events: [{ EventName: "StopInstances", Username: "alice" }] },
  ],
  [
    "cloudtrail lookup-events --lookup-attributes AttributeKey=ResourceName,AttributeValue={list} --max-items 1",
    { Events: [{ EventName: "RestoreManagedPrefixListVersion" }] },
  ],
  ["cloudtrail stop-logging --name management-events", {}],
  ["cloudtrail start-logging --name management-events", {}],
  [
    "resourcegroupstaggingapi get-resources --tag-filters Key=Team,Values=edge --resource-type-filters elasticloadbalancing:loadbalancer",
    { ResourceTagMappingList: [{ ResourceARN: /classic/ }, { ResourceARN: "{balancer}" }] },
  ],
  ["logs create-log-group --log-group-name mine", {}],
  ["logs describe-log-groups", { logGroups: [{ logGroupName: "mine" }] }],
  ["logs filter-log-events --log-group-name mine", { events: [] }],

  ["ec2 describe-volumes", "InvalidAction"],
  ["iam list-users", "InvalidAction"],
  ["logs describe-metric-filters", "UnknownOperationException"],
  ["dynamodb list-tables", { TableNames: ["elb-only-state"] }],
  ["lambda list-functions", "UnknownOperationException"],
  ["s3api list-buckets", "NotImplemented"],
];

function expectKey(key: string, value: string) {
  return { $includes: { Key: key, Value: value } };
}
