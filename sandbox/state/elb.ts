export interface ClassicListener {
  readonly protocol: string;
  readonly port: number;
  readonly instanceProtocol: string;
  readonly instancePort: number;
  readonly certificate?: string;
}

export interface HealthCheck {
  /** Like "HTTP:80/index.html" or "TCP:5000". */
  readonly target: string;
  readonly interval: number;
  readonly timeout: number;
  readonly unhealthy: number;
  readonly healthy: number;
}

export interface ClassicLoadBalancer {
  readonly name: string;
  /** Missing: EC2-Classic. */
  readonly vpc?: string;
  readonly subnets: readonly string[];
  readonly zones: readonly string[];
  readonly groups: readonly string[];
  readonly listeners: readonly ClassicListener[];
  readonly instances: readonly string[];
  readonly healthCheck: HealthCheck;
  readonly scheme: string;
  readonly created: Date;
  readonly tags: ReadonlyMap<string, string>;
  readonly interfaces: readonly string[];
  /** Missing: nobody changed them. */
  readonly attributes?: ClassicAttributes;
}

export interface ClassicAttributes {
  readonly crossZone: boolean;
  readonly accessLog: boolean;
  readonly draining: boolean;
  readonly drainingSeconds: number;
  readonly idleSeconds: number;
  readonly desyncMode: string;
}
