/** What a zone offers: versions, files of Redis parameters, room and prices. */

import { readPage } from "./answerPage";
import type { Client } from "./client";
import type {
  DatabaseConfig,
  DatabaseReader,
  DatabaseScope,
  Price,
  PriceQuery,
  RoomQuery,
} from "./databases";
import { type JsonObject, readCount, readName, readText, readVersion } from "./jsonFields";
import { listAll } from "./rowListing";
import { present } from "./presentFields";
import { listRow } from "./rowCollector";
import type { RequestParameters } from "./signature";

/** Creates the part of a reader that reads offers. */
export function createOfferReader(
  client: Client,
): Pick<DatabaseReader, "listVersions" | "listConfigs" | "countRoom" | "listPrices"> {
  return {
    async listVersions(place) {
      const parameters = createPlace(place);
      const versions = await readRows(client, "DescribeURedisVersion", {
        parameters,
        readRow: (row) => readVersion(row, "Version"),
      });
      return [...new Set(versions.filter((version) => version !== undefined))];
    },
    async listConfigs({ version, configId, ...place }) {
      const { rows } = await listAll(client, {
        action: "DescribeURedisConfig",
        parameters: { ...createPlace(place), RegionFlag: false, Version: version, ConfigId: configId },
        idField: "ConfigId",
        readRow: readConfig,
      });
      return rows.filter((row) => row !== undefined);
    },
    async countRoom(query) {
      const [action, parameters] = createRoomQuery(query);
      return readCount(await client.call(action, parameters), "Count");
    },
    async listPrices(query) {
      const [action, parameters] = createPriceQuery(query);
      const prices = await readRows(client, action, { parameters, readRow: readPrice });
      // Without a charge type, the API gives the prices of all. Some servers do so with one as well.
      return prices.filter(({ chargeType = query.chargeType }) =>
        query.chargeType === undefined ? true : chargeType === query.chargeType,
      );
    },
  };
}

/** Reads all rows of an action that does not page. */
async function readRows<Row>(
  client: Client,
  action: string,
  query: { readonly parameters: RequestParameters; readonly readRow: (row: JsonObject) => Row },
): Promise<readonly Row[]> {
  const answer = await client.call(action, query.parameters);
  const { rows } = readPage(answer, { action, list: (json) => listRow(json, query.readRow(json)) });
  return rows.map(({ row }) => row);
}

function createPlace({ region, projectId, zone }: DatabaseScope & { zone: string }): RequestParameters {
  return { Region: region, ProjectId: projectId, Zone: zone };
}

/** The two pages differ: one wants `Count` as a number, the other as text, which are the same on the wire. */
function createRoomQuery(query: RoomQuery): readonly [action: string, RequestParameters] {
  const { kind, size, slaveZone } = query;
  const parameters = { ...createPlace(query), Size: size };
  if (kind === "umem") return ["CheckUDredisSpaceAllowance", { ...parameters, Count: "1" }];
  const isCrossZone = slaveZone !== undefined;
  return [
    "CheckURedisAllowance",
    {
      ...parameters,
      Count: 1,
      Protocol: "redis",
      ...(isCrossZone ? { RegionFlag: true, SlaveZone: slaveZone } : {}),
    },
  ];
}

function createPriceQuery(query: PriceQuery): readonly [action: string, RequestParameters] {
  const { kind, size, chargeType, quantity, highAvailability = true, highPerformance } = query;
  const parameters = {
    ...createPlace(query),
    Size: size,
    ChargeType: chargeType,
    Quantity: quantity,
    HighPerformance: highPerformance,
  };
  if (kind === "uredis") {
    const ProductType = highAvailability ? "MS_Redis" : "S_Redis";
    return ["DescribeURedisPrice", { ...parameters, ProductType }];
  }
  const { blockCount, proxySize, clusterMode } = query;
  return [
    "DescribeUMemPrice",
    {
      ...parameters,
      Type: "double",
      BlockCnt: blockCount,
      ProxySize: proxySize,
      ClusterMode: clusterMode,
    },
  ];
}

function readConfig(row: JsonObject): DatabaseConfig | undefined {
  const id = readName(row, "ConfigId");
  if (id === undefined) return undefined;
  return present<DatabaseConfig>({
    id,
    name: readName(row, "Name"),
    version: readVersion(row, "Version"),
    isDefault: readText(row, "IsModify") === "Unmodifiable",
    isUsable: readText(row, "State") === "Usable",
  });
}

function readPrice(row: JsonObject): Price {
  return present<Price>({
    chargeType: readName(row, "ChargeType"),
    price: readCount(row, "Price"),
    originalPrice: readCount(row, "OriginalPrice"),
  });
}
