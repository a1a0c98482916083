import { demo } from "./demoPlan";
import { listSources } from "./fleet";
import type { Simulator } from "./options";

/** Returns the text that is printed once the simulator runs: its URL, its keys, and its groups and spaces. */
export function describeSimulator(simulator: Simulator): string {
  const sources = listSources(simulator.fleet);
  const describe = (kind: "uredis" | "umem"): string =>
    sources
      .filter((source) => source.kind === kind && source.regionType === "normal")
      .map(
        ({ id, region, zone, projectId, rows }) =>
          `  ${id}  ${region}  ${zone}  ${projectId}  ${rows} rows\n`,
      )
      .join("");
  return `UCloud API simulator: ${simulator.url}

export UCLOUD_API_BASE_URL='${simulator.url}'
export UCLOUD_PUBLIC_KEY='${simulator.publicKey}'
export UCLOUD_PRIVATE_KEY='${simulator.privateKey}'
export UCLOUD_REGION='${demo.region}'
export UCLOUD_PROJECT_ID='${simulator.fleet.defaultProjectId}'

URedis groups (id, region, zone, project):
${describe("uredis")}
UMem spaces (id, region, zone, project):
${describe("umem")}${describeRedis(simulator)}
Stop it with Ctrl-C.
`;
}

/** Lists the real servers. Their passwords are those of a simulator, like its keys. */
function describeRedis({ databases, redisVersion }: Simulator): string {
  if (redisVersion === undefined) return "";
  const groups = databases.filter(({ kind, state }) => kind === "uredis" && state === "Running");
  const lines = groups.map(
    ({ id, host, port, password }) => `  ${id}  ${host}:${port}  ${password ?? "(no password)"}\n`,
  );
  return `\nRedis ${redisVersion} servers (group, address, password):\n${lines.join("")}`;
}
