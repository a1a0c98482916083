/** The messages of docs/errors.md that a lookup leads to, as the command shows them. */

import assert from "node:assert/strict";
import { backupsCommand } from "../../provider/commands/backupsCommand";
import { demo, type Simulator } from "../../simulator";
import { expectOnPage, explainedCodes, writeCodes } from "../support/errorsPage";
import { useSimulator } from "../support/loopback";
import { createVariables } from "../support/simulatedSettings";
import { NOW, runInProcess } from "./commandRun";

interface Case {
  readonly args?: string;
  readonly env?: Record<string, string>;
  /** What is wrong with the API or its backups. */
  readonly arrange?: (simulator: Simulator) => void;
}

const GROUP = `--group ${demo.uredisGroupId}`;

const cases: Readonly<Record<string, Case>> = {
  MissingCredentials: { env: { UCLOUD_PUBLIC_KEY: "" } },
  InvalidConfig: { env: { UCLOUD_TIMEOUT_SECOND: "soon" } },
  InvalidArgument: { args: `${GROUP} --max-age 26` },
  Unauthorized: { env: { UCLOUD_PRIVATE_KEY: "another-private-key" } },
  Forbidden: refuse(299, "permission denied"),
  NotFound: refuse(292, "project not exist"),
  Throttled: refuse(153, "too many requests"),
  Unavailable: {
    arrange: (simulator) => simulator.injectFault({ kind: "status", status: 503, times: Infinity }),
  },
  Timeout: {
    env: { UCLOUD_TIMEOUT_SECOND: "0.2" },
    arrange: (simulator) => simulator.injectFault({ kind: "hang", times: Infinity }),
  },
  BadResponse: {
    arrange: (simulator) =>
      simulator.injectFault({ kind: "raw", body: "<html>Log in</html>", times: Infinity }),
  },
  ApiError: refuse(230, "Params [Zone] not available"),
  NoBackups: { args: `--group ${demo.emptyGroupId}` },
  NoUsableBackup: { args: `--group ${demo.unusableGroupId}` },
  StaleBackup: { args: `${GROUP} --max-age 20h` },
  AmbiguousSource: {
    arrange: (simulator) => {
      const uredis = simulator.fleet.uredis.map((record) => ({
        ...record,
        row: { ...record.row, BackupTime: 0 },
      }));
      simulator.fleet = { ...simulator.fleet, uredis };
    },
  },
};

function refuse(retCode: number, message: string): Case {
  return {
    arrange: (simulator) => simulator.injectFault({ kind: "retCode", retCode, message, times: Infinity }),
  };
}

describe("the page of errors", () => {
  const simulator = useSimulator(() => ({ now: NOW }));

  it("explains the codes of lookups, which are produced here, and those of writes", () => {
    assert.deepEqual(explainedCodes, [...Object.keys(cases), ...writeCodes]);
  });

  for (const [code, { args = GROUP, env, arrange }] of Object.entries(cases)) {
    it(`shows what [${code}] looks like`, async () => {
      arrange?.(simulator());
      const variables = { ...createVariables(simulator()), ...env };
      const { errors } = await runInProcess(backupsCommand, args.split(" "), { env: variables });
      const [, message = errors] = /^ucloud-redis-backups: (?=\[)([\s\S]*)$/m.exec(errors) ?? [];
      assert.ok(message.startsWith(`[${code}] `), errors);
      expectOnPage(code, message);
    });
  }
});
