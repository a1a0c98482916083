/** The answers about versions, configurations, room and prices. */

import { commonFields } from "./backupFields";
import { type Fields, flag, listOf, needed, number, oneOf, oneOfOpen, seldom, text } from "./rules";

/** The answer of `DescribeURedisVersion`. */
export const versions: Fields = {
  ...commonFields,
  TotalCount: seldom(number),
  DataSet: needed(listOf({ fields: { Version: needed(text) } })),
};

/** The answer of `DescribeURedisConfig`. */
export const configs: Fields = {
  ...commonFields,
  TotalCount: seldom(number),
  DataSet: needed(
    listOf({
      fields: {
        Zone: text,
        ConfigId: needed(text),
        Name: text,
        Description: text,
        Version: needed(text),
        IsModify: needed(oneOfOpen("Unmodifiable", "Modifiable")),
        State: needed(oneOfOpen("Usable")),
        CreateTime: number,
        ModifyTime: number,
        RegionFlag: flag,
      },
    }),
  ),
};

/** The answer of `CheckURedisAllowance` and `CheckUDredisSpaceAllowance`. */
export const room: Fields = { ...commonFields, Count: needed(number) };

const price: Fields = {
  ChargeType: needed(oneOf("Year", "Month", "Dynamic", "Trial")),
  Price: needed(number),
  OriginalPrice: number,
};

/** The answer of `DescribeURedisPrice`. */
export const groupPrices: Fields = {
  ...commonFields,
  DataSet: needed(listOf({ fields: { ...price, ListPrice: number } })),
};

/** The answer of `DescribeUMemPrice`. */
export const spacePrices: Fields = { ...commonFields, DataSet: needed(listOf({ fields: price })) };
