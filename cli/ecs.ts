/** What of ECS a name means. */
export type EcsName =
  /** By which ECS attached a task's interface, as `aws ecs describe-tasks` and the interface's description say. */
  | { readonly kind: "attachment"; readonly attachment: string }
  /** "cluster/service", as ECS's own tags on an interface say. */
  | { readonly kind: "service"; readonly service: string }
  | { readonly kind: "task"; readonly task: string; readonly cluster?: string };

/** An ECS ARN, an attachment's id, a task's id, or a service within its cluster; undefined: none of these. */
export function ecsNameOf(name: string): EcsName | undefined {
  const [, resource = name] = /^arn:aws[\w-]*:ecs:[\w-]+:\d{12}:(.+)$/.exec(name) ?? [];
  const [kind, ...parts] = resource.split("/");
  const last = parts.at(-1) ?? "";
  if (kind === "attachment") return { kind, attachment: last };
  if (kind === "service" && parts.length === 2) return { kind, service: parts.join("/") };
  if (kind === "task")
    return { kind, task: last, ...(parts.length === 2 ? { cluster: parts[0] ?? "" } : {}) };
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name))
    return { kind: "attachment", attachment: name };
  if (/^[0-9a-f]{32}$/.test(name)) return { kind: "task", task: name };
  return /^[\w-]+\/[\w-]+$/.test(name) ? { kind: "service", service: name } : undefined;
}

/** How to find what EC2 does not know: a task's interface. Only ECS's API leads from one to the other. */
export const taskHint = ({ task, cluster }: Extract<EcsName, { readonly kind: "task" }>): string =>
  `EC2 does not know ECS tasks, and elb-only does not ask ECS. EC2 knows a task's network interface by ECS's attachment; this prints it:
  aws ecs describe-tasks --cluster ${cluster ?? "CLUSTER"} --tasks ${task} --query 'tasks[].attachments[].id' --output text
Then: elb-only explain with what it printed, or with cluster/service, the interface (eni-...) or its private address.`;
