import type { Platform } from "./platforms";

/** What the header of a program says. */
export interface BinaryFormat {
  readonly format: "ELF" | "Mach-O" | "PE";
  /** `amd64`, `arm64`, or the number in the header. */
  readonly architecture: string;
}

const FORMATS = { linux: "ELF", darwin: "Mach-O", windows: "PE" } as const;

const ELF_MAGIC = 0x464c457f;
const ELF_64_BIT_LITTLE_ENDIAN = 0x0102;
const MACH_O_64_BIT = 0xfeedfacf;
const DOS_MAGIC = 0x5a4d;
const PE_MAGIC = 0x00004550;
const PE_OFFSET = 0x3c;

const ARCHITECTURES: Readonly<Record<BinaryFormat["format"], Readonly<Record<number, string>>>> = {
  ELF: { 62: "amd64", 183: "arm64" },
  "Mach-O": { 0x01000007: "amd64", 0x0100000c: "arm64" },
  PE: { 0x8664: "amd64", 0xaa64: "arm64" },
};

/** Reads the header of a program: 64-bit ELF, Mach-O or PE. Anything else gives nothing. */
export function readBinaryFormat(bytes: Buffer): BinaryFormat | undefined {
  if (bytes.length < PE_OFFSET + 4) return undefined;
  const found = (format: BinaryFormat["format"], machine: number): BinaryFormat => ({
    format,
    architecture: ARCHITECTURES[format][machine] ?? String(machine),
  });
  const first = bytes.readUInt32LE(0);
  if (first === ELF_MAGIC && bytes.readUInt16LE(4) === ELF_64_BIT_LITTLE_ENDIAN) {
    return found("ELF", bytes.readUInt16LE(18));
  }
  if (first === MACH_O_64_BIT) return found("Mach-O", bytes.readUInt32LE(4));
  const header = bytes.readUInt32LE(PE_OFFSET);
  if (bytes.readUInt16LE(0) !== DOS_MAGIC || bytes.length < header + 6) return undefined;
  return bytes.readUInt32LE(header) === PE_MAGIC ? found("PE", bytes.readUInt16LE(header + 4)) : undefined;
}

/** @throws unless the header of these bytes says that they run on the platform */
export function checkBinaryFormat(platform: Platform, bytes: Buffer): void {
  const [system, wanted] = platform.split("-") as [keyof typeof FORMATS, string];
  const found = readBinaryFormat(bytes);
  if (found?.format === FORMATS[system] && found.architecture === wanted) return;
  const what = found === undefined ? "no known program" : `${found.format} for ${found.architecture}`;
  throw new Error(`Node.js for ${platform} must be ${FORMATS[system]} for ${wanted}, but is ${what}`);
}
