import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import type { InputFailure } from "./errors";

/** Every setting, by its name in the schema. */
export const SETTING_NAMES = [
  "publicKey",
  "privateKey",
  "securityToken",
  "region",
  "projectId",
  "profile",
  "sharedCredentialsFile",
  "sharedConfigFile",
  "baseUrl",
  "maxRetries",
  "timeoutSeconds",
  "maxConcurrency",
  "umemRows",
] as const;

/** The name of a setting. */
export type SettingName = (typeof SETTING_NAMES)[number];

/** The environment variables that stand in for settings that were not given: those of UCloud's other tools. */
const VARIABLES: Readonly<Partial<Record<SettingName, string>>> = {
  publicKey: "UCLOUD_PUBLIC_KEY",
  privateKey: "UCLOUD_PRIVATE_KEY",
  securityToken: "UCLOUD_SECURITY_TOKEN",
  region: "UCLOUD_REGION",
  projectId: "UCLOUD_PROJECT_ID",
  profile: "UCLOUD_PROFILE",
  sharedCredentialsFile: "UCLOUD_SHARED_CREDENTIAL_FILE",
  sharedConfigFile: "UCLOUD_SHARED_CONFIG_FILE",
  baseUrl: "UCLOUD_API_BASE_URL",
  timeoutSeconds: "UCLOUD_TIMEOUT_SECOND",
};

/** Where settings come from besides what was given. */
export interface HostEnvironment {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's home folder. */
  readonly home: string;
  /** A file's text, or undefined where it cannot be read. */
  readonly readFile: (path: string) => string | undefined;
}

/** The surroundings of this process, as they are now. */
export function getHostEnvironment(): HostEnvironment {
  return { env: process.env, home: homedir(), readFile: readFileIfAny };
}

/** How early in the order of sources a setting was found. */
export enum Rank {
  Given,
  Environment,
  Profile,
  Nowhere,
}

/** A setting that is a text, and where it came from. */
export interface FoundText {
  readonly text: string | undefined;
  readonly rank: Rank;
  /** Where it came from, in words for users, such as the name of a variable. */
  readonly origin: string;
}

const GIVEN = "the stack's config or the provider's arguments";

/** The numbers a setting may be. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly isWhole: boolean;
  /** Whether `min` itself is too small. @default false */
  readonly isAboveMin?: boolean;
}

/** Reads settings from their sources and collects what is wrong with them, never repeating a value. */
export class SettingReader {
  /** What was wrong so far. */
  readonly failures: InputFailure[] = [];

  constructor(
    private readonly given: Readonly<Record<string, unknown>>,
    private readonly env: HostEnvironment["env"],
  ) {
    for (const name of Object.keys(given)) {
      if ((SETTING_NAMES as readonly string[]).includes(name)) continue;
      const meant = SETTING_NAMES.find((known) => simplifyName(known) === simplifyName(name));
      const suggestion = meant === undefined ? "" : `. Did you mean \`${meant}\`?`;
      this.fail(name, `is not a setting; the settings are ${SETTING_NAMES.join(", ")}${suggestion}`);
    }
  }

  /** Notes that a setting is wrong. */
  fail(property: string, reason: string): void {
    this.failures.push({ property, reason });
  }

  /** A setting that is a text, without the blanks around it. Empty environment variables count as absent. */
  findText(name: SettingName, profile?: { readonly text: string | undefined; label: string }): FoundText {
    const given = this.getGiven(name);
    if (given !== undefined) {
      const text = typeof given === "string" ? given.trim() : undefined;
      if (!text) this.fail(name, text === "" ? "must not be empty" : "must be a string");
      return { text: text === "" ? undefined : text, rank: Rank.Given, origin: GIVEN };
    }
    const { variable, value } = this.getVariable(name);
    if (value !== undefined) {
      return { text: value.trim(), rank: Rank.Environment, origin: variable ?? "the environment" };
    }
    if (profile?.text === undefined) return { text: undefined, rank: Rank.Nowhere, origin: "nowhere" };
    return { text: profile.text.trim(), rank: Rank.Profile, origin: profile.label };
  }

  /** A setting that is one of some words, and the first of them by default. */
  findWord<Word extends string>(name: SettingName, words: readonly [Word, ...Word[]]): Word {
    const { text = words[0] } = this.findText(name);
    const word = words.find((each) => each === text);
    if (word === undefined) this.fail(name, `must be one of ${words.join(", ")}`);
    return word ?? words[0];
  }

  /** A setting that is a number, or the text of one. */
  findNumber(name: SettingName, bounds: Bounds, fallback: number, fromProfile?: number): number {
    const { variable, value: fromEnv } = this.getVariable(name);
    const sources = [
      { value: this.getGiven(name), prefix: "" },
      { value: fromEnv, prefix: `${variable ?? name} ` },
      { value: fromProfile, prefix: "the profile's value " },
    ];
    const source = sources.find(({ value }) => value !== undefined);
    if (source === undefined) return fallback;
    const number = toNumber(source.value);
    if (number !== undefined && isWithin(number, bounds)) return number;
    this.fail(name, `${source.prefix}must be ${describeBounds(bounds)}`);
    return fallback;
  }

  private getGiven(name: SettingName): unknown {
    return Object.hasOwn(this.given, name) ? (this.given[name] ?? undefined) : undefined;
  }

  private getVariable(name: SettingName): { variable: string | undefined; value: string | undefined } {
    const variable = VARIABLES[name];
    const value = variable === undefined ? undefined : this.env[variable];
    return { variable, value: value?.trim() === "" ? undefined : value };
  }
}

/** A name without what typing errors are made of: case, and what stands between words. */
function simplifyName(name: string): string {
  return name.toLowerCase().replace(/[^a-z]/g, "");
}

function toNumber(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^\s*\d{1,15}(\.\d{1,15})?\s*$/.test(value) ? Number(value) : undefined;
}

function isWithin(value: number, { min, max, isWhole, isAboveMin = false }: Bounds): boolean {
  if (isWhole && !Number.isInteger(value)) return false;
  return (isAboveMin ? value > min : value >= min) && value <= max;
}

function describeBounds({ min, max, isWhole, isAboveMin = false }: Bounds): string {
  const range = isAboveMin ? `above ${min} and at most ${max}` : `from ${min} to ${max}`;
  return `${isWhole ? "a whole number" : "a number"} ${range}`;
}

function readFileIfAny(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
