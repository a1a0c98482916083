import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { demo } from "../../simulator";
import { leaveOut } from "../support/leftOut";
import { useSimulator } from "../support/loopback";
import { useTemporaryFolder } from "../support/temporaryFolder";
import { createVariables } from "../support/simulatedSettings";
import { awaitEnd, type Ended, installCommands, startCommand, type Started } from "./installedCommands";

const GROUP = ["ucloud-redis-backups", "--group", demo.uredisGroupId] as const;
const KEYS = { publicKey: "marked-public-key", privateKey: "marked-private-key" };

describe("the commands of the installed package", function () {
  this.timeout(60_000);
  if (process.platform === "win32") return;
  const home = useTemporaryFolder("home-");
  let project: string;
  before(async () => {
    project = fs.mkdtempSync(path.join(os.tmpdir(), "commands-"));
    await installCommands(project);
  });
  after(() => fs.rmSync(project, { recursive: true, force: true }));
  const requests: (() => void)[] = [];
  const simulator = useSimulator(() => ({
    ...KEYS,
    onRequest: () => requests.splice(0).forEach((tell) => tell()),
  }));
  const start = (args: Parameters<typeof startCommand>[1], env: Record<string, string>): Started =>
    startCommand(project, args, { HOME: home(), ...env });
  const run = (...options: Parameters<typeof start>): Promise<Ended> => awaitEnd(start(...options));

  /** No output may hold a key or a signature. */
  const assertSecret = ({ out, errors }: Ended): void =>
    assert.doesNotMatch(out + errors, /marked-|\b[0-9a-f]{40}\b/);

  it("run without Pulumi's packages, with keys from the environment", async () => {
    const ended = await run(GROUP, createVariables(simulator()));
    assert.equal(ended.code, 0, ended.errors);
    assert.match(ended.out, /^Restore URedis group uredis-w4fz2kqp in cn-bj2 from /);
    assertSecret(ended);
  });

  it("run with keys from a profile in the home folder", async () => {
    fs.mkdirSync(home(".ucloud"), { recursive: true });
    const { publicKey: public_key, privateKey: private_key } = KEYS;
    const write = (name: string, profile: object): void =>
      fs.writeFileSync(home(".ucloud", name), JSON.stringify([{ profile: "ops", ...profile }]));
    write("config.json", { region: "cn-bj2", base_url: simulator().url });
    write("credential.json", { public_key, private_key });
    const ended = await run([...GROUP, "--profile", "ops"], {});
    assert.equal(ended.code, 0, ended.errors);
    assertSecret(ended);
  });

  it("end with 1 on a fault, and with 2 without keys or with wrong arguments", async () => {
    const env = createVariables(simulator());
    for (const [args, variables, code] of [
      [[...GROUP, "--max-age", "1h"], env, 1],
      [[...GROUP], { ...env, UCLOUD_PRIVATE_KEY: "marked-wrong-key" }, 1],
      [[...GROUP], {}, 2],
      [["ucloud-redis-backups", "--grop", "x"], env, 2],
    ] as const) {
      const ended = await run(args, variables);
      assert.equal(ended.code, code, ended.errors);
      assert.equal(ended.out, "");
      assert.doesNotMatch(ended.errors, /\n\s+at |Warning:/);
      assertSecret(ended);
    }
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`end as ${signal} does while the API hangs`, async () => {
      simulator().injectFault({ kind: "hang", times: Infinity });
      const asked = new Promise<void>((resolve) => requests.push(resolve));
      const child = start(GROUP, createVariables(simulator()));
      const ended = awaitEnd(child);
      await asked;
      child.kill(signal);
      const end = await ended;
      assert.equal(end.signal, signal);
      assert.equal(end.out, "");
      assert.match(end.errors, /^ucloud-redis-backups: Requests go to [^\n]*\n$/);
    });
  }

  it("keep their verdict quietly if nobody reads their output", async () => {
    const child = start([...GROUP, "--json"], createVariables(simulator()));
    const errors = text(child.stderr);
    child.stdout.destroy();
    assert.deepEqual(await once(child, "close"), [0, null]);
    assert.match(await errors, /^ucloud-redis-backups: Requests go to [^\n]*\n$/);
  });

  it("end with 1 if their output cannot be written", async function () {
    if (!fs.existsSync("/dev/full")) leaveOut(this, { need: "/dev/full", why: "this system has none" });
    const program = path.join(project, "node_modules", ".bin", GROUP[0]);
    const script = '"$0" "$@" > /dev/full';
    const { status, stderr } = await runShell(script, [program, ...GROUP.slice(1)], {
      HOME: home(),
      ...createVariables(simulator()),
    });
    assert.equal(status, 1);
    assert.match(stderr, /\nucloud-redis-backups: Standard output cannot be written \(ENOSPC\)\.\n$/);
  });

  it("are there beside the simulator", async () => {
    const { code, out } = await run(["ucloud-redis-simulator", "--version"], {});
    assert.equal(code, 0);
    assert.match(out, /^\d+\.\d+\.\d+\n$/);
  });
});

async function runShell(
  script: string,
  args: readonly string[],
  env: Record<string, string>,
): Promise<{ status: unknown; stderr: string }> {
  const child = spawn("sh", ["-c", script, ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const closed = once(child, "close") as Promise<[unknown]>;
  const [[status], stderr] = await Promise.all([closed, text(child.stderr)]);
  return { status, stderr };
}
