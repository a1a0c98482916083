import assert from "node:assert/strict";
import { backupsCommand, CALLED_FUNCTIONS } from "../../provider/commands/backupsCommand";
import { functions } from "../../provider/schema.json";
import { demo, type Simulator } from "../../simulator";
import { CONFIG_FILE, CREDENTIALS_FILE } from "../support/hostEnvironment";
import { serveHttp, useServers, useSimulator } from "../support/loopback";
import { createVariables } from "../support/simulatedSettings";
import { type CommandRun, NOW, runInProcess, type RunOptions } from "./commandRun";

const run = (line: string, options?: RunOptions): Promise<CommandRun> =>
  runInProcess(backupsCommand, line === "" ? [] : line.split(" "), options);

const GROUP = `--group ${demo.uredisGroupId}`;
const SPACE = `--space ${demo.umemSpaceId} --zone ${demo.zone}`;

describe("ucloud-redis-backups", () => {
  const simulator = useSimulator(() => ({ now: NOW }));
  const ask = (line: string, env: Record<string, string> = {}): Promise<CommandRun> =>
    run(line, { env: { ...createVariables(simulator()), ...env } });

  it("says which backup to restore a group from, and why not from newer ones", async () => {
    const { code, out } = await ask(GROUP);
    assert.equal(code, 0);
    const lines = out.split("\n");
    const [, id = ""] = / from (\S+),/.exec(out) ?? [];
    const record = simulator().fleet.uredis.find(({ row }) => row.BackupId === id);
    assert.equal(record?.row.State, "Success");
    assert.match(
      lines[0] ?? "",
      /^Restore URedis group uredis-w4fz2kqp in cn-bj2 from \S+, made at 2026-01-29 23:59:\d\d UTC; 3 newer ones cannot be used\.$/,
    );
    assert.match(lines[2] ?? "", /^Source +Restore from +Age +Newer but skipped$/);
    assert.ok(lines[4]?.startsWith(`URedis group ${demo.uredisGroupId} in cn-bj2  ${id}  24h 12m  `));
    assert.match(out, /: still running\n.*: failed\n.*: expired\n$/);
  });

  it("says which backup to restore a space from, and which shards the newer ones lack", async () => {
    const { code, out } = await ask(SPACE);
    assert.equal(code, 0);
    assert.match(out, /^Restore UMem space udredis-4f1ybkqa in cn-bj2-04 from \S+, made at /);
    assert.match(out, /: 2 of 4 shards done\n.*: 1 of 4 shards missing\n$/);
  });

  it("lets any age pass without --max-age, and one that is within it", async () => {
    assert.equal((await ask(`${GROUP} --max-age 26h`)).code, 0);
    assert.equal((await ask(`${SPACE} --max-age 26h`)).code, 0);
  });

  for (const [line, fault] of [
    [`${GROUP} --max-age 1h`, "StaleBackup"],
    [`${SPACE} --max-age 1h`, "StaleBackup"],
    [`--group ${demo.unusableGroupId}`, "NoUsableBackup"],
    [`--space ${demo.unusableSpaceId} --zone ${demo.zone}`, "NoUsableBackup"],
    [`--group ${demo.emptyGroupId}`, "NoBackups"],
  ] as const) {
    it(`ends with 1 and [${fault}] on standard error for ${line}`, async () => {
      const { code, out, errors } = await ask(line);
      assert.equal(code, 1);
      assert.equal(out, "");
      assert.ok(errors.includes(`\nucloud-redis-backups: [${fault}] `), errors);
      assert.doesNotMatch(errors, /^\s+at /m);
    });

    it(`prints that as JSON, too, for ${line} --json`, async () => {
      const { code, out, errors } = await ask(`${line} --json`);
      assert.equal(code, 1);
      const { fault: printed, message, ...rest } = JSON.parse(out) as Record<string, string>;
      assert.equal(printed, fault);
      assert.ok(message !== undefined && errors.includes(message));
      assert.deepEqual(rest, {});
    });
  }

  it("prints what the function returns with --json, and nothing else on standard output", async () => {
    const latest = JSON.parse((await ask(`${GROUP} --json`)).out) as Record<string, unknown>;
    const { outputs } = functions["ucloud-redis:index:getLatestURedisBackup"];
    for (const name of outputs.required) assert.ok(Object.hasOwn(latest, name), name);
    for (const name of Object.keys(latest)) assert.ok(Object.hasOwn(outputs.properties, name), name);
    assert.equal(latest["region"], "cn-bj2");
  });

  it("looks up cross-region backups", async () => {
    const line = `--group ${demo.uredisGroupId} --region ${demo.otherRegion} --region-type target`;
    const { code, out } = await ask(line);
    assert.equal(code, 0, out);
    const { parameters } = simulator().requests[0] ?? assert.fail("no request");
    assert.equal(parameters["RegionType"], "target");
    assert.equal(parameters["Region"], demo.otherRegion);
  });

  it("looks in the project that --project names", async () => {
    const line = `--group ${demo.otherProjectGroupId} --project ${demo.otherProjectId}`;
    assert.equal((await ask(line)).code, 0);
  });

  it("says on standard error where requests go if that is not the usual API", async () =>
    assert.match((await ask(GROUP)).errors, /^ucloud-redis-backups: Requests go to 127\.0\.0\.1:/));

  it("ends with 1 if the keys are wrong, without showing them", async () => {
    const { code, out, errors } = await ask(GROUP, { UCLOUD_PRIVATE_KEY: "wrong-private-key" });
    assert.equal(code, 1);
    assert.match(errors, /\[Unauthorized\]/);
    assert.doesNotMatch(out + errors, /wrong-private-key|[0-9a-f]{40}(?![0-9a-f-])/);
  });

  it("writes nothing more once it is cancelled, though the API hangs", async () => {
    const cancellation = new AbortController();
    simulator().injectFault({ kind: "hang", times: Infinity });
    const running = run(GROUP, {
      env: createVariables(simulator()),
      signal: cancellation.signal,
    });
    while (simulator().requests.length === 0) await new Promise(setImmediate);
    cancellation.abort();
    const { out, errors } = await running;
    assert.equal(out, "");
    assert.doesNotMatch(errors, /Cancelled/);
  });
});

