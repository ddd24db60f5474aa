/**
 * The form of what is measured.
 *
 * @module
 */

/** One way to the result of its group. */
export interface Way {
  readonly name: string;
  /** Units of the group that one call does. */
  readonly count: number;
  /** Does them; throws where something is not as it should be. */
  readonly run: () => unknown;
  /** The result as text that is the same for each way of a group that has one. */
  readonly show?: () => string;
  /** Makes an engine anew each time: it is measured apart, where giving back those before it falls into nobody's sample. */
  readonly isFresh?: boolean;
}

/** Ways that are compared. */
export interface Group {
  readonly name: string;
  /** What is counted: `hash`, `signature`, `header`. */
  readonly unit: string;
  /** What the ways are compared with: one of them, or something else; it may serve several groups, and is measured once. */
  readonly reference: Way;
  readonly ways: readonly Way[];
}

/** A group that is made once it is wanted: what it needs may take seconds. */
export interface GroupPlan {
  readonly name: string;
  readonly make: () => Omit<Group, 'name'>;
}

/** A way of one unit a call, whose result is shown by `show`. */
export function makeWay<T>(name: string, run: () => T, show: (result: T) => string): Way {
  return { name, count: 1, run, show: () => show(run()) };
}

/** A group of ways, the first of them the reference. */
export function compareWays(unit: string, ways: readonly Way[]): Omit<Group, 'name'> {
  return { unit, reference: ways[0] as Way, ways };
}
