/**
 * The plugin's entry. It opens a port, prints it, serves the provider, and exits when the process that
 * started it is gone. The rest of this comment is the overview of `provider/`. Read it first.
 *
 * What it does. Functions look up backups of UCloud Redis databases, pins keep one of them in state, and
 * restored databases are made from one. A call goes from a host (`plugin/` or `dynamic/`) through a session
 * (`engine/`), which turns settings into a context, to a lookup (`backups/`) or an operation on a restored
 * database (`restore/`), which make signed requests (`ucloud/`). Results and messages go the same way back.
 *
 *     schema.json      the contract: functions, types, resources and settings, with the text that users read
 *     schemaTypes.ts   the contract's types, generated from schema.json
 *     plugin/          host one: Pulumi's provider protocol, as a process of its own
 *     dynamic/         host two, the "twin": the same names inside a Node.js program, without a plugin
 *     commands/        host three: `ucloud-redis-backups` and `ucloud-redis-check`, without Pulumi
 *     engine/          what hosts need: the lookup session, connections, unknown values, secret settings
 *     contract/        what the API's answers should be, and how they differ; for `ucloud-redis-check`
 *     restore/         from a backup to a database: plan, creation, wait, changes, deletion; knows no Pulumi
 *     backups/         what a backup is: rows to model, filters, the newest usable one, pins; knows no Pulumi
 *     ucloud/          the signed API: settings, client, writer, retries, errors, paging; knows nothing of backups/
 *
 * A folder imports only the two schema files and folders below it in this list, and the hosts do not import
 * each other. `contract/` imports only `ucloud/`, and is imported only by `commands/`. The linter checks that.
 *
 * Why the plugin speaks the protocol itself. Pulumi's helper for Node.js (`pulumi.provider.main`) ignores
 * Configure and does not implement CheckConfig, so it has no settings. It passes secrets to functions as
 * wrapped objects, and prints stack traces. It also needs the language host and `@pulumi/pulumi` beside the
 * plugin. On raw gRPC, the plugin
 * - is a few bundled files that need nothing but `node`, for programs in every language;
 * - refuses bad settings by name, without printing a value, and marks the keys as secret;
 * - aborts its requests on Cancel, which matters because the engine waits for a running Create;
 * - prints its port before most of its code is loaded, and answers the engine's first two calls before the
 *   provider is (see plugin/bundles.ts). The engine connects in the meantime, and its first call waits in the
 *   socket. Standard output carries only the port, since the engine reads its first line.
 *
 * Why the plugin keeps compiled code. An engine waits for the first answer, and half of that time was V8
 * compiling. plugin/codeCache.ts says how it is kept, and why Node.js' own cache does not help.
 *
 * Why node-fetch. Each request needs an agent of our own: one that keeps at most `maxConcurrency` connections
 * alive, tunnels through a proxy without ever taking the proxy's answer for the API's, checks certificates
 * regardless of the environment, and closes its sockets on Cancel. Node's built-in fetch takes no
 * `http.Agent`, and does not export the classes that would replace one. node-fetch also limits the size of an
 * answer while it reads it. It is loaded with the first request.
 *
 * Why its own property writer. One listing may hold 100,000 backups. plugin/propertyWriter.ts writes them in
 * one pass over one buffer, and says what the alternatives cost.
 *
 * Why pins do not look at newer backups. A new backup appears every night. If a pin followed it, a database
 * that takes its `backupId` from the pin would be replaced every night, and its data with it. So a pin
 * chooses once, and again only if its selection or `triggers` change. A refresh looks up the pinned backup
 * itself, and a pin whose backup is gone stays in state with a warning.
 *
 * Why writes are apart from reads. A read can be repeated after any failure. A write can not: no action of the
 * API takes a token by which it would recognise a repeated request, and names need not be unique. So a second
 * request makes a second database. ucloud/writer.ts sends a write once, and again only where it cannot have
 * taken effect. It answers with one of three outcomes: accepted, refused, unknown. An unknown one is settled
 * by looking, in restore/: a creation is sent under a name that only this attempt uses, and what has this name
 * is what it made. Cancel ends waits and reads. It never aborts a write that was sent, since that would be done
 * all the same, and nobody would know.
 *
 * Why only triggers restore anew. A replacement deletes a database that may hold what no backup has. So newer
 * backups, another `source` and drift in the cloud replace nothing, and a changed placement is refused. Where
 * Diff answers "replace", the restore is planned and checked there already: the engine may delete the old
 * database before it asks for the new one.
 *
 * Why an unfinished creation is an error with a state. The engine keeps what `ErrorResourceInitFailed` holds,
 * and calls Update in the next run, which resumes. A plain error would leave a database that nobody knows.
 * Where even that is lost, because the process was killed, the mark in the attempt's name tells the next
 * Create that the database is this resource's.
 *
 * How the twin relates. It is for programs that cannot install a plugin. It has no resources that write: its
 * host, Pulumi's dynamic provider, cannot be cancelled, previewed or imported, and is told neither the URN, by
 * which an interrupted creation is found, nor a timeout. Apart from these it has the same names, arguments,
 * results and error codes, because both hosts run the same code below them; only values, messages and
 * resources travel differently. Its functions run in the program, and its pins are dynamic resources. The
 * serialized provider of these contains no key and names only a module, dynamic/pinProvider.ts. Explicit
 * providers and imports need the plugin.
 */