describe("ucloud-redis-backups --all", () => {
  const simulator = useSimulator(() => ({ now: NOW }));
  const ask = (line: string): Promise<CommandRun> =>
    run(`--all ${line}`.trim(), { env: createVariables(simulator()) });
  const REGIONS = `--regions ${demo.region},${demo.otherRegion}`;

  it("prints all databases, worst first, and ends with 1 if one has a fault", async () => {
    const { code, out, errors } = await ask(REGIONS);
    assert.equal(code, 1);
    const lines = out.trimEnd().split("\n");
    assert.match(lines[0] ?? "", /^Database +Name +Region +Newest usable +Age +Verdict$/);
    const verdicts = lines.slice(2, -2).map((line) => line.replace(/^(\S+).* (\S+)$/, "$1 $2"));
    assert.deepEqual(verdicts.slice(0, 4), [
      `${demo.emptyGroupId} NoBackups`,
      `${demo.unusableSpaceId} NoUsableBackup`,
      `${demo.unusableGroupId} NoUsableBackup`,
      `${demo.staleGroupId} StaleBackup`,
    ]);
    assert.ok(verdicts.includes(`${demo.otherRegionGroupId} ok`));
    assert.match(lines.at(-1) ?? "", /^14 databases checked: 8 ok, 2 new, 4 faults\.$/);
    assert.match(errors, /\nucloud-redis-backups: \[NoBackups\] 4 of 14 databases /);
  });

  it("ends with 0 if no database has a fault", async () => {
    const { code, out } = await ask(`--region ${demo.otherRegion}`);
    assert.equal(code, 0);
    assert.match(out, /\n2 databases checked: 2 ok, 0 new, 0 faults\.\n$/);
  });

  it("takes a backup that is older than --max-age for a fault", async () => {
    const { code, out } = await ask(`--region ${demo.otherRegion} --max-age 1m`);
    assert.equal(code, 1);
    assert.match(out, / StaleBackup\n/);
  });

  it("leaves out what --exclude names, and says in its own words what to do about the rest", async () => {
    const faulty = [demo.emptyGroupId, demo.unusableSpaceId, demo.unusableGroupId, demo.staleGroupId];
    const before = await ask(REGIONS);
    for (const advice of ["leave it out with --exclude", "or raise --max-age"]) {
      assert.ok(before.errors.includes(advice), before.errors);
    }
    assert.doesNotMatch(before.errors, /onStale|excludeIds|maxAge,/);
    const { code, out } = await ask(`${REGIONS} --exclude ${faulty.join(",")}`);
    assert.equal(code, 0);
    assert.match(out, /\n10 databases checked: 8 ok, 2 new, 0 faults\.\n$/);
  });

  it("fails where it finds no database, unless --allow-empty is given", async () => {
    const { code, errors } = await ask("--region us-ca");
    assert.equal(code, 1);
    assert.match(errors, /\[NotFound\] [^]*or give --allow-empty\./);
    assert.equal((await ask("--region us-ca --allow-empty")).code, 0);
  });

  it("looks only at databases of one --kind", async () => {
    const { out } = await ask(`${REGIONS} --kind umem --json`);
    const { databases } = JSON.parse(out) as { databases: { kind: string }[] };
    assert.ok(databases.length > 0 && databases.every(({ kind }) => kind === "umem"));
  });

  it("prints what the function returns with --json, also with faults", async () => {
    const { code, out } = await ask(`${REGIONS} --json`);
    assert.equal(code, 1);
    const report = JSON.parse(out) as Record<string, unknown>;
    assert.equal(report["faulty"], 4);
    const { outputs } = functions["ucloud-redis:index:getRedisBackupReport"];
    for (const name of outputs.required) assert.ok(Object.hasOwn(report, name), name);
  });

  it("shows the other regions if one cannot be listed, and ends with 1", async () => {
    simulator().injectFault({ kind: "retCode", retCode: 299, action: "DescribeUMem", times: 1 });
    const { code, out } = await ask(REGIONS);
    assert.equal(code, 1);
    assert.match(out, /^\(not all listed\) +cn-(bj2|sh2) +\w+$/m);
    assert.match(out, / ok\n/);
  });

  it("ends with 1 if it saw no database at all", async () => {
    const { code, out, errors } = await ask("--region cn-nowhere --json");
    assert.equal(code, 1);
    assert.equal((JSON.parse(out) as { fault: string }).fault, "NotFound");
    assert.match(errors, /\[NotFound\]/);
  });
});

