/**
 * What the rules that judge a header may look at.
 *
 * @see [C10 Order of checks](../RULES.md#c10-order-of-checks)
 * @module
 */

import type { CliqueErrorCode } from '../../errors.js';
import type { Rule } from '../../internal/rules.js';
import type { Header } from '../encoding/header.js';
import type { Config, State } from './state.js';

/** What a rule over the header alone may look at. */
export interface HeaderFacts {
  readonly header: Header;
  /** Milliseconds, the verifier's clock. */
  readonly now: number;
}

/** What a rule that knows the chain may look at. */
export interface ConfigFacts extends HeaderFacts {
  readonly config: Config;
}

/** What a rule that knows the parent may look at. */
export interface StateFacts extends ConfigFacts {
  readonly state: State;
}

/** What a rule over the signer may look at. */
export interface SignerFacts extends StateFacts {
  /** 20 bytes. */
  readonly signer: Uint8Array;
}

/** A rule with the least that it must know. */
export type HeaderRule = RuleOf<'header', HeaderFacts> | RuleOf<'config', ConfigFacts> | RuleOf<'state', StateFacts>;

type RuleOf<Needs, Facts> = Rule<Facts, CliqueErrorCode> & {
  readonly needs: Needs;
  /** What the header lacks for the rule to say anything, where it lacks it: another rule fails for that. */
  readonly lacks?: (facts: Facts) => string | undefined;
};
