/**
 * The moment from which a write may have been sent. Until its connection is ready, which means connected and,
 * for https://, authenticated, no byte of it has left this machine. That is watched on the connection itself:
 * error codes do not tell, because ECONNRESET and EHOSTUNREACH come before and after.
 */

import type { Agent, ClientRequestArgs } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";

/** Passes a connection on to the request that waits for it. */
type Callback = (error: Error | null, stream: Duplex) => void;

/** Ends the wait for a connection, once. */
type Settle = (error: Error | null, socket?: Duplex) => void;

/** The connection of one write. */
export class Opening {
  #isReady = false;
  #isGivenUp = false;
  readonly #sockets = new Set<Duplex>();

  /** @param onReady called once the write may be sent over the connection */
  constructor(private readonly onReady: () => void) {}

  /** Whether the connection was ready, so that the write may have been sent. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /**
   * Gives the connection up, unless it is ready.
   *
   * @returns whether it was given up; then it never becomes ready
   */
  giveUp(): boolean {
    if (this.#isReady) return false;
    this.#isGivenUp = true;
    for (const socket of this.#sockets) socket.destroy();
    return true;
  }

  /**
   * Makes an agent hand out connections only once they are ready, and watches that. Of a plain HTTP proxy, the
   * connection is the one to the proxy: from then on, the proxy may pass the write on.
   */
  watch(agent: Agent): void {
    const open = agent.createConnection.bind(agent);
    agent.createConnection = (options: ClientRequestArgs, callback?: Callback) => {
      let isSettled = false;
      const settle: Settle = (error, socket) => {
        if (isSettled) return;
        isSettled = true;
        const failure = error ?? this.#note();
        if (failure !== null) socket?.destroy();
        callback?.(failure, socket as Duplex);
      };
      const wait = (socket: Duplex): void => this.#wait(socket, settle);
      // Some agents return the connection, others pass it to the callback. One that returns it may also call
      // the callback, once connected, with nothing.
      const given = open(options, (error?: Error | null, socket?: Duplex) => {
        if (error) settle(error);
        else if (socket !== undefined) wait(socket);
      });
      if (given) wait(given);
      return undefined;
    };
  }

  /** Notes that a connection is ready. @returns an error if the write was given up meanwhile */
  #note(): Error | null {
    if (this.#isGivenUp) return new Error("The connection was given up.");
    if (this.#isReady) return null;
    this.#isReady = true;
    this.onReady();
    return null;
  }

  #wait(socket: Duplex, settle: Settle): void {
    if (this.#sockets.has(socket)) return;
    this.#sockets.add(socket);
    // Stays, because an error may come before the request listens. It is reported to the request as well.
    socket.on("error", (error: Error) => settle(error, socket));
    socket.once("close", () => {
      this.#sockets.delete(socket);
      settle(Object.assign(new Error("The connection was closed."), { code: "ECONNRESET" }), socket);
    });
    if (this.#isGivenUp) socket.destroy();
    const event = findReadyEvent(socket);
    if (event === undefined) settle(null, socket);
    else socket.once(event, () => settle(null, socket));
  }
}

/** The event that makes a connection ready; undefined if it is ready. */
function findReadyEvent(socket: Duplex): string | undefined {
  if (socket instanceof TLSSocket) {
    const { secureConnecting } = socket as TLSSocket & { readonly secureConnecting?: boolean };
    return secureConnecting === false ? undefined : "secureConnect";
  }
  return socket instanceof Socket && socket.connecting ? "connect" : undefined;
}
