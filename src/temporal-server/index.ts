export type { Progress } from './progress.js';
export { missingSearchAttributes, registerSearchAttributes, type SearchAttributeKeys } from './register-search-attributes.js';
export { resolveTemporalCli } from './resolve-temporal-cli.js';
export { resolveTimeSkippingServer } from './resolve-time-skipping-server.js';
export { startDevServer, type DevServer, type DevServerOptions } from './start-dev-server.js';
export { useOrStartServer, type TemporalServer } from './use-or-start-server.js';
export { freePort } from './free-port.js';
