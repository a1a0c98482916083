/** What {@link withoutAbsent} takes: every field of `T` named, the optional ones possibly `undefined`. */
type Fields<T> = { [K in keyof Required<T>]: object extends Pick<T, K> ? T[K] | undefined : T[K] };

/**
 * A copy without the fields that are `undefined`: an absent field of a row has no key in the model either. As `T` is
 * generated from the schema and every field must be named, a field added to the schema and not read fails to compile.
 */
export function withoutAbsent<T extends object>(fields: Fields<T>): T {
  const copy: Partial<Fields<T>> = {};
  // Not over the entries: of 100,000 backups, those take longer to make than all else about them.
  for (const name of Object.keys(fields) as (keyof Fields<T>)[]) {
    if (fields[name] !== undefined) copy[name] = fields[name];
  }
  return copy as T;
}
