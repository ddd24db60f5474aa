/**
 * The rules over the switch to Savanna, and over what headers claim of finality.
 *
 * @see [E45 Era](../RULES.md#e45-era), [E50 Quorum certificate claims](../RULES.md#e50-quorum-certificate-claims)
 * @module
 */

import type { EosioErrorCode } from '../../errors.js';
import type { Rule } from '../../internal/rules.js';
import { type BlockHeader, computeBlockNumber, isSavannaHeader } from '../encoding/header.js';
import type { HeaderExtensions } from '../encoding/headerExtensions.js';
import { claimOf, compareClaims, latestClaim, type QcClaim } from './finality.js';
import type { State } from './state.js';

/** What a rule over Savanna may look at. */
export interface SavannaFacts {
  readonly state: State;
  readonly header: BlockHeader;
  readonly extensions: HeaderExtensions;
}

/** @see [E45 Era](../RULES.md#e45-era) */
export const ERA: Rule<SavannaFacts, EosioErrorCode> = {
  id: 'E45',
  code: 'ERA_MISMATCH',
  where: 'header.scheduleVersion',
  holds: ({ header, state }) => {
    const isSavanna = isSavannaHeader(header);
    return isSavanna === isDue(state) || (!isSavanna && mayWait(state));
  },
  explain: ({ header, state }) => ({
    expected: isDue(state) && mayWait(state) ? 'any header' : describeEra(isDue(state)),
    got: describeEra(isSavannaHeader(header)),
  }),
};

/** The switch begins with the first claim, which its header makes for itself, and is due once that block is irreversible. */
function isDue(state: State): boolean {
  if (state.isSavanna) return true;
  const claim = latestClaim(state);
  return claim !== null && state.lastIrreversible >= claim.number;
}

/** Where the anchor came after the block of the first claim, it is not known when that was irreversible. */
function mayWait(state: State): boolean {
  if (state.isSavanna) return false;
  const claim = latestClaim(state);
  return claim !== null && claim.number <= computeBlockNumber(state.anchorId);
}

function describeEra(isSavanna: boolean): string {
  return isSavanna ? 'a Savanna header' : 'a header of before Savanna';
}

/** @see [E50 Quorum certificate claims](../RULES.md#e50-quorum-certificate-claims) */
export const CLAIM: Rule<SavannaFacts, EosioErrorCode> = {
  id: 'E50',
  code: 'QC_CLAIM_INVALID',
  where: 'header.headerExtensions',
  holds: ({ header, extensions, state }) => {
    const isSavanna = isSavannaHeader(header);
    const found = claimOf(extensions);
    const last = latestClaim(state);
    if (found === null) return !isSavanna && last === null;
    if (!isSavanna) return compareClaims(last ?? firstClaim(state), found) === 0;
    return last !== null && found.number <= state.number && compareClaims(last, found) <= 0;
  },
  explain: ({ header, extensions, state }) => {
    const found = claimOf(extensions);
    return {
      expected: isSavannaHeader(header) ? describeNextClaims(state) : describeLegacyClaim(state),
      got: found === null ? 'none' : describeClaim(found),
    };
  },
};

/** The claim with which the switch begins: of the block itself. */
function firstClaim({ number }: State): QcClaim {
  return { number: number + 1, isStrong: false };
}

function describeNextClaims(state: State): string {
  const last = latestClaim(state);
  return last === null ? 'one after a first claim' : `one from ${describeClaim(last)} to block ${state.number}`;
}

function describeLegacyClaim(state: State): string {
  const last = latestClaim(state);
  return last === null ? `none, or ${describeClaim(firstClaim(state))}` : describeClaim(last);
}

function describeClaim({ number, isStrong }: QcClaim): string {
  return `a ${isStrong ? 'strong' : 'weak'} claim of block ${number}`;
}
