import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { parseReleaseArguments } from "../../tools/release";
import { repositoryRoot } from "../../tools/repository";
import { readPage } from "../support/markdown";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly needs?: string | readonly string[];
  readonly environment?: string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: object;
  readonly permissions: object;
  readonly jobs: Readonly<Record<string, Job>>;
}

const file = path.join(repositoryRoot, ".github", "workflows", "release.yml");

describe(".github/workflows/release.yml", () => {
  const { on, permissions, jobs } = parse(fs.readFileSync(file, "utf8")) as Workflow;
  const steps = Object.values(jobs).flatMap((job) => job.steps);
  const scripts = steps.flatMap(({ run }) => (run === undefined ? [] : [run]));

  it("runs on tags of versions only", () => {
    assert.deepEqual(on, { push: { tags: ["v*"] } });
  });

  it("runs the gate, and the release with the tag and a comparison with the vendor, twice, then attests", () => {
    const scriptsOf = (job: string): string[] => (jobs[job]?.steps ?? []).map(({ run = "" }) => run);
    assert.ok(scriptsOf("gate").includes("npm run check"));
    const script = scriptsOf("make").find((each) => each.includes("npm run release")) ?? "";
    assert.match(script, /for folder in release again;[^]*\ndiff -r /);
    const [, line = ""] = /npm run release -- (.*)/.exec(script) ?? [];
    const args = line.split(" ").map((each) => each.replaceAll('"', "").replace("$REPOSITORY", "acme/redis"));
    const { repository, tag, needsVendor } = parseReleaseArguments(args);
    assert.deepEqual([repository, tag, needsVendor], ["acme/redis", "$TAG", true]);
    for (const job of ["gate", "make"]) assert.ok(scriptsOf(job).includes("npm ci --ignore-scripts"), job);
    assert.ok((jobs["attest"]?.steps ?? []).some(({ uses }) => uses?.includes("/attest-build-provenance@")));
  });

  it("gives each job only the permissions that it needs", () => {
    assert.deepEqual(permissions, {});
    assert.deepEqual(Object.fromEntries(Object.entries(jobs).map(([name, job]) => [name, job.permissions])), {
      gate: { contents: "read" },
      make: { contents: "read" },
      attest: { "id-token": "write", attestations: "write" },
      publish: { contents: "write" },
      npm: { "id-token": "write" },
      pypi: { "id-token": "write" },
    });
  });

  it("runs no code of the project in a job that may write or prove its identity", () => {
    const mayWrite = Object.values(jobs).filter((job) => Object.values(job.permissions).includes("write"));
    assert.equal(mayWrite.length, 4);
    const commands = mayWrite.flatMap((job) => job.steps.flatMap(({ run = "" }) => run.split("\n")));
    const runners = /(^|[\s;&|(])(npm|npx|node|pnpm|yarn|python3?|pip3?|go|mvn|bash|sh|make|\.\/\S*)\s/;
    assert.deepEqual(
      commands.filter((each) => runners.test(each)),
      [
        'npm publish "./release/pulumi-ucloud-redis-${TAG#v}.tgz" --provenance --access public --ignore-scripts',
      ],
    );
  });

  it("publishes to npm and PyPI from an environment that the trusted publisher names", () => {
    const contributing = readPage("CONTRIBUTING.md").text;
    for (const name of ["npm", "pypi"]) {
      assert.equal(jobs[name]?.environment, name);
      assert.ok(contributing.includes(`\`${name}\``), name);
    }
  });

  it("publishes nothing that was not made, checked and attached", () => {
    assert.deepEqual(jobs["attest"]?.needs, ["gate", "make"]);
    assert.equal(jobs["publish"]?.needs, "attest");
    for (const name of ["npm", "pypi"]) assert.equal(jobs[name]?.needs, "publish");
    assert.ok(scripts.some((each) => each.includes("sha256sum --check --strict SHA256SUMS")));
    assert.ok(scripts.some((each) => /npm publish .*--provenance/.test(each)));
  });

  it("tags the Go module's commit with the stamped SDK", () => {
    const script = scripts.find((each) => each.includes("git tag")) ?? "";
    assert.ok(
      scripts.indexOf(script) > scripts.findIndex((each) => each.includes("gh release create")),
      "after the release, since a tag of Go cannot be taken back",
    );
    assert.match(
      script,
      /GIT_AUTHOR_DATE=\$\(git log -1 --format=%cI\)\nGIT_COMMITTER_DATE=\$GIT_AUTHOR_DATE\nexport /,
    );
    assert.match(
      script,
      /ucloudredis-go-\$\{TAG#v\}\.tar\.gz" -C sdk\/go\n[^]*git tag "sdk\/go\/ucloudredis\/\$TAG"/,
    );
  });

  it("puts no expression into a script, where a tag's name could be code, and uses no secret", () => {
    assert.deepEqual(
      scripts.filter((each) => each.includes("${{")),
      [],
    );
    assert.doesNotMatch(fs.readFileSync(file, "utf8"), /\bsecrets\./);
  });

  it("names each action by a commit, with its version, as a tag may be moved", () => {
    const used = [...fs.readFileSync(file, "utf8").matchAll(/\buses: (.*)/g)].map(([, name = ""]) => name);
    assert.equal(used.length, steps.filter(({ uses }) => uses !== undefined).length);
    assert.deepEqual(
      used.filter((each) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(each)),
      [],
    );
  });
});
