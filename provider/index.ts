/** The plugin's entry: it serves, prints its port, and leaves when whoever started it is gone. */

import { watchParent } from "./plugin/lifecycle";
import { serve } from "./plugin/serve";
import { ProviderServer } from "./plugin/server";

// Libraries would write to standard error what they see, a proxy's password among it.
delete process.env.DEBUG;

// The engine's address is the last argument; flags may stand before it.
const server = new ProviderServer({
  engineAddress: process.argv.slice(2).findLast((arg) => !arg.startsWith("-")),
});

watchParent(() => process.exit(0));
serve(server).then(
  ({ port }) => process.stdout.write(`${port}\n`),
  () => {
    process.stderr.write("The ucloud-redis plugin could not open a port on 127.0.0.1.\n");
    process.exit(1);
  },
);
