/**
 * The form of what is measured.
 */

/** One way to the result of its group. */
export interface Way {
  readonly name: string;
  readonly run: () => unknown;
  /** The result as text that is the same for each way of the group. */
  readonly show: () => string;
}

export interface Group {
  readonly name: string;
  /** Ours first; the others are what it is compared with. */
  readonly ways: readonly Way[];
}

export function way<T>(name: string, run: () => T, show: (result: T) => string): Way {
  return { name, run, show: () => show(run()) };
}
