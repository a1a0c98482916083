import assert from "node:assert/strict";
import type { MockResourceArgs } from "@pulumi/pulumi/runtime";
import {
  addBackups,
  type Database,
  demo,
  type Fault,
  type RecordedRequest,
  type Simulator,
} from "../../simulator";
import { listBlocks, readPage } from "../support/markdown";
import { checkout, runPulumi } from "../support/projects";
import { requireEngine } from "../support/requireEngine";
import { type SimulatedStack, useSimulatedStacks } from "../support/simulatedStack";
import { type MockedRun, runMockedExample } from "./mockedExample";
import { installRandomPlugin } from "./randomPlugin";

const PROJECT = "ucloud-redis-disaster-recovery";
const GROUP = "ucloud-redis:index:RestoredURedisGroup";
const SPACE = "ucloud-redis:index:RestoredUMemSpace";
type OutageFault = Extract<Fault, { kind: "retCode" | "status" | "hang" }>;
const NAMES = ["group", "space"] as const;

const HOME = { region: demo.region };
const STANDBY = {
  region: demo.otherRegion,
  zone: demo.otherZone,
  vpcId: "uvnet-1",
  subnetId: "subnet-1",
};
const CONFIG = {
  home: HOME,
  standby: STANDBY,
  group: { chargeType: "Dynamic" },
  space: { region: demo.region, zone: demo.zone, spaceId: demo.umemSpaceId },
};

describe("the disaster-recovery example, with the real SDK of @pulumi/random", () => {
  let run: MockedRun;

  before(async () => {
    const objects = Object.entries(CONFIG).map(([name, value]) => [name, JSON.stringify(value)] as const);
    const own = [["groupId", demo.uredisGroupId], ["restore", "2026-01-31"], ...objects] as const;
    run = await runMockedExample("disasterRecovery", {
      project: PROJECT,
      config: Object.fromEntries(own.map(([key, value]) => [`${PROJECT}:${key}`, value])),
      answer,
    });
  });

  function answer({ type, name }: MockResourceArgs): Record<string, unknown> {
    if (type === "random:index/randomPet:RandomPet") return { id: `pet-of-${name}` };
    if (type === "random:index/randomPassword:RandomPassword") return { result: `password-of-${name}` };
    return { address: `address-of-${name}`, backup: { backupId: `backup-of-${name}` } };
  }

  const expected = {
    group: {
      source: {
        groupId: demo.uredisGroupId,
        locations: [HOME, { ...STANDBY, regionType: "target" }],
        maxAge: "8d",
      },
      chargeType: "Dynamic",
    },
    space: {
      source: { region: demo.region, zone: demo.zone, spaceId: demo.umemSpaceId, maxAge: "26h" },
      region: demo.region,
      zone: demo.zone,
    },
  };
  for (const name of NAMES) {
    it(`restores the ${name} where the config says, from a backup of limited age`, () => {
      const inputs = run.resources.get(`${name === "space" ? SPACE : GROUP} ${name}`)?.inputs as object;
      const { password, ...others } = inputs as { password: unknown };
      assert.deepEqual(others, {
        ...expected[name],
        name: `pet-of-${name}`,
        triggers: { restore: "2026-01-31" },
      });
      assert.match(JSON.stringify(password), new RegExp(`"value":"password-of-${name}"`), "as a secret");
    });
  }

  it("exports addresses, backups and secret passwords", () => {
    const list = (what: string): object =>
      Object.fromEntries(NAMES.map((name) => [name, `${what}-of-${name}`]));
    assert.deepEqual(run.outputs["addresses"], list("address"));
    assert.deepEqual(run.outputs["restoredFrom"], list("backup"));
    assert.deepEqual(run.outputs["passwords"], list("password"));
  });
});

