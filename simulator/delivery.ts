import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { TLSSocket } from "node:tls";
import type { Fault } from "./faults";
import type { Reply } from "./replies";

const CHUNK_BYTES = 64 * 1024;

/** A reply, and how it is sent. */
export interface Delivery {
  readonly reply: Reply;
  readonly fault?: Fault | undefined;
  readonly signal: AbortSignal;
}

/**
 * Sends a reply, in the way that the fault demands if it is about delivery. `signal` fires when the
 * connection closes, and ends any waiting.
 */
export async function deliverReply(
  response: ServerResponse,
  { reply, fault, signal }: Delivery,
): Promise<void> {
  switch (fault?.kind) {
    case "latency":
      await delay(fault.ms, undefined, { signal });
      sendWhole(response, reply);
      return;
    case "hang":
      if (fault.afterHeaders) sendHead(response, reply).flushHeaders();
      return;
    case "reset":
    case "lostAnswer":
      resetConnection(response.socket);
      return;
    case "cutBody":
      await writeChunk(sendHead(response, reply), Buffer.from(reply.body).subarray(0, fault.afterBytes));
      response.socket?.destroy();
      return;
    case "drip":
      sendHead(response, reply);
      for (const byte of Buffer.from(reply.body)) {
        await writeChunk(response, Buffer.of(byte));
        await delay(fault.intervalMs, undefined, { signal });
      }
      response.end();
      return;
    case "hugeBody":
      await sendHuge(response, { ...fault, reply, signal });
      return;
    default:
      sendWhole(response, reply);
  }
}

function sendWhole(response: ServerResponse, { status, headers, body }: Reply): void {
  response.writeHead(status, headers).end(body);
}

function sendHead(response: ServerResponse, { status, headers, body }: Reply): ServerResponse {
  return response.writeHead(status, { ...headers, "Content-Length": Buffer.byteLength(body) });
}

function resetConnection(socket: Socket | null): void {
  // Only a plain TCP socket can send a reset; a TLS socket can only close.
  if (socket instanceof TLSSocket) socket.destroy();
  else socket?.resetAndDestroy();
}

/** Resolves when the bytes have been sent, so that they arrive even if the connection is cut afterwards. */
async function writeChunk(response: ServerResponse, chunk: Uint8Array): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    response.write(chunk, (error) => (error ? reject(error) : resolve()));
  });
}

async function sendHuge(
  response: ServerResponse,
  options: { reply: Reply; bytes: number; declareLength?: boolean; signal: AbortSignal },
): Promise<void> {
  const { reply, bytes, declareLength, signal } = options;
  const { status, headers, body } = reply;
  response.writeHead(status, { ...headers, ...(declareLength && { "Content-Length": bytes }) });
  // White space before JSON is valid JSON, so only the size of this answer is wrong.
  const padding = Buffer.alloc(CHUNK_BYTES, " ");
  let left = bytes - Buffer.byteLength(body);
  while (left > 0) {
    const chunk = left < CHUNK_BYTES ? padding.subarray(0, left) : padding;
    left -= chunk.length;
    if (!response.write(chunk)) await once(response, "drain", { signal });
  }
  response.end(body);
}
