// Started by the launchers as `node startPlugin.cjs BUNDLE ARGUMENTS...`; becomes the plugin, unless this Node.js is too old.
// A file and no `node -e`: options in NODE_OPTIONS, such as --input-type, change how the text of -e is read. In words that
// any Node.js understands, and in the plugin's own process: asking `node --version` first would double the time to start.
var version = process.versions.node.split(".");
if (version[0] < 20 || (version[0] === "20" && version[1] < 19)) {
  console.error("pulumi-resource-ucloud-redis: Node.js 20.19 or newer is needed, this is " + process.version);
  process.exit(1);
}
process.argv.splice(1, 1);
require("module").runMain();
