import assert from "node:assert/strict";
import fs from "node:fs";
import { checkCheckout, compareInstalled } from "../../tools/release/checkoutState";
import { runCommand } from "../../tools/childProcess";
import { repositoryRoot } from "../../tools/repository";
import { useTemporaryFolder } from "../support/temporaryFolder";

const LOCKED = {
  "": { version: "0.1.0" },
  "node_modules/a": { version: "1.0.0", integrity: "sha512-a" },
  "node_modules/for-another-system": { version: "1.0.0", integrity: "sha512-b", optional: true },
  "node_modules/here": { resolved: "", link: true },
};

describe("the checkout that a release is made from", () => {
  const at = useTemporaryFolder("checkout-");

  function write(installed: object, locked: object = LOCKED): void {
    fs.mkdirSync(at("node_modules"), { recursive: true });
    fs.writeFileSync(at("package-lock.json"), JSON.stringify({ packages: locked }));
    fs.writeFileSync(at("node_modules", ".package-lock.json"), JSON.stringify({ packages: installed }));
  }

  it("has the packages of the lockfile, without those for other systems", () => {
    write({ "node_modules/a": LOCKED["node_modules/a"] });
    assert.deepEqual(compareInstalled(at()), []);
    assert.deepEqual(compareInstalled(repositoryRoot), []);
  });

  for (const [what, installed, problem] of [
    [
      "another version",
      { version: "1.0.1", integrity: "sha512-a" },
      /^node_modules\/a is installed as 1\.0\.1/,
    ],
    [
      "other bytes",
      { version: "1.0.0", integrity: "sha512-x" },
      /^node_modules\/a is installed as 1\.0\.0, and not/,
    ],
    ["nothing", undefined, /^node_modules\/a is not installed/],
  ] as const) {
    it(`is refused with ${what} in the place of a package`, () => {
      write({ "node_modules/a": installed });
      assert.match(compareInstalled(at()).join(), problem);
    });
  }

  it("is refused with a package that the lockfile does not name", () => {
    write({ "node_modules/a": LOCKED["node_modules/a"], "node_modules/b": { version: "1.0.0" } });
    assert.match(compareInstalled(at()).join(), /node_modules\/b is installed, but/);
  });

  it("is refused with a change or a file that is not committed", async () => {
    write({ "node_modules/a": { version: "1.0.1" } });
    fs.writeFileSync(at(".gitignore"), "node_modules\n");
    const git = async (...args: string[]): Promise<void> => {
      const identity = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"];
      const { code, stderr } = await runCommand("git", [...identity, ...args], { cwd: at() });
      assert.equal(code, 0, stderr);
    };
    await git("init", "--quiet");
    await assert.rejects(
      checkCheckout(at()),
      /changes that are not committed, or files that Git does not know/,
    );
    await git("add", ".");
    await git("commit", "--quiet", "--message=a");
    await assert.rejects(
      checkCheckout(at()),
      /node_modules\/a is installed as 1\.0\.1.*Run `npm ci --ignore-scripts`/,
    );
  });
});