import fs from "node:fs";
import os from "node:os";
import { type AddressInfo, createServer } from "node:net";
import { Bundles } from "./plugin/bundles";
import type { ProviderCalls } from "./plugin/calls";
import { findCacheFolder } from "./plugin/cacheFolder";
import { CodeCache } from "./plugin/codeCache";
import { explainLoadError } from "./plugin/loadError";
import type { Served } from "./plugin/listen";
import { takeStarterId, watchParent } from "./plugin/parentWatch";

// With DEBUG, libraries print what they do to standard error, which may include a proxy's password.
delete process.env.DEBUG;

watchParent(() => process.exit(0), { starterId: takeStarterId(process.env, process.pid) });

const listener = createServer()
  .listen(0, "127.0.0.1", () => {
    // Not by process.stdout, which takes two milliseconds to load.
    fs.writeSync(1, `${(listener.address() as AddressInfo).port}\n`);
    // In the same turn of the event loop, so that the connection handler is there before the first
    // connection.
    const bundles = new Bundles({ folder: __dirname, require, cache: openCodeCache() });
    // The engine's address is the last argument; flags may come before it.
    const engineAddress = process.argv.slice(2).findLast((arg) => !arg.startsWith("-"));
    const { listen } = loadTransport(bundles);
    let calls: ProviderCalls | undefined;
    const served = listen(listener, {
      openCalls: () => (calls = bundles.load("provider").openCalls(engineAddress)),
      onQuiet: () => {
        calls?.rest();
        bundles.keepCode(calls?.wasAnswered() ? ["transport", "provider", "tracing"] : ["transport"]);
      },
    });
    exitAfterCalls(served);
  })
  .on("error", () => {
    // If it is listening, the error is about a single connection.
    if (listener.listening) return;
    process.stderr.write("The ucloud-redis plugin could not open a port on 127.0.0.1.\n");
    process.exit(1);
  });

function loadTransport(bundles: Bundles): typeof import("./plugin/transport") {
  try {
    return bundles.load("transport");
  } catch (error) {
    process.stderr.write(`${explainLoadError(error)}\n`);
    process.exit(1);
  }
}

function openCodeCache(): CodeCache | undefined {
  const { env, platform } = process;
  const folder = findCacheFolder({ env, platform, home: readHome() });
  return folder === undefined ? undefined : new CodeCache(folder);
}

/** Empty for a user without a home folder. */
function readHome(): string {
  try {
    return os.homedir();
  } catch {
    return "";
  }
}

/**
 * On the first signal, ends waits and answers the calls that are running, then ends as the signal does: a
 * creation that is not answered is lost to the state. A second signal ends the process immediately.
 */
function exitAfterCalls({ drain }: Served): void {
  let isEnding = false;
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) {
    process.on(signal, () => {
      const end = (): void => {
        signals.forEach((each) => process.removeAllListeners(each));
        process.kill(process.pid, signal);
      };
      if (isEnding) {
        end();
        return;
      }
      isEnding = true;
      void drain().then(end, end);
    });
  }
}
