/** What {@link withoutAbsent} takes: every field of `T` named, the optional ones possibly `undefined`. */
type Fields<T> = { [K in keyof Required<T>]: object extends Pick<T, K> ? T[K] | undefined : T[K] };

/**
 * A copy without the fields that are `undefined`: an absent field of a row has no key in the model either. As `T` is
 * generated from the schema and every field must be named, a field added to the schema and not read fails to compile.
 */
export function withoutAbsent<T extends object>(fields: Fields<T>): T {
  const copy: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) copy[name] = value;
  }
  return copy as T;
}
