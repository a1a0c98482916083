/** A row of DescribeURedisConfig, without its zone. */
export interface Configuration {
  readonly id: string;
  readonly version: string;
  readonly name: string;
  /** Whether it is one of the cloud's own, which nobody can modify. */
  readonly isDefault: boolean;
  /** @default "Usable" */
  readonly state?: string;
}

/** What the simulated cloud has to sell. */
export interface Offer {
  /** How many databases each zone still takes. A zone that is not named takes any number. */
  readonly room: Readonly<Record<string, number>>;
  /** The versions of each zone. A zone that is not named has all. */
  readonly versions: Readonly<Record<string, readonly string[]>>;
  readonly configurations: readonly Configuration[];
  /** Fen (1/100 CNY) for a gigabyte and a period. */
  readonly fenPerGigabyte: Readonly<Record<"Year" | "Month" | "Dynamic", number>>;
}

/** The versions that a zone has unless the offer says otherwise. */
export const ALL_VERSIONS: readonly string[] = ["4.0", "5.0", "6.0", "7.0"];

/** The offer of a simulator, unless a test changes it: all versions, room everywhere. */
export const defaultOffer: Offer = {
  room: {},
  versions: {},
  configurations: [
    ["4.0", "6c9298a3-9d7f-428c-b1d0-e87ab3b8a1ea"],
    ["5.0", "3cdeeb90-dcbf-46e8-95cd-a05d8860a22c"],
    ["6.0", "1d990520-aac8-4e0f-9384-f58611e8eb28"],
    ["7.0", "48dcf534-db41-11ec-a1a6-52670028d520"],
  ].map(([version = "", id = ""]) => ({ id, version, name: `default-${version}`, isDefault: true })),
  fenPerGigabyte: { Year: 80_000, Month: 8_000, Dynamic: 16 },
};

/** Returns the versions of a zone. */
export function listVersions(offer: Offer, zone: string): readonly string[] {
  return offer.versions[zone] ?? ALL_VERSIONS;
}

/** Returns the configuration that a group of this version gets by default. */
export function findDefaultConfiguration(offer: Offer, version: string): Configuration | undefined {
  return offer.configurations.find((each) => each.version === version && each.isDefault);
}

/** Compares versions as numbers: negative when the first is the lower. `6.0` and `6.0.9` are equal. */
export function compareVersions(left: string, right: string): number {
  const [leftMajor = 0, leftMinor = 0] = left.split(".").map(Number);
  const [rightMajor = 0, rightMinor = 0] = right.split(".").map(Number);
  return leftMajor - rightMajor || leftMinor - rightMinor;
}
