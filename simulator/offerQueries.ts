import { type Action, type ActionRequest, type ApiAnswer, cutPage, defineAction, succeed } from "./actions";
import type { Cloud } from "./cloud";
import { listVersions } from "./offer";
import { chargeType, flag, oneOf, optional, pages, required, text, whole, zone } from "./parameterRules";
import { RetCode } from "./refusals";

const size = whole(1);
const quantity = whole(0, 1000);
const PAGE_OF_CONFIGURATIONS = 10;
const PRICED = ["Year", "Month", "Dynamic"] as const;

/** Versions, configurations, room and prices. */
export const offerQueries: Readonly<Record<string, Action>> = {
  DescribeURedisVersion: defineAction({ Zone: required(zone) }, (values, { cloud }) => {
    const rows = listVersions(cloud.offer, values.Zone).map((Version) => ({ Version }));
    return { retCode: RetCode.ok, rows, totalCount: rows.length, accountCount: rows.length };
  }),
  DescribeURedisConfig: defineAction(
    {
      ...pages,
      Zone: required(zone),
      RegionFlag: required(flag),
      Version: optional(text),
      ConfigId: optional(text),
    },
    (values, request) => listConfigurations(values, request),
  ),
  CheckURedisAllowance: defineAction(
    {
      Zone: required(zone),
      Size: required(size),
      Count: required(whole(1, 10)),
      Protocol: optional(text),
      RegionFlag: optional(flag),
      GroupId: optional(text),
      SlaveZone: optional(zone),
    },
    (values, { cloud }) => succeed({ Count: countRoom(cloud, values) }),
  ),
  CheckUDredisSpaceAllowance: defineAction(
    {
      Zone: required(zone),
      Size: required(size),
      Count: required(whole(1, 10)),
      GroupId: optional(text),
    },
    (values, { cloud }) => succeed({ Count: countRoom(cloud, values) }),
  ),
  DescribeURedisPrice: defineAction(
    {
      Zone: required(zone),
      Size: required(size),
      ChargeType: optional(chargeType),
      Quantity: optional(quantity),
      RegionFlag: optional(flag),
      ProductType: optional(oneOf("MS_Redis", "S_Redis")),
      HighPerformance: optional(flag),
    },
    (values, { cloud }) => {
      const prices = listPrices(cloud, values).map((price) => ({ ...price, ListPrice: price.OriginalPrice }));
      return { retCode: RetCode.ok, rows: prices, isUncounted: true };
    },
  ),
  DescribeUMemPrice: defineAction(
    {
      Zone: required(zone),
      Size: required(size),
      Type: required(oneOf("single", "double")),
      ChargeType: optional(chargeType),
      Quantity: optional(quantity),
      HighPerformance: optional(flag),
      BlockCnt: optional(whole(1)),
      ProxySize: optional(whole(0)),
      UlbMode: optional(flag),
      ClusterMode: optional(text),
      ProxyCnt: optional(whole(0)),
    },
    (values, { cloud }) => ({ retCode: RetCode.ok, rows: listPrices(cloud, values), isUncounted: true }),
  ),
};

/** Returns how many more databases a zone takes. */
export function countFreeRoom({ offer, databases }: Cloud, zoneName: string): number {
  const room = offer.room[zoneName];
  if (room === undefined) return Infinity;
  const made = databases.list().filter((each) => each.createdBy !== undefined && each.zone === zoneName);
  return Math.max(0, room - made.length);
}

interface RoomQuery {
  readonly Zone: string;
  readonly Count: number;
  readonly GroupId: string | undefined;
}

/** For a database that exists, whether it can grow: 1 or 0. */
function countRoom(cloud: Cloud, { Zone, Count, GroupId }: RoomQuery): number {
  return Math.min(GroupId === undefined ? Count : 1, countFreeRoom(cloud, Zone));
}

interface ConfigurationQuery {
  readonly Zone: string;
  readonly Version: string | undefined;
  readonly ConfigId: string | undefined;
  readonly RegionFlag: boolean;
  readonly Offset: number | undefined;
  readonly Limit: number | undefined;
}

function listConfigurations(query: ConfigurationQuery, request: ActionRequest): ApiAnswer {
  const rows = request.cloud.offer.configurations
    .filter(({ version }) => query.Version === undefined || query.Version === version)
    .filter(({ id }) => query.ConfigId === undefined || query.ConfigId === id)
    .map((each) => ({
      Zone: query.Zone,
      ConfigId: each.id,
      Name: each.name,
      Description: "",
      Version: each.version,
      IsModify: each.isDefault ? "Unmodifiable" : "Modifiable",
      State: each.state ?? "Usable",
      CreateTime: 1_500_000_000,
      ModifyTime: 1_500_000_000,
      RegionFlag: query.RegionFlag,
    }));
  const page = { offset: query.Offset, limit: query.Limit ?? PAGE_OF_CONFIGURATIONS };
  return {
    retCode: RetCode.ok,
    rows: cutPage(rows, page, request),
    totalCount: rows.length,
    accountCount: rows.length,
  };
}

interface PriceQuery {
  readonly Size: number;
  readonly ChargeType: string | undefined;
  readonly Quantity: number | undefined;
}

function listPrices({ offer }: Cloud, { Size, ChargeType, Quantity = 1 }: PriceQuery): PriceRow[] {
  return PRICED.filter((each) => ChargeType === undefined || ChargeType === each).map((each) => {
    const price = offer.fenPerGigabyte[each] * Size * Math.max(1, Quantity);
    return { ChargeType: each, Price: price, OriginalPrice: price };
  });
}

interface PriceRow {
  readonly ChargeType: string;
  readonly Price: number;
  readonly OriginalPrice: number;
}
