import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { parseReleaseArguments } from "../../tools/release";
import { repositoryRoot } from "../../tools/repository";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly needs?: string;
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
  const names = (jobs["make"]?.steps ?? []).flatMap(({ run = "", uses = "" }) => [run, uses]);
  const position = (text: string): number => names.findIndex((each) => each.includes(text));

  it("runs on tags of versions only", () => {
    assert.deepEqual(on, { push: { tags: ["v*"] } });
  });

  it("runs the gate, then the release with the tag and a comparison with the vendor, twice, then attests", () => {
    assert.ok(position("npm run check") >= 0);
    assert.ok(position("npm run check") < position("npm run release"));
    assert.ok(position("npm run release") < position("actions/attest-build-provenance@"));
    const script = names[position("npm run release")] ?? "";
    assert.match(script, /for folder in release again;[^]*\ndiff -r /);
    const [, line = ""] = /npm run release -- (.*)/.exec(script) ?? [];
    const args = line.split(" ").map((each) => each.replaceAll('"', "").replace("$REPOSITORY", "acme/redis"));
    const { repository, tag, needsVendor } = parseReleaseArguments(args);
    assert.deepEqual([repository, tag, needsVendor], ["acme/redis", "$TAG", true]);
  });

  it("gives each job only the permissions that it needs", () => {
    assert.deepEqual(permissions, {});
    assert.deepEqual(Object.fromEntries(Object.entries(jobs).map(([name, job]) => [name, job.permissions])), {
      make: { contents: "read", "id-token": "write", attestations: "write" },
      publish: { contents: "write" },
      npm: { "id-token": "write" },
      pypi: { "id-token": "write" },
    });
  });

  it("publishes nothing that was not made, checked and attached", () => {
    assert.equal(jobs["publish"]?.needs, "make");
    for (const name of ["npm", "pypi"]) assert.equal(jobs[name]?.needs, "publish");
    assert.ok(scripts.some((each) => each.includes("sha256sum --check --strict SHA256SUMS")));
    assert.ok(scripts.some((each) => /npm publish .*--provenance/.test(each)));
  });

  it("tags the Go module's commit with the stamped SDK", () => {
    const script = scripts.find((each) => each.includes("git tag")) ?? "";
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

  it("names a version of each action", () => {
    const used = steps.flatMap(({ uses }) => (uses === undefined ? [] : [uses]));
    assert.deepEqual(
      used.filter((each) => !/^[\w-]+\/[\w-]+@(v\d+|release\/v\d+|[0-9a-f]{40})$/.test(each)),
      [],
    );
  });
});
