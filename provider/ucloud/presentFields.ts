/** A type whose optional fields may also be undefined. */
export type Loose<Type> = { [Name in keyof Type]: Type[Name] | undefined };

/** The object without its undefined fields. */
export function present<Type extends object>(
  fields: Loose<Type> & { [Name in RequiredNames<Type>]: Type[Name] },
): Type {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Type;
}

type RequiredNames<Type> = {
  [Name in keyof Type]-?: object extends Pick<Type, Name> ? never : Name;
}[keyof Type];
