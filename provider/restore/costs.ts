/** What a restore costs, for the user to see before it is bought. */

import type { Price } from "../ucloud/databases";
import type { Defaults } from "./defaults";

/** The price in words, where the price action has one. Prices are in fen. */
export function describeCosts(
  prices: readonly Price[] | undefined,
  { chargeType, quantity = 1 }: Pick<Defaults, "chargeType" | "quantity">,
  now: Date,
): string | undefined {
  const fen = findPrice(prices ?? [], chargeType);
  if (fen === undefined || chargeType === undefined) return undefined;
  const price = `${(fen / 100).toFixed(2)} CNY`;
  if (chargeType === "Dynamic") return `Costs ${price} an hour until it is deleted, by the price list.`;
  const unit = chargeType === "Year" ? "year" : "month";
  if (chargeType !== "Year" && chargeType !== "Month") return `Costs ${price}, by the price list.`;
  if (quantity === 0) return `Costs ${price} until the end of the ${unit}, by the price list.`;
  const period = `${quantity} ${unit}${quantity === 1 ? "" : "s"}`;
  const end = addMonths(now, unit === "year" ? 12 * quantity : quantity);
  return `Costs ${price} for ${period}, by the price list. It expires about ${end} unless it is renewed.`;
}

function findPrice(prices: readonly Price[], chargeType: string | undefined): number | undefined {
  const row =
    prices.find((each) => each.chargeType === chargeType) ??
    (prices.length === 1 && prices[0]?.chargeType === undefined ? prices[0] : undefined);
  const price = row?.price;
  return price !== undefined && price >= 0 ? price : undefined;
}

/** The day some months later. A day that the month lacks is its last one. */
function addMonths(now: Date, months: number): string {
  const end = new Date(now);
  end.setUTCDate(1);
  end.setUTCMonth(end.getUTCMonth() + months);
  const days = new Date(Date.UTC(end.getUTCFullYear(), end.getUTCMonth() + 1, 0)).getUTCDate();
  end.setUTCDate(Math.min(now.getUTCDate(), days));
  return Number.isNaN(end.getTime()) ? "an unknown day" : end.toISOString().slice(0, 10);
}
