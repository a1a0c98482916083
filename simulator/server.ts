import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { answerRequest, RetCode, type Account, type ApiAnswer } from "./api";
import { deliverReply } from "./delivery";
import { type Fault, FaultQueue } from "./faults";
import type { Fleet } from "./fleet";
import { FleetIndex } from "./fleetIndex";
import { resolveOptions, type ResolvedOptions, type Simulator, type SimulatorOptions } from "./options";
import { RateLimit } from "./rateLimit";
import { type Reply, truncateReply, writeReply, writeWrongReply } from "./replies";
import { readRequest, type ReadRequest, type RecordedRequest } from "./requests";

type Recording = { -readonly [Field in keyof RecordedRequest]: RecordedRequest[Field] };

const MAX_RECORDED = 20_000;
/**
 * Longer than any client keeps an idle connection, so that the server never closes one that is being reused.
 */
const KEEP_ALIVE_MS = 120_000;

/**
 * Starts a simulated UCloud API on a local port.
 *
 * @throws when the port is taken or an option is out of its range
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = new LocalSimulator(resolveOptions(options));
  await simulator.listen();
  return simulator;
}

class LocalSimulator implements Simulator {
  readonly requests: Recording[] = [];
  connections = 0;
  peakConcurrency = 0;
  url = "";
  private running = 0;
  private currentFleet: Fleet;
  private index: FleetIndex;
  private readonly faults = new FaultQueue();
  private readonly server: Server;
  private readonly rateLimit: RateLimit | undefined;
  private readonly connectionNumbers = new WeakMap<Socket, number>();

  constructor(private readonly options: ResolvedOptions) {
    this.currentFleet = options.fleet;
    this.index = new FleetIndex(options.fleet, options);
    this.rateLimit =
      options.maxRequestsPerSecond === undefined ? undefined : new RateLimit(options.maxRequestsPerSecond);
    this.server = options.tls ? createTlsServer(options.tls) : createServer();
    this.server.keepAliveTimeout = KEEP_ALIVE_MS;
    this.server.on("connection", (socket: Socket) => {
      this.connections += 1;
      // A connection that the client resets is no error of the simulator.
      socket.on("error", () => undefined);
    });
    // With TLS, the socket of a request is that of "secureConnection"; a failed handshake has no request.
    let numbered = 0;
    this.server.on(options.tls ? "secureConnection" : "connection", (socket: Socket) => {
      this.connectionNumbers.set(socket, ++numbered);
    });
    this.server.on("request", (message: IncomingMessage, response: ServerResponse) => {
      void this.serve(message, response);
    });
  }

  get account(): Account {
    return this.options.account;
  }

  get publicKey(): string {
    return this.account.publicKey;
  }

  get privateKey(): string {
    return this.account.privateKey;
  }

  get securityToken(): string | undefined {
    return this.account.securityToken;
  }

  get fleet(): Fleet {
    return this.currentFleet;
  }

  set fleet(fleet: Fleet) {
    this.index = new FleetIndex(fleet, this.options);
    this.currentFleet = fleet;
  }

  injectFault(fault: Fault): void {
    this.faults.add(fault);
  }

  clearFaults(): void {
    this.faults.clear();
  }

  misbehave(fault: Fault): void {
    this.injectFault(fault);
  }

  behave(): void {
    this.clearFaults();
  }

  async listen(): Promise<void> {
    const { host, port, tls } = this.options;
    await new Promise<void>((resolve, reject) => {
      this.server.once("error", reject).listen({ host, port }, resolve);
    });
    const { address, family, port: taken } = this.server.address() as AddressInfo;
    const name = family === "IPv6" ? `[${address}]` : address;
    this.url = `${tls ? "https" : "http"}://${name}:${taken}`;
  }

  async close(): Promise<void> {
    if (!this.server.listening) return;
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private async serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const closed = new AbortController();
    this.running += 1;
    this.peakConcurrency = Math.max(this.peakConcurrency, this.running);
    response.once("close", () => {
      this.running -= 1;
      closed.abort();
    });
    try {
      const read = await readRequest(message);
      const recording = this.record(message, read);
      response.once("close", () => (recording.abandoned = !response.writableFinished));
      response.setHeader("X-UCLOUD-REQUEST-UUID", recording.requestUuid);
      await this.answer(response, { read, recording, signal: closed.signal });
    } catch (error) {
      // An aborted wait or a failed write means that the client closed the connection. Anything else is a
      // hook's error.
      if (closed.signal.aborted || response.headersSent) response.destroy();
      else response.writeHead(500, { "Content-Type": "text/plain" }).end(`simulator: ${String(error)}\n`);
    }
  }

  private record(message: IncomingMessage, { parameters }: ReadRequest): Recording {
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

  private async answer(
    response: ServerResponse,
    { read, recording, signal }: { read: ReadRequest; recording: Recording; signal: AbortSignal },
  ): Promise<void> {
    const isThrottled = this.rateLimit !== undefined && !this.rateLimit.admit(performance.now());
    await this.options.onRequest?.(recording, this);
    const fault = this.faults.take(recording);
    const reply = this.chooseReply(read, { recording, fault, isThrottled });
    if (fault) recording.fault = fault.kind;
    if (this.options.latencyMs > 0) await delay(this.options.latencyMs, undefined, { signal });
    if (fault?.kind !== "hang" && fault?.kind !== "reset") {
      recording.status = reply.status;
      if (reply.retCode !== undefined) recording.retCode = reply.retCode;
      if (reply.rows !== undefined) recording.rows = reply.rows;
    }
    await deliverReply(response, { reply, fault, signal });
  }

  private chooseReply(
    read: ReadRequest,
    {
      recording,
      fault,
      isThrottled,
    }: { recording: Recording; fault: Fault | undefined; isThrottled: boolean },
  ): Reply {
    const wrongReply = fault && writeWrongReply(fault, recording);
    if (wrongReply) return wrongReply;
    if ("unreadable" in read && read.status !== undefined) {
      return { status: read.status, headers: { "Content-Type": "text/plain" }, body: `${read.unreadable}\n` };
    }
    const answer = isThrottled
      ? { retCode: RetCode.throttled, message: "Request was throttled" }
      : this.findAnswer(read, fault);
    const reply = writeReply(answer, { request: recording, style: this.options });
    return fault?.kind === "truncatedJson" ? truncateReply(reply, fault.keepBytes) : reply;
  }

  private findAnswer(read: ReadRequest, fault: Fault | undefined): ApiAnswer {
    if ("unreadable" in read) return { retCode: RetCode.badParameter, message: `Params: ${read.unreadable}` };
    const { pageCap } = this.options;
    const page = fault?.kind === "page" ? fault : undefined;
    return answerRequest(read.parameters, {
      account: this.account,
      index: this.index,
      defaultProjectId: this.fleet.defaultProjectId,
      pageCap: Math.min(pageCap, page?.cap ?? pageCap),
      forcedOffset: page?.offset,
    });
  }
}
