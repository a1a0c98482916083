/**
 * Required by mocha. If KEPT_FILES names a folder, temporary files are moved there instead of being removed,
 * so that keySweep.ts can search everything that a run wrote: states, histories, configs, home folders and
 * logs.
 */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

const kept = process.env.KEPT_FILES;
if (kept !== undefined && kept !== "") {
  const remove = fs.rmSync;
  const temporary = fs.realpathSync(os.tmpdir()) + path.sep;
  fs.rmSync = (target, options) => {
    const name = String(target);
    if (!fs.existsSync(name) || !fs.realpathSync(name).startsWith(temporary)) {
      remove(target, options);
      return;
    }
    fs.mkdirSync(kept, { recursive: true });
    fs.renameSync(name, path.join(fs.mkdtempSync(path.join(kept, "kept-")), path.basename(name)));
  };
}
