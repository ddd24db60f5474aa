/**
 * Molecule types as data: just what the strict reader needs to know of a schema.
 *
 * @see https://github.com/nervosnetwork/rfcs/blob/4b502ffcb02fc7019e0dd4b5f866b5f09819cfbe/rfcs/0008-serialization/0008-serialization.md
 * @module
 */

/** An array or a struct: `size` bytes and nothing else. */
export interface FixedSchema {
  readonly kind: 'fixed';
  /** Bytes. */
  readonly size: number;
}

/** A vector of items of one size: `count (u32 LE) | items`. */
export interface FixvecSchema {
  readonly kind: 'fixvec';
  /** Bytes of one item. */
  readonly itemSize: number;
}

/** A vector of items of any size: `total size (u32 LE) | offsets (u32 LE each) | items`. */
export interface DynvecSchema {
  readonly kind: 'dynvec';
  readonly item: Schema;
}

/** Named fields, laid out as a dynvec. */
export interface TableSchema {
  readonly kind: 'table';
  readonly fields: readonly (readonly [name: string, schema: Schema])[];
}

/** Nothing, or the item. */
export interface OptionSchema {
  readonly kind: 'option';
  readonly item: Schema;
}

/** Any molecule type. */
export type Schema = FixedSchema | FixvecSchema | DynvecSchema | TableSchema | OptionSchema;
