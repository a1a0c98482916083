/** The calls of Pulumi's provider protocol that the plugin answers. The engine accepts UNIMPLEMENTED for others. */

/** The calls, named as grpc-js names their handlers. */
export const METHODS = [
  ...([
    "handshake",
    "attach",
    "getPluginInfo",
    "getSchema",
    "checkConfig",
    "configure",
    "invoke",
    "cancel",
  ] as const),
  ...(["check", "diff", "create", "read", "update", "delete"] as const),
] as const;

/** One of {@link METHODS}. */
export type Method = (typeof METHODS)[number];

/** Where a call is found on the wire. */
export function getMethodPath(method: Method): string {
  return `/pulumirpc.ResourceProvider/${method.charAt(0).toUpperCase()}${method.slice(1)}`;
}
