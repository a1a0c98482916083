/** The whole way of the data, through Pulumi: written, backed up, lost, restored by one `up`, counted. */

import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { RestoredURedisGroup, URedisBackup } from "pulumi-ucloud-redis";
import { demo } from "../../simulator";
import { withRedis } from "../../tools/redisClient";
import { writeKeys } from "../support/realData";
import { useRedisServer } from "../support/redisServer";
import { requireEngine } from "../support/requireEngine";
import { useSimulatedStacks } from "../support/simulatedStack";
import { installRandomPlugin } from "./randomPlugin";

const KEYS = 1_000;
const groupId = demo.healthyGroupId;

describe("a lost group with real data", function () {
  this.timeout(240_000);
  before(requireEngine);
  const program = useRedisServer();
  const start = useSimulatedStacks();

  it("is restored by one `up`, with the password from @pulumi/random and every key", async () => {
    const running = await start({
      program: () => Promise.resolve(),
      simulator: { redis: { server: program() } },
    });
    const { stack, simulator } = running;
    const obstacle = await installRandomPlugin(running);
    if (obstacle !== undefined) console.log(`    with the stand-in for @pulumi/random: ${obstacle}`);
    const lost = simulator.databases.find(({ id }) => id === groupId) ?? assert.fail();
    const before = await writeKeys(simulator, groupId, KEYS);
    assert.equal(before, KEYS);

    const backUp = () => Promise.resolve({ backupId: new URedisBackup("beforeLoss", { groupId }).backupId });
    const { backupId } = (await stack.up({ program: backUp })).outputs;
    await simulator.deleteDatabase(groupId);
    const restore = () => {
      const password = new random.RandomPassword("orders", { length: 24, special: false }).result;
      const { vpcId, subnetId, chargeType } = lost;
      const source = { groupId, maxAge: "1h" };
      const orders = new RestoredURedisGroup("orders", { source, vpcId, subnetId, chargeType, password });
      const restored = orders.backup.apply((chosen) => chosen?.backupId);
      return Promise.resolve({ address: orders.address, restored, password: pulumi.secret(orders.password) });
    };
    const { outputs } = await stack.up({ program: restore });
    assert.equal(outputs["restored"]?.value, backupId?.value);

    const [host = "", port = ""] = String(outputs["address"]?.value).split(":");
    const password = String(outputs["password"]?.value);
    await assert.rejects(
      withRedis({ host, port: Number(port) }, (client) => client.dbSize()),
      /NOAUTH/,
    );
    const login = { host, port: Number(port), password };
    const [after, last] = await withRedis(login, (client) =>
      Promise.all([client.dbSize(), client.get(`order:${KEYS - 1}`)]),
    );
    console.log(`    Redis ${simulator.redisVersion}: ${before} keys before the loss, ${after} after it`);
    assert.equal(after, before);
    assert.equal(last, `value ${KEYS - 1}`);
  });
});