describe("ucloud-redis-backups: settings", () => {
  const simulator = useSimulator(() => ({ now: NOW }));
  const keys = ({ publicKey, privateKey }: Simulator): object => ({
    public_key: publicKey,
    private_key: privateKey,
  });
  const files = (): Record<string, unknown> => ({
    [CONFIG_FILE]: [
      { profile: "ops", region: "cn-bj2", base_url: simulator().url },
      { profile: "other", active: true, region: "cn-nowhere", base_url: simulator().url },
    ],
    [CREDENTIALS_FILE]: [{ profile: "ops", ...keys(simulator()) }],
  });

  it("come from the profile that --profile names", async () => {
    const { code, errors } = await run(`${GROUP} --profile ops`, { files: files() });
    assert.equal(code, 0, errors);
  });

  it("end the command with 2 if --profile names none", async () => {
    const { code, errors } = await run(`${GROUP} --profile nobody`, { files: files() });
    assert.equal(code, 2);
    assert.match(errors, /\[InvalidConfig\] --profile: /);
  });

  it("end the command with 2 and advice that fits if there are no keys", async () => {
    const { code, out, errors } = await run(`${GROUP} --json`);
    assert.equal(code, 2);
    assert.match(errors, /\[MissingCredentials\].*UCLOUD_PUBLIC_KEY and UCLOUD_PRIVATE_KEY.*--profile/);
    assert.doesNotMatch(errors, /pulumi/i);
    assert.equal((JSON.parse(out) as { fault: string }).fault, "MissingCredentials");
  });

  it("end the command with 2 if no region is known", async () => {
    const { code, errors } = await run(GROUP, {
      env: { ...createVariables(simulator()), UCLOUD_REGION: "" },
    });
    assert.equal(code, 2);
    assert.match(errors, /\[InvalidConfig\] --region: is missing: give --region, or set UCLOUD_REGION/);
    assert.equal(simulator().requests.length, 0);
  });
});

