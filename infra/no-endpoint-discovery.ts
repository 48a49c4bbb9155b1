// Stands in the bundles for the SDK's endpoint discovery, which DynamoDB has long done without: tables are where the region's endpoint is.

const nothing = (): undefined => undefined;

export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = {
  environmentVariableSelector: nothing,
  configFileSelector: nothing,
  default: undefined,
};

export const resolveEndpointDiscoveryConfig = <Config>(config: Config): Config => config;
