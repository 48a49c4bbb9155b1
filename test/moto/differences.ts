/** Something that moto does otherwise than AWS. */
export interface Difference {
  /** What moto does, and what is known of AWS. */
  readonly because: string;
  /** Part of the message, or of the comparison, with which the contract's test fails on moto: so and not otherwise. */
  readonly shows: string;
}

const accepted = "The call was to be refused and was not.";

/**
 * Every test of the contract that moto is known to fail, by its name. AWS's side is the test itself, from AWS's guides and API models;
 * where AWS and moto disagree, AWS is right, and the sandbox does as AWS does.
 */
export const differences: Readonly<Record<string, Difference>> = {
  "AuthorizeSecurityGroupIngress > masks and compresses CIDRs before it compares": {
    because:
      "moto keeps a CIDR as it was written; EC2 makes it canonical (100.68.0.18/18 becomes 100.68.0.0/18) before it compares",
    shows: '+   "tcp 80-80 100.68.0.18/18"',
  },
  "AuthorizeSecurityGroupIngress > takes a batch as a whole or not at all": {
    because:
      "moto applies a batch one permission after the other, and then raises; so it calls a permission given twice a duplicate of the first",
    shows: '+   "code": "InvalidPermission.Duplicate"',
  },
  "AuthorizeSecurityGroupIngress > counts IPv4 and IPv6 apart, and a group in both": {
    because: "moto has one quota for both address families; EC2 counts 60 of each",
    shows: "The maximum number of rules per security group has been reached.",
  },
  "AuthorizeSecurityGroupIngress > refuses a description with a character that is not allowed": {
    because: "moto takes any description; EC2's API model names the characters",
    shows: accepted,
  },
  "AuthorizeSecurityGroupIngress > refuses a description with more than 255 characters": {
    because: "moto takes any description; EC2's API model says 255",
    shows: accepted,
  },
  "AuthorizeSecurityGroupIngress > refuses a group of another VPC as a source": {
    because:
      "moto finds a group wherever it is; in EC2 a reference works in the same or a connected VPC",
    shows: accepted,
  },
  "RevokeSecurityGroupIngress > in a default VPC revokes what it finds and lists what it does not":
    {
      because:
        "moto makes no difference for default VPCs; EC2 answers a mismatch there with UnknownIpPermissions, and no error",
      shows: "The specified rule does not exist in this security group",
    },
  "RevokeSecurityGroupIngress > in another VPC revokes nothing if anything does not match": {
    because:
      "moto revokes one permission after the other, and then raises; EC2 revokes nothing of such a batch",
    shows: '-   "tcp 80-80 0.0.0.0/0"',
  },
  "RevokeSecurityGroupIngress > wants a description that is given to be the rule's own": {
    because:
      "moto leaves a CIDR's description out of the comparison; EC2 wants an exact match where one is given",
    shows: accepted,
  },
  "RevokeSecurityGroupIngress > revokes nothing by ids if it does not know one": {
    because:
      "moto has another code for an unknown id than EC2's InvalidSecurityGroupRuleId.NotFound",
    shows: '-   "code": "InvalidSecurityGroupRuleId.NotFound"',
  },
  "ModifySecurityGroupRules > edits in place: the id and the tags stay": {
    because: "moto keeps a CIDR as it was written; in place it edits as EC2 does",
    shows: '+     "CidrIpv4": "192.0.2.7/24"',
  },
  "ModifySecurityGroupRules > does not change the kind of a source, nor make a second one of the same":
    {
      because:
        "moto overwrites any field; EC2 changes ports, CIDR and description, not the kind of source",
      shows: accepted,
    },
  "DeleteSecurityGroup > refuses a group that another one's rule refers to": {
    because: "moto does not look for references; EC2 answers DependencyViolation",
    shows: accepted,
  },
  "describing > pages by MaxResults": {
    because: "moto ignores MaxResults for groups, rules and interfaces",
    shows: "to have a length of 5 but got 7",
  },
  "describing > refuses MaxResults of 4": {
    because: "moto ignores MaxResults; EC2's API model says 5 to 1000",
    shows: accepted,
  },
  "describing > refuses MaxResults of 1001": {
    because: "moto ignores MaxResults; EC2's API model says 5 to 1000",
    shows: accepted,
  },
  "describing > tells the description of a rule from a group, too": {
    because:
      "moto leaves it out of DescribeSecurityGroupRules (and DescribeSecurityGroups shows it): to remove such a rule by its properties fails",
    shows: '-   "the proxy"',
  },
  "describing > refuses a filter that it does not know": {
    because: "moto answers what it does not implement with status 500 and a page of HTML",
    shows: '+   "status": 500',
  },
  "describing > refuses a group id that is none": {
    because: "moto does not look at an id's form: such a group is not found",
    shows: '+   "code": "InvalidGroup.NotFound"',
  },
  "an instance > can have a secondary interface with groups of its own": {
    because: "in moto an instance's own SecurityGroups can be empty; its interfaces have theirs",
    shows: "expected [] to deeply equal",
  },
  "an instance > changes its primary interface by ModifyInstanceAttribute": {
    because: "moto adds the groups to those that are attached; EC2 replaces them",
    shows: '+     "sg-',
  },
  "an instance > cannot wear more than five groups, nor one of another VPC": {
    because: "moto sets groups without looking at them",
    shows: accepted,
  },
  "a Classic Load Balancer > has an interface in each subnet, managed by amazon-elb, that wears its groups":
    {
      because: "moto's load balancers have no interfaces",
      shows: "expected [] to deeply equal",
    },
  "a Classic Load Balancer > dresses them in other groups, and takes them with it": {
    because: "moto's load balancers have no interfaces: their groups can be deleted",
    shows: accepted,
  },
  "a Classic Load Balancer > names its group's name, and the account, as its source group": {
    because: 'moto always names "default"',
    shows: '+   "GroupName": "default"',
  },
  "a Classic Load Balancer > checks the first listener's instance port, and speaks to instances as to clients, unless told otherwise":
    {
      because: "moto has no health check by default, and loses InstanceProtocol",
      shows: "expected undefined to be 'TCP:8080'",
    },
  "a Classic Load Balancer > does not register an instance that is not there": {
    because: "moto does not look for the instance",
    shows: accepted,
  },
  "a Classic Load Balancer > is shown in pages": {
    because: "moto takes any PageSize; ELB's API model says 1 to 400",
    shows: accepted,
  },
  "a Classic Load Balancer > tells the tags of twenty at most": {
    because: "moto takes any number of names; ELB's API model says 20",
    shows: accepted,
  },
  "a load balancer's network interfaces > of type application are managed by amazon-elb, one a subnet, and wear its groups":
    {
      because: "moto's load balancers have no interfaces",
      shows: "to have a length of 2 but got +0",
    },
  "a load balancer's network interfaces > of type network are managed by amazon-elb, one a subnet, and wear its groups":
    {
      because: "moto's load balancers have no interfaces",
      shows: "to have a length of 2 but got +0",
    },
  "a Network Load Balancer without groups > names none, and gets none later": {
    because:
      "moto sets groups of any load balancer; ELB only those of a Network Load Balancer that was made with groups",
    shows: accepted,
  },
  "an Application Load Balancer > wants two zones, and a listener of its protocols": {
    because: "moto counts no zones, and does not look at a listener's protocol",
    shows: accepted,
  },
  "a target group > holds one machine on several ports": {
    because:
      "moto keeps the last registration of a target, and says traffic-port where ELB says the port",
    shows: '+     "traffic-port"',
  },
  "a target group > knows a control port": {
    because: "moto has no target control ports",
    shows: "expected undefined to be 3000",
  },
  "a target group > is used through a weighted forward": {
    because: "moto shows only the first target group of a weighted forward as the load balancer's",
    shows: "expected [ Array(1) ] to deeply equal",
  },
  "a target group > is not used once its listener is deleted": {
    because: "moto keeps the load balancer of a target group when the listener goes",
    shows: ":loadbalancer/app/",
  },
  "a target group > takes no instance that is not there, and says nothing of losing one": {
    because: "moto does not look for the instance",
    shows: accepted,
  },
  "a target group > drains what it loses while it is in use": {
    because: "moto forgets a target at once",
    shows: "expected [] to deeply equal",
  },
  "a target's health > follows the rules of its groups": {
    because: "moto's targets are always healthy",
    shows: '+     "healthy"',
  },
  "a target's health > follows the load balancer's way out": {
    because: "moto's targets are always healthy",
    shows: '+     "healthy"',
  },
  "a target's health > is unused without a load balancer": {
    because: "moto's targets are always healthy",
    shows: '+     "healthy"',
  },
  "a target's health > of an instance at a Classic Load Balancer follows the rules, too": {
    because: "moto's instances are always in service",
    shows: '+     "InService"',
  },
  "DescribeTags > tells the tags of twenty at most, all of which exist": {
    because: "moto takes any number of ARNs, and does not look whether they exist",
    shows: accepted,
  },
};

/** Sample events for which moto's EventBridge decides otherwise than AWS's would, and why. */
export const deliveries: Readonly<Record<string, string>> = {
  "aws.ec2.CreateTags.other-keys":
    "moto does not look into lists of objects: a key in one of them is absent, and our patterns take that, too",
  "aws.elasticloadbalancing.AddTags.v2-other-keys":
    "moto does not look into lists of objects, as above",
};
