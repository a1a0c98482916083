import assert from "node:assert/strict";
import { once } from "node:events";
import net from "node:net";
import { openEngineLog } from "../../provider/plugin/engineLog";
import { type StandInEngine, startEngine } from "../support/standInEngine";
import { until } from "../support/until";

describe("the engine's log", () => {
  let engine: StandInEngine;

  beforeEach(async () => (engine = await startEngine()));
  afterEach(() => engine.close());

  it("shows warnings in order", async () => {
    const log = openEngineLog(engine.address);
    await log.warn("first ☂");
    await log.warn("second");
    log.close();
    assert.deepEqual(engine.messages, [
      ["warning", "first ☂"],
      ["warning", "second"],
    ]);
  });

  it("shows information at its resource", async () => {
    const log = openEngineLog(engine.address);
    await log.info("known", "urn:pulumi:a::b::c::d");
    log.close();
    assert.deepEqual(engine.messages, [["info", "known"]]);
    assert.deepEqual(engine.urns, ["urn:pulumi:a::b::c::d"]);
  });

  it("shows what is under way as a message that passes", async () => {
    const log = openEngineLog(engine.address);
    await log.progress("Starting, 12 s", "urn:pulumi:a::b::c::d");
    await log.info("done");
    log.close();
    assert.deepEqual(engine.messages, [
      ["info", "Starting, 12 s"],
      ["info", "done"],
    ]);
    assert.deepEqual(engine.areEphemeral, [true, false]);
  });

  it("connects before the first message if it is told to prepare, and not once it is closed", async () => {
    const sockets: net.Socket[] = [];
    const listener = net.createServer((socket) => void sockets.push(socket)).listen(0, "127.0.0.1");
    await once(listener, "listening");
    const { port } = listener.address() as net.AddressInfo;
    try {
      const log = openEngineLog(`127.0.0.1:${port}`);
      await log.prepare();
      await until(() => sockets.length === 1);
      log.close();
      await log.prepare();
      assert.equal(sockets.length, 1);
    } finally {
      for (const socket of sockets) socket.destroy();
      listener.close();
    }
  });

  it("drops messages without an engine", async () => {
    engine.close();
    for (const address of [engine.address, "9", ":::", "no such host"]) {
      const log = openEngineLog(address);
      await log.warn("lost");
      log.close();
    }
  });

  it("drops messages after it was closed", async () => {
    const log = openEngineLog(engine.address);
    await log.warn("shown");
    log.close();
    await log.warn("lost");
    assert.equal(engine.messages.length, 1);
  });
});
