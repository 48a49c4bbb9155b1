/** Of a group or a load balancer: its mode. */
export const modeTag = "elb-only";
/** Of a group: `all` governs every tcp and udp port but the protected ones. */
export const portsTag = "elb-only:ports";
/** Of a rule: why it is kept. */
export const keepTag = "elb-only:keep";
/** Of a rule: the last day on which it is kept, to its end in UTC. */
export const keepUntilTag = "elb-only:keep-until";
/** Of a rule: ours, for this load balancer. */
export const loadBalancerTag = "elb-only:load-balancer";
