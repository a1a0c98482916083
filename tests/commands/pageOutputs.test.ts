/** What docs/commands.md and docs/failCi.md show is what the command prints. */

import assert from "node:assert/strict";
import { backupsCommand } from "../../provider/commands/backupsCommand";
import { useSimulator } from "../support/loopback";
import { listBlocks, readPage } from "../support/markdown";
import { createVariables } from "../support/simulatedSettings";
import { NOW, runInProcess } from "./commandRun";

describe("the outputs of ucloud-redis-backups in the documentation", () => {
  const simulator = useSimulator(() => ({ now: NOW }));

  /** What a command line on a page prints, with ids as short as on the pages. */
  async function print(line: string): Promise<{ readonly out: string; readonly errors: string }> {
    const [name, ...args] = line.split(" ");
    assert.equal(name, "ucloud-redis-backups");
    const { out, errors } = await runInProcess(backupsCommand, args, { env: createVariables(simulator()) });
    const shorten = (text: string): string => text.replaceAll(/\b([0-9a-f]{8})-[0-9a-f-]{27}/g, "$1-…");
    return { out: shorten(out), errors: shorten(errors) };
  }

  /** The lines of an output block, each of which must have been printed; `…` stands for lines that are left out. */
  function assertPrinted(block: string | undefined, printed: string): void {
    const known = printed.split("\n").map(squeeze);
    const shown = (block ?? "").trimEnd().split("\n").map(squeeze);
    assert.deepEqual(
      shown.filter((line) => line !== "…" && !known.some((each) => each.startsWith(line.replace(/ …$/, "")))),
      [],
      printed,
    );
  }

  it("are those of docs/commands.md", async () => {
    const [one, all] = listBlocks(readPage("docs/commands.md"), ["text"]);
    assertPrinted(one?.code, (await print("ucloud-redis-backups --group uredis-w4fz2kqp")).out);
    const { out } = await print("ucloud-redis-backups --all --regions cn-bj2,cn-sh2 --max-age 26h");
    assertPrinted(all?.code, out);
  });

  it("are those of docs/failCi.md", async () => {
    const [block] = listBlocks(readPage("docs/failCi.md"), ["text"]);
    const { out, errors } = await print("ucloud-redis-backups --all --regions cn-bj2,cn-sh2 --max-age 26h");
    assertPrinted(block?.code, out + errors);
  });
});

/** Tables have wider columns where other rows are wider. */
function squeeze(line: string): string {
  return line.replaceAll(/-{3,}/g, "---").replaceAll(/\s+/g, " ").trim();
}
