export type Path = readonly (string | number)[];

export const isPlain = (value: unknown): value is Record<string, unknown> | unknown[] =>
  typeof value === 'object' && value !== null && !ArrayBuffer.isView(value);

/** Every value inside `value` with the path to it, `value` itself first. */
export function nodesOf(value: unknown, path: Path = []): { path: Path; value: unknown }[] {
  const inner = isPlain(value) ? Object.entries(value) : [];
  return [
    { path, value },
    ...inner.flatMap(([key, item]) => nodesOf(item, [...path, Array.isArray(value) ? Number(key) : key])),
  ];
}

/** A copy of `value` with the thing at `path` replaced; what is beside the path is shared. */
export function replaceAt(value: unknown, [key, ...rest]: Path, replacement: unknown): unknown {
  if (key === undefined) return replacement;
  const copy: any = Array.isArray(value) ? [...value] : { ...(value as object) };
  copy[key] = replaceAt(copy[key], rest, replacement);
  return copy;
}

/** A deep copy; bytes become what `copyBytes` makes of them. */
export function copy(value: unknown, copyBytes = (item: Uint8Array): Uint8Array => Uint8Array.from(item)): any {
  if (value instanceof Uint8Array) return copyBytes(value);
  if (Array.isArray(value)) return value.map((item) => copy(item, copyBytes));
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item, copyBytes)]));
}

/** Equality of values, bytes by content: `expect` would take most of the time of this file. */
export function isSame(a: any, b: any): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0;
  if (!isPlain(a) || !isPlain(b)) return Object.is(a, b);
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => isSame((a as any)[key], (b as any)[key]));
}

export const bytesIn = (value: unknown): Uint8Array[] =>
  nodesOf(value).flatMap((node) => (node.value instanceof Uint8Array ? [node.value] : []));