describe("the disaster-recovery example, on Pulumi's Node.js host, by the commands of its README", function () {
  this.timeout(300_000);
  before(requireEngine);
  const start = useSimulatedStacks();
  let running: SimulatedStack;
  let existing: ReadonlySet<string>;

  beforeEach(async () => {
    running = await start({ layOut: checkout("examples/disasterRecovery") });
    existing = new Set(running.simulator.databases.map(({ id }) => id));
    const obstacle = await installRandomPlugin(running);
    if (obstacle !== undefined) console.log(`    with the stand-in for @pulumi/random: ${obstacle}`);
  });

  /**
   * Runs the commands of one block of the README, with the simulator's ids. Returns what they printed. To save time,
   * updates run without their preview, unless it is asked for, and with `joins`, all that is set is set by one command.
   */
  async function runBlock(text: string, { preview = false, joins = false } = {}): Promise<string> {
    const [block, ...others] = listBlocks(readPage("examples/disasterRecovery/README.md"), ["sh"]).filter(
      ({ code }) => code.includes(text),
    );
    assert.ok(block !== undefined && others.length === 0, `one block holds ${text}`);
    const printed: string[] = [];
    const settings: string[] = [];
    for (const line of block.code.split("\n")) {
      const [program, ...args] = line
        .replace(/#.*/, "")
        .replace("udredis-abc123", demo.umemSpaceId)
        .replace("uredis-abc123", demo.uredisGroupId)
        .replaceAll("'", "")
        .trim()
        .split(" ");
      if (program === "") continue;
      assert.equal(program, "pulumi");
      if (joins && args[0] === "config") {
        const [key, value] = args.slice(-2);
        settings.push("--plaintext", `${key}=${value}`);
        continue;
      }
      if (settings.length > 0) {
        await runPulumi(running, ["config", "set-all", "--path", ...settings.splice(0)]);
      }
      const isUpdate = args[0] === "up" || args[0] === "destroy";
      const { code, stdout, stderr } = await runPulumi(
        running,
        isUpdate ? [...args, "--yes", ...(preview ? [] : ["--skip-preview"])] : args,
      );
      assert.equal(code, 0, `${line}\n${stdout}${stderr}`);
      printed.push(stdout);
    }
    return printed.join("\n");
  }

  const listMade = (): readonly Database[] =>
    running.simulator.databases.filter(({ id }) => !existing.has(id));
  const listIds = (): string[] =>
    listMade()
      .map(({ id }) => id)
      .sort();

  it("restores both once, and anew after a trigger, and leaves nothing", async () => {
    const { stack, simulator, readState } = running;
    assert.match(await runBlock("standby.region"), /\+ [78] created/);
    const made = listMade();
    assert.deepEqual(made.map(({ region, zone, size, version }) => [region, zone, size, version]).sort(), [
      [demo.region, demo.zone, 16, "6.0"],
      [demo.region, demo.zone, 8, "6.0"],
    ]);
    const { passwords } = await stack.outputs();
    assert.equal(passwords?.secret, true);
    const values = Object.values(passwords.value as Record<string, string>);
    assert.deepEqual(values.sort(), made.map(({ password = "" }) => password).sort());
    const state = readState();
    for (const secret of [...values, simulator.privateKey]) assert.ok(!state.includes(secret));

    addNewerBackups(simulator);
    assert.deepEqual((await stack.preview()).changeSummary, { same: 7 });
    const before = listIds();
    const destroyed = await runPulumi(running, ["destroy", "--yes"]);
    assert.notEqual(destroyed.code, 0);
    assert.match(destroyed.stdout + destroyed.stderr, /protect/);
    assert.deepEqual(listIds(), before);

    await runBlock("config set restore");
    assert.equal(listIds().filter((id) => !before.includes(id)).length, 2);
    assert.equal(listIds().length, 2);
    const { restoredFrom, groupRegion } = await stack.outputs();
    const { group } = restoredFrom?.value as Record<string, string>;
    assert.deepEqual([group, groupRegion?.value], ["newer-in-home", demo.region]);
    await runBlock("pulumi destroy");
    assert.deepEqual(listIds(), []);
  });

  it("restores both when their sources are gone, once the config says what those knew", async () => {
    const { simulator } = running;
    const ids = [demo.uredisGroupId, demo.umemSpaceId];
    for (const id of ids) await simulator.deleteDatabase(id);
    await assert.rejects(runBlock("standby.region", { preview: true, joins: true }), (error: Error) => {
      assert.match(error.message, /source\.locations\[0\]\.vpcId[^]*source\.locations\[0\]\.subnetId/);
      assert.match(error.message, /chargeType/);
      return true;
    });
    assert.deepEqual(listIds(), []);
    await runBlock("space.version");
    assert.deepEqual(
      listMade().map(({ region }) => region),
      [demo.region, demo.region],
    );
  });

  /** The home region out of order: each request for it meets the fault. */
  const breakHome = (fault: OutageFault): void => {
    const isHome = ({ parameters }: RecordedRequest): boolean => parameters.Region === demo.region;
    running.simulator.injectFault({ ...fault, times: Infinity, when: isHome });
  };

  const outages: Record<string, [OutageFault, RegExp]> = {
    "RetCode 130": [{ kind: "retCode", retCode: 130 }, /RetCode 130/],
    "HTTP 503": [{ kind: "status", status: 503 }, /HTTP 503/],
    silence: [{ kind: "hang" }, /no complete answer within 2 s/],
  };
  for (const [title, [fault, reason]] of Object.entries(outages)) {
    it(`restores the group in the standby region, with a warning, if the home region answers with ${title}`, async () => {
      await runPulumi(running, ["config", "set", "ucloud-redis:timeoutSeconds", "2"]);
      breakHome(fault);
      // The space is lost with its region: the preview fails, and nothing is restored.
      await assert.rejects(runBlock("standby.region", { preview: true, joins: true }), reason);
      assert.deepEqual(listMade(), []);
      const printed = await runBlock("--target");
      const made = listMade();
      assert.deepEqual(
        made.map(({ region, zone, vpcId, chargeType }) => [region, zone, vpcId, chargeType]),
        [[demo.otherRegion, demo.otherZone, "uvnet-abc123", "Dynamic"]],
      );
      assert.match(printed, /warning: .*locations\[0\], cn-bj2/);
      assert.match(printed, reason);
      assert.match(
        printed,
        /Restored copy `[^`]+` of uredis-w4fz2kqp, made .*, into URedis group \S+ in cn-sh2:/,
      );
      assert.equal((await running.stack.outputs())["groupRegion"]?.value, demo.otherRegion);
    });
  }

  it("restores nothing with wrong keys, although another region is left", async () => {
    await runPulumi(running, ["config", "set", "--secret", "ucloud-redis:privateKey", "wrong"]);
    await assert.rejects(runBlock("standby.region", { joins: true }), /\[Unauthorized\]/);
    assert.deepEqual(listMade(), []);
  });
});

/** Adds a newer usable backup of the group in each of the two regions. */
function addNewerBackups(simulator: Simulator): void {
  const now = Math.floor(Date.now() / 1000) - 60;
  const newer = Object.entries({ home: demo.region, standby: demo.otherRegion }).flatMap(([site, region]) => {
    const known = simulator.fleet.uredis.find(
      (record) =>
        record.region === region &&
        record.row.GroupId === demo.uredisGroupId &&
        record.row.State === "Success",
    );
    if (known === undefined) throw new Error("The demo fleet has changed.");
    return { ...known, row: { ...known.row, BackupId: `newer-in-${site}`, BackupTime: now } };
  });
  simulator.fleet = addBackups(simulator.fleet, { uredis: newer });
}
