/**
 * Required by mocha. With KEPT_FILES set to a folder, temporary files that tests remove are moved there instead, so that
 * keySweep.ts can look at everything a run wrote: states, histories, configs, homes, logs.
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
