import { connect } from "node:net";

/** A reply of a Redis server: a string, a number, or null for a value that does not exist. */
export type RedisReply = string | number | null;

/** Where a server listens on loopback, and the user to log in as. */
export interface RedisLogin {
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/** A server that does not send a byte for so long has no answer. Saving a large database takes seconds. */
const SILENCE_MS = 60_000;

/**
 * Logs in, sends commands over one connection, and resolves to their replies in order. It exists so that the
 * simulator needs no Redis client at run time, and knows only the replies that the simulator meets: no arrays.
 *
 * @throws when the login or a command is refused; the message holds the server's words and no argument
 */
export async function sendRedisCommands(
  { port, user, password }: RedisLogin,
  commands: readonly (readonly string[])[],
): Promise<RedisReply[]> {
  const all = [["AUTH", user, password], ...commands];
  const replies = await exchange(port, all);
  const good = replies.map((reply, index): RedisReply => {
    if (!(reply instanceof RedisError)) return reply;
    // Only the command's name: the arguments of some commands are secrets.
    throw new Error(`the Redis server refused ${all[index]?.[0] ?? "a command"}: ${reply.message}`);
  });
  return good.slice(1);
}

class RedisError extends Error {}

function exchange(
  port: number,
  commands: readonly (readonly string[])[],
): Promise<(RedisReply | RedisError)[]> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port });
    let received = Buffer.alloc(0);
    socket.setTimeout(SILENCE_MS, () => socket.destroy(new Error("the Redis server did not answer in time")));
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("the Redis server closed the connection")));
    socket.on("data", (chunk) => {
      received = Buffer.concat([received, chunk]);
      try {
        const replies = readReplies(received, commands.length);
        if (replies === undefined) return;
        resolve(replies);
        socket.destroy();
      } catch (error) {
        socket.destroy(error as Error);
      }
    });
    socket.write(commands.map(writeCommand).join(""));
  });
}

function writeCommand(words: readonly string[]): string {
  const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  return `*${words.length}\r\n${parts.join("")}`;
}

/** Reads so many replies from the start of `bytes`; undefined while some of them have not arrived. */
function readReplies(bytes: Buffer, count: number): (RedisReply | RedisError)[] | undefined {
  const replies: (RedisReply | RedisError)[] = [];
  let position = 0;
  while (replies.length < count) {
    const end = bytes.indexOf("\r\n", position);
    if (end < 0) return undefined;
    const kind = bytes.toString("latin1", position, position + 1);
    const line = bytes.toString("utf8", position + 1, end);
    position = end + 2;
    if (kind === "+") replies.push(line);
    else if (kind === "-") replies.push(new RedisError(line));
    else if (kind === ":") replies.push(Number(line));
    else if (kind !== "$") throw new Error("the Redis server sent a reply of an unexpected kind");
    else if (line === "-1") replies.push(null);
    else {
      const length = Number(line);
      if (bytes.length < position + length + 2) return undefined;
      replies.push(bytes.toString("utf8", position, position + length));
      position += length + 2;
    }
  }
  return replies;
}
