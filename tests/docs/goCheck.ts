import fs from "node:fs";
import path from "node:path";
import { goSdkFolder, runGo } from "../../tools/toolchains/languageToolchains";
import type { Block } from "../support/markdown";

/** What Go's messages begin with: `block3/main.go:12:4: message`, after a mark in those of `go vet`. */
const message = /^(?:vet: )?(?:\.[\\/])?block(\d+)[\\/]main\.go:(\d+)(?::\d+)?: (.*)$/;

/**
 * Checks the types in each block, all in one call of `go vet`. Each is a package in a module in `folder`, which finds
 * the Go SDK in this repository.
 *
 * @returns the errors, each with the block's location
 */
export async function checkGo(blocks: readonly Block[], folder: string): Promise<string[]> {
  const goMod = fs.readFileSync(path.join(goSdkFolder, "go.mod"), "utf8");
  const [, sdk = ""] = /^module (\S+)$/m.exec(goMod) ?? [];
  const requirement = `require ${sdk} v0.0.0\n\nreplace ${sdk} => ${JSON.stringify(goSdkFolder)}\n`;
  fs.writeFileSync(path.join(folder, "go.mod"), `${goMod.replace(sdk, "examples")}\n${requirement}`);
  fs.copyFileSync(path.join(goSdkFolder, "go.sum"), path.join(folder, "go.sum"));
  blocks.forEach(({ code }, index) => {
    const target = path.join(folder, `block${index}`);
    fs.mkdirSync(target);
    fs.writeFileSync(path.join(target, "main.go"), code);
  });

  const output = await runGo(["vet", "./..."], folder).then(
    () => "",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  const errors = output.split("\n").flatMap((line) => {
    const [, index, row = "", text = ""] = message.exec(line) ?? [];
    return index === undefined ? [] : [`${blocks[Number(index)]?.location ?? ""}, line ${row}: ${text}`];
  });
  // An output without such a line says why nothing was checked.
  return output !== "" && errors.length === 0 ? [output] : errors;
}
