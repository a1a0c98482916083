/** A deterministic random generator: the same seed gives the same fleet on every machine. */
export interface Random {
  /** Returns a number from 0 (included) to 1 (excluded). */
  next(): number;
  /** Returns a whole number from `least` to `most`, both included. */
  between(least: number, most: number): number;
  /** Returns a version 4 UUID in lower case, the form of backup ids. */
  uuid(): string;
  /** Returns `prefix` and eight lower-case letters and digits, the form of group and space ids. */
  resourceId(prefix: string): string;
}

const ID_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

/** Creates a generator (mulberry32: 32 bits of state; for test data, never for secrets). */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;

  function nextWord(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return (word ^ (word >>> 14)) >>> 0;
  }

  function between(least: number, most: number): number {
    return least + Math.floor((nextWord() / 2 ** 32) * (most - least + 1));
  }

  return {
    next: () => nextWord() / 2 ** 32,
    between,
    uuid: () => {
      const hex = writeHex(nextWord()) + writeHex(nextWord()) + writeHex(nextWord()) + writeHex(nextWord());
      // The fixed 4 is the version, and 8 to b is the variant.
      const variant = "89ab".charAt(parseInt(hex.charAt(16), 16) % 4);
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
    },
    resourceId: (prefix) =>
      prefix +
      Array.from({ length: 8 }, () => ID_ALPHABET.charAt(between(0, ID_ALPHABET.length - 1))).join(""),
  };
}

function writeHex(word: number): string {
  return word.toString(16).padStart(8, "0");
}

/**
 * Returns a 32-bit hash in which similar texts are far apart. It puts rows into a shuffled but repeatable
 * order.
 */
export function hashText(text: string, salt = 0): number {
  let hash = 0x811c9dc5 ^ salt;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  // FNV alone gives close hashes to texts that differ only at the end.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
