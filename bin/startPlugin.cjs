// The launchers run `node startPlugin.cjs BUNDLE ARGUMENTS...`. This becomes the plugin unless Node.js is too old. It is a
// file, because options in NODE_OPTIONS such as --input-type change how `node -e` reads its text. Its syntax is old, so
// that every Node.js can report the error. A separate `node --version` would double the time to start.
var version = process.versions.node.split(".");
if (version[0] < 20 || (version[0] === "20" && version[1] < 19)) {
  console.error(
    "pulumi-resource-ucloud-redis: Node.js 20.19 or newer is needed, this is " + process.version +
      ". Install it, or install the plugin from the archive of its release, which holds Node.js"
  );
  process.exit(1);
}
process.argv.splice(1, 1);
require("module").runMain();
