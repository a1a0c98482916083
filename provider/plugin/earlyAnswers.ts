/**
 * The answers that need none of the provider's code: an engine waits for those to Handshake and GetPluginInfo before it
 * does anything else. They are always the same, so they are written here byte by byte, without a library for messages,
 * which takes longer to load than all the rest. Source: Pulumi's `provider.proto` and `plugin.proto`.
 */

import { version } from "../schema.json";
import type { Method } from "./methods";

/** `PluginInfo`: field 1, `version`, is a text. */
const pluginInfo = Buffer.concat([Buffer.of(0x0a, Buffer.byteLength(version)), Buffer.from(version)]);

/**
 * `ProviderHandshakeResponse`: fields 1, `accept_secrets`, and 4, `supports_autonaming_configuration`, are true. The
 * engine takes this answer's word. It does not read the same fields in Configure's.
 */
const handshake = Buffer.of(0x08, 1, 0x20, 1);

/** By call. Handshake and Cancel also have to reach the provider, at the latest before its next call. */
export const EARLY_ANSWERS: Readonly<Partial<Record<Method, Buffer>>> = {
  getPluginInfo: pluginInfo,
  handshake,
  cancel: Buffer.alloc(0),
};
