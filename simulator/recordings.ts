import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { ReadRequest, RecordedRequest } from "./requests";

/** A recorded request, which is completed when it is answered. */
export type Recording = { -readonly [Field in keyof RecordedRequest]: RecordedRequest[Field] };

const MAX_RECORDED = 20_000;

/** The requests that arrived, and the connections that they came on. */
export class Recorder {
  readonly requests: Recording[] = [];
  private connections = 0;
  private readonly connectionNumbers = new WeakMap<Socket, number>();

  /** Gives a connection the next number. */
  numberConnection(socket: Socket): void {
    this.connectionNumbers.set(socket, ++this.connections);
  }

  /** Records a request. */
  record(message: IncomingMessage, { parameters }: ReadRequest): Recording {
    const recording: Recording = {
      number: (this.requests.at(-1)?.number ?? 0) + 1,
      method: message.method ?? "",
      path: (message.url ?? "").replace(/\?.*/s, ""),
      headers: message.headers,
      parameters,
      ...(parameters.Action !== undefined && { action: parameters.Action }),
      requestUuid: randomUUID(),
      time: Date.now(),
      connection: this.connectionNumbers.get(message.socket) ?? 0,
      abandoned: false,
    };
    // A simulator that runs for weeks must not use up the memory.
    if (this.requests.length >= MAX_RECORDED) this.requests.splice(0, MAX_RECORDED / 2);
    this.requests.push(recording);
    return recording;
  }
}
