/** Choices among made-up backups, and their failures. */
import assert from "node:assert/strict";
import { type Choice, type ChoiceOptions, chooseLatest } from "../../provider/backups/latest";
import { type Selectable, selectBackups } from "../../provider/backups/selection";
import { RedisBackupError } from "../../provider/ucloud/errors";

export const NOW = new Date("2026-01-31T12:00:00Z");
export const SUBJECT = { name: "g", description: "URedis group g in cn-bj2" };

/** A backup, usable if its state is `Success`. */
export function make(backupId: string, createdAt: string | undefined, state?: string): Selectable {
  return {
    backupId,
    usable: state === "Success",
    ...(state === undefined ? {} : { state }),
    ...(createdAt === undefined ? {} : { createdAt }),
  };
}

/** Chooses among the backups that `keep` keeps. */
export function choose(
  backups: readonly Selectable[],
  options: Partial<ChoiceOptions> & { keep?: (backup: Selectable) => boolean } = {},
): Choice<Selectable> {
  const { keep = () => true, ...given } = options;
  const explain = ({ state }: Selectable): string =>
    `reason of ${/^\w+$/.test(state ?? "") ? (state ?? "") : "none"}`;
  return chooseLatest(selectBackups({ backups, explain }, keep), {
    subject: SUBJECT,
    suspects: "the region and the group's id",
    unfiltered: backups,
    now: NOW,
    ...given,
  });
}

/** The message of a choice that must fail with `code`. */
export function fail(code: string, ...args: Parameters<typeof choose>): string {
  try {
    choose(...args);
  } catch (error) {
    assert.ok(error instanceof RedisBackupError);
    assert.equal(error.code, code);
    assert.ok(error.message.startsWith(`[${code}] `));
    assert.doesNotMatch(error.message, /(?!\n)\p{Cc}|undefined/u);
    return error.message;
  }
  return assert.fail("a backup was chosen");
}
