import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { config } from "../schema.json";
import type { InputFailure } from "./errors";

/** The name of a setting in the schema. */
export type SettingName = keyof typeof config.variables;

/** The names of all settings, in the schema's order. */
export const SETTING_NAMES = Object.keys(config.variables) as readonly SettingName[];

/** The environment variable of each setting that has one. UCloud's other tools read the same variables. */
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

/** The parts of the machine that settings are read from, besides the given ones. */
export interface HostEnvironment {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's home folder. */
  readonly home: string;
  /** A file's text, or undefined if it cannot be read. */
  readonly readFile: (path: string) => string | undefined;
}

/** The host environment of this process. */
export function getHostEnvironment(): HostEnvironment {
  return { env: process.env, home: homedir(), readFile: readFileIfAny };
}

/** The sources of settings, in the order in which they are tried. */
export enum Rank {
  Given,
  Environment,
  Profile,
  Nowhere,
}

/** A setting that is a string, and where it came from. */
export interface FoundText {
  readonly text: string | undefined;
  readonly rank: Rank;
  /** Where it came from, in words for users, such as the name of a variable. */
  readonly origin: string;
}

const GIVEN = "the stack's config or the provider's arguments";

/** Which numbers a setting may be. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly isWhole: boolean;
  /** Whether `min` itself is too small. @default false */
  readonly isAboveMin?: boolean;
}

/** Reads settings from their sources, and collects what is wrong with them. No message repeats a value. */
export class SettingReader {
  /** What is wrong with the settings that were read so far. */
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

  /** Notes what is wrong with a setting. */
  fail(property: string, reason: string): void {
    this.failures.push({ property, reason });
  }

  /** A setting that is a string, without surrounding blanks. Empty environment variables count as absent. */
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

  /** A setting that is one of `words`. @default the first of them */
  findWord<Word extends string>(name: SettingName, words: readonly [Word, ...Word[]]): Word {
    const { text = words[0] } = this.findText(name);
    const word = words.find((each) => each === text);
    if (word === undefined) this.fail(name, `must be one of ${words.join(", ")}`);
    return word ?? words[0];
  }

  /** A setting that is a number, or a string that holds one. */
  findNumber(
    name: SettingName,
    options: Bounds & { readonly fallback: number; readonly fromProfile?: number | undefined },
  ): number {
    const { fallback, fromProfile } = options;
    const { variable, value: fromEnv } = this.getVariable(name);
    const sources = [
      { value: this.getGiven(name), prefix: "" },
      { value: fromEnv, prefix: `${variable ?? name} ` },
      { value: fromProfile, prefix: "the profile's value " },
    ];
    const source = sources.find(({ value }) => value !== undefined);
    if (source === undefined) return fallback;
    const number = toNumber(source.value);
    if (number !== undefined && isWithin(number, options)) return number;
    this.fail(name, `${source.prefix}must be ${describeBounds(options)}`);
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

/** A name without case and word separators, which is where names are often mistyped. */
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