describe("ucloud-redis-backups: its arguments", () => {
  for (const [line, problem] of [
    ["", "give exactly one of --group, --space and --all"],
    ["--all --group a", "give exactly one of --group, --space and --all"],
    ["--group a --space b --zone c", "give exactly one of --group, --space and --all"],
    ["--space b", "--space needs --zone"],
    ["--group a --zone c", "--zone goes with --space"],
    ["--group a --kind umem", "--kind goes with --all"],
    ["--group a --regions x,y", "--regions goes with --all"],
    ["--all --region-type source", "--region-type goes with --group"],
    ["--space a --zone c --region-type source", "--region-type goes with --group"],
    ["--all --region a --regions b", "give either --region or --regions"],
    ["--all --kind redis", "Allowed choices are uredis, umem"],
    ["--group a --region-type all", "Allowed choices are normal, source, target"],
    ["--group", "argument missing"],
    ["--all now", "too many arguments"],
    ["--al", "unknown option '--al'\n(Did you mean --all?)"],
  ] as const) {
    it(`are refused with exit code 2 and the usage: ${line}`, async () => {
      const { code, out, errors } = await run(line);
      assert.equal(code, 2);
      assert.equal(out, "");
      assert.ok(errors.startsWith("ucloud-redis-backups: ") && errors.includes(problem), errors);
      assert.match(errors, /\nUsage: ucloud-redis-backups \[options\]\nSee ucloud-redis-backups --help\.\n$/);
    });
  }

  for (const [line, problem] of [
    ["--group a --max-age 26", /\[InvalidArgument\] --max-age: must be a duration such as 26h/],
    ["--group=", /\[InvalidArgument\] --group: /],
    ["--group a --region=", /\[InvalidConfig\] --region: must not be empty/],
  ] as const) {
    it(`are refused by name with exit code 2: ${line}`, async () => {
      const env = { UCLOUD_PUBLIC_KEY: "public", UCLOUD_PRIVATE_KEY: "private", UCLOUD_REGION: "cn-bj2" };
      const { code, errors } = await run(line, { env });
      assert.equal(code, 2);
      assert.match(errors, problem);
    });
  }

  it("are refused without the value of an option that does not exist, which may be a key", async () => {
    const { errors } = await run("--private-key=abc'def");
    assert.match(errors, /unknown option '--private-key'/);
    assert.doesNotMatch(errors, /abc|def/);
  });

  it("are in the help, which is on standard output and ends with 0", async () => {
    const { code, out, errors } = await run("--help");
    assert.equal(code, 0);
    assert.equal(errors, "");
    for (const flag of Object.values(backupsCommand.optionNames ?? {})) assert.ok(out.includes(`  ${flag} `));
    for (const flag of ["--all", "--json", "--profile", "--version"]) assert.ok(out.includes(`  ${flag} `));
    assert.match((await run("--version")).out, /^\d+\.\d+\.\d+\n$/);
  });

  it("name only arguments that the functions have", () => {
    for (const [token, names] of Object.entries(CALLED_FUNCTIONS)) {
      const { properties } = functions[token as keyof typeof CALLED_FUNCTIONS].inputs;
      for (const name of names) assert.ok(Object.hasOwn(properties, name), `${token}: ${name}`);
    }
  });
});

describe("ucloud-redis-backups: an API that fails", () => {
  const use = useServers();

  it("ends it with 1 and one message", async () => {
    const { url } = await use(serveHttp((_, response) => response.writeHead(500).end("boom")));
    const env = createVariables({ url, publicKey: "public", privateKey: "private" });
    const { code, out, errors } = await run(GROUP, { env });
    assert.equal(code, 1);
    assert.equal(out, "");
    assert.match(errors, /\[Unavailable\]/);
  });
});
