/**
 * The plugin's entry: it opens a port, prints it, serves, and leaves when whoever started it is gone. The port goes out
 * before most of the plugin is loaded: whoever reads it connects meanwhile, and the first call waits in its socket.
 */

import { type AddressInfo, createServer } from "node:net";
import { takeStarterId, watchParent } from "./plugin/parentWatch";

// Libraries would write to standard error what they see, a proxy's password among it.
delete process.env.DEBUG;

watchParent(() => process.exit(0), { starterId: takeStarterId(process.env, process.pid) });

const listener = createServer()
  .listen(0, "127.0.0.1", () => {
    process.stdout.write(`${(listener.address() as AddressInfo).port}\n`);
    // In the same turn, so that no connection comes before it is waited for.
    /* eslint-disable @typescript-eslint/no-require-imports -- an import would be loaded before the port is there */
    const { listen } = require("./plugin/listen") as typeof import("./plugin/listen");
    const { Provider } = require("./plugin/provider") as typeof import("./plugin/provider");
    // The engine's address is the last argument; flags may stand before it.
    const engineAddress = process.argv.slice(2).findLast((arg) => !arg.startsWith("-"));
    listen(listener, new Provider({ engineAddress }));
  })
  .on("error", () => {
    // Then it is about one connection, which could not be taken.
    if (listener.listening) return;
    process.stderr.write("The ucloud-redis plugin could not open a port on 127.0.0.1.\n");
    process.exit(1);
  });
