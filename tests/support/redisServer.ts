import { ensureRedisServer } from "../../tools/redisServer";
import { leaveOut } from "./leftOut";

/** Installing the wheel, on the first run on a machine. */
const INSTALL_TIMEOUT_MS = 5 * 60_000;

/**
 * For the body of a suite: finds a Redis server, or leaves the suite's tests out, also in CI: a machine without
 * one may lack Python. The result gives the path of its program.
 */
export function useRedisServer(): () => string {
  let program = "";
  before(async function () {
    this.timeout(INSTALL_TIMEOUT_MS);
    const server = await ensureRedisServer();
    if ("missing" in server) {
      leaveOut(this, { need: "a Redis server", why: server.missing, evenInCi: true });
    }
    program = server.program;
  });
  return () => program;
}
