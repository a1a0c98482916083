import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { ApiAnswer } from "./actions";
import { type Account, answerRequest, isWrite } from "./api";
import { Cloud } from "./cloud";
import { CloudControls } from "./cloudControls";
import { deliverReply } from "./delivery";
import { bendAnswer, bendHeaders } from "./differences";
import { type Fault, FaultQueue, type FaultScope, preventsEffect } from "./faults";
import { resolveOptions, type ResolvedOptions, type Simulator, type SimulatorOptions } from "./options";
import { RateLimit } from "./rateLimit";
import { chooseRedis } from "./realRedis";
import { type Recording, Recorder } from "./recordings";
import { RetCode } from "./refusals";
import { bendReply, type Reply, writeReply, writeWrongReply } from "./replies";
import { readRequest, type ReadRequest } from "./requests";
import { type Effect, type Hold, HoldGate } from "./writeFaults";

/**
 * Longer than any client keeps an idle connection, so that the server never closes one that is being reused.
 */
const KEEP_ALIVE_MS = 120_000;

/**
 * Starts a simulated UCloud API on a local port.
 *
 * @throws when the port is taken, an option is out of its range, or there is no program for `redis`
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const redis = await chooseRedis(options.redis);
  const simulator = new LocalSimulator(resolveOptions(options, redis));
  try {
    await simulator.listen();
  } catch (error) {
    await redis?.close();
    throw error;
  }
  return simulator;
}

class LocalSimulator extends CloudControls implements Simulator {
  connections = 0;
  peakConcurrency = 0;
  url = "";
  private running = 0;
  private readonly recorder = new Recorder();
  private readonly faults = new FaultQueue();
  private readonly gates: HoldGate[] = [];
  private readonly server: Server;
  private readonly rateLimit: RateLimit | undefined;

  constructor(private readonly options: ResolvedOptions) {
    super(new Cloud(options));
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
    this.server.on(options.tls ? "secureConnection" : "connection", (socket: Socket) => {
      this.recorder.numberConnection(socket);
    });
    this.server.on("request", (message: IncomingMessage, response: ServerResponse) => {
      void this.serve(message, response);
    });
  }

  get requests(): readonly Recording[] {
    return this.recorder.requests;
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

  get redisVersion(): string | undefined {
    return this.options.redis?.version;
  }

  injectFault(fault: Fault): void {
    this.faults.add(fault);
  }

  clearFaults(): void {
    this.faults.clear();
  }

  hold({ effect, ...scope }: FaultScope & { readonly effect: Effect }): Hold {
    const gate = new HoldGate();
    this.gates.push(gate);
    this.injectFault({ ...scope, kind: "hold", effect, gate });
    return gate;
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
    try {
      await this.cloud.startServers();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    for (const gate of this.gates) gate.drop();
    if (!this.server.listening) return;
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
    await this.options.redis?.close();
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
      const recording = this.recorder.record(message, read);
      response.once("close", () => (recording.abandoned = !response.writableFinished));
      response.setHeader("X-UCLOUD-REQUEST-UUID", recording.requestUuid);
      response.setHeaders(new Headers(bendHeaders(this.options.differs)));
      await this.answer(response, { read, recording, signal: closed.signal });
    } catch (error) {
      // An aborted wait or a failed write means that the client closed the connection. Anything else is a
      // hook's error.
      if (closed.signal.aborted || response.headersSent) response.destroy();
      else response.writeHead(500, { "Content-Type": "text/plain" }).end(`simulator: ${String(error)}\n`);
    }
  }

  private async answer(
    response: ServerResponse,
    { read, recording, signal }: { read: ReadRequest; recording: Recording; signal: AbortSignal },
  ): Promise<void> {
    const isThrottled = this.rateLimit !== undefined && !this.rateLimit.admit(performance.now());
    await this.options.onRequest?.(recording, this);
    const fault = this.faults.take(recording);
    if (fault) recording.fault = fault.kind;
    if (await this.isDropped({ fault, recording, effect: "before" })) {
      response.destroy();
      return;
    }
    const reply = await this.chooseReply(read, { recording, fault, isThrottled });
    const isDropped = await this.isDropped({ fault, recording, effect: "after" });
    if (this.options.latencyMs > 0) await delay(this.options.latencyMs, undefined, { signal });
    if (isDropped) {
      response.destroy();
      return;
    }
    if (fault?.kind !== "hang" && fault?.kind !== "reset" && fault?.kind !== "lostAnswer") {
      recording.status = reply.status;
      if (reply.retCode !== undefined) recording.retCode = reply.retCode;
      if (reply.rows !== undefined) recording.rows = reply.rows;
    }
    await deliverReply(response, { reply, fault, signal });
  }

  /** Waits while the request is held. */
  private async isDropped(held: {
    readonly fault: Fault | undefined;
    readonly recording: Recording;
    readonly effect: Effect;
  }): Promise<boolean> {
    const { fault, recording, effect } = held;
    if (fault?.kind !== "hold" || fault.effect !== effect) return false;
    return (await fault.gate.wait(recording)) === "drop";
  }

  private async chooseReply(
    read: ReadRequest,
    {
      recording,
      fault,
      isThrottled,
    }: { recording: Recording; fault: Fault | undefined; isThrottled: boolean },
  ): Promise<Reply> {
    const wrongReply = fault && writeWrongReply(fault, recording);
    if (wrongReply && preventsEffect(fault)) return wrongReply;
    if ("unreadable" in read && read.status !== undefined) {
      return { status: read.status, headers: { "Content-Type": "text/plain" }, body: `${read.unreadable}\n` };
    }
    const answer = isThrottled
      ? { retCode: RetCode.throttled, message: "Request was throttled" }
      : await this.findAnswer(read, { fault, recording });
    return wrongReply ?? bendReply(writeReply(answer, { request: recording, style: this.options }), fault);
  }

  private async findAnswer(
    read: ReadRequest,
    { fault, recording }: { fault: Fault | undefined; recording: Recording },
  ): Promise<ApiAnswer> {
    if ("unreadable" in read) return { retCode: RetCode.badParameter, message: `Params: ${read.unreadable}` };
    if (preventsEffect(fault)) return { retCode: RetCode.ok };
    const { pageCap } = this.options;
    const page = fault?.kind === "page" ? fault : undefined;
    this.cloud.lifecycles.settle();
    const correct = await answerRequest(read.parameters, {
      account: this.account,
      cloud: this.cloud,
      pageCap: Math.min(pageCap, page?.cap ?? pageCap),
      forcedOffset: page?.offset,
      number: recording.number,
      outcome: isWrite(recording.action) ? this.faults.takeOutcome(recording) : {},
    });
    const asked = { parameters: read.parameters, cloud: this.cloud };
    const answer = bendAnswer(correct, this.options.differs, asked);
    return fault?.kind === "answerWithoutId" ? { ...answer, fields: {} } : answer;
  }
}
