/** What a vote would change, and what it is made of. */
import {
  buildValidatorListCell,
  computeMultisigScript,
  computeScriptHash,
  computeValidatorListLock,
  computeVoteMessage,
  type LiveListCell,
  MULTISIG_CODE_HASH,
  serializeScript,
  serializeValidatorList,
  type UnsignedVote,
  type ValidatorList,
  type VotePreview,
  type VoteState,
  type VoteWarning,
  voteToJson,
} from 'poa-primitives/ckb';
import { copyButton, h, mark } from '../dom.js';
import { count, hexOf, shortHex } from '../text.js';

/** Of mainnet: what the lock of a list is made of. */
export const network = { multisigCodeHash: MULTISIG_CODE_HASH };

/** A cell as the chain would have it, for the list alone: its out point and type id stand for real ones. */
export function liveCell(list: ValidatorList): LiveListCell {
  const firstInput = { since: 0n, previousOutput: { txHash: new Uint8Array(32), index: 0xffff_ffff } };
  const outPoint = { txHash: new Uint8Array(32).fill(0x11), index: 0 };
  return { ...buildValidatorListCell({ list, network, firstInput, outputIndex: 0 }), outPoint };
}

/** One sentence or two for who hears of it. */
export function sayVote({ joins, evictions, signaturesNeeded, warnings }: VotePreview): string {
  return `The vote can be made. ${count(joins.length, 'validator')} would join, ${evictions.length} would leave. It needs ${count(signaturesNeeded, 'signature')}. ${count(warnings.length, 'warning')}.`;
}

/** The elements of a preview. */
export function describeVote(
  wanted: ValidatorList,
  vote: UnsignedVote,
  found: VotePreview,
  state: VoteState,
): HTMLElement[] {
  const { joins, evictions, reordered, voteLimit, attestInterval, signaturesNeeded, warnings } = found;
  const changes = [
    ...joins.map((hash) =>
      h('li', {}, h('span', { class: 'badge join' }, '+ joins'), h('span', { class: 'mono breakable' }, hexOf(hash))),
    ),
    ...evictions.map((hash) =>
      h('li', {}, h('span', { class: 'badge evict' }, '− leaves'), h('span', { class: 'mono breakable' }, hexOf(hash))),
    ),
    ...(reordered ? [h('li', {}, h('span', { class: 'badge' }, '⇅ order'), 'Those who stay take other turns.')] : []),
    ...(voteLimit.from === voteLimit.to
      ? []
      : [h('li', {}, h('span', { class: 'badge' }, 'VOTE_LIMIT'), `${voteLimit.from} becomes ${voteLimit.to}`)]),
    ...(attestInterval.from === attestInterval.to
      ? []
      : [
          h(
            'li',
            {},
            h('span', { class: 'badge' }, 'ATTEST_INTERVAL'),
            `${attestInterval.from} becomes ${attestInterval.to}`,
          ),
        ]),
  ];
  const lock = computeValidatorListLock(wanted, network);
  const extra = vote.additionalCapacity;
  return [
    h(
      'div',
      { class: 'verdict passed', 'data-status': 'passed' },
      mark('passed', 40),
      h(
        'div',
        {},
        h('h2', { id: 'outcome-title' }, 'This vote can be made'),
        h(
          'p',
          {},
          `It needs ${signaturesNeeded} of ${count(state.validatorList.pubkeyHashes.length, 'signature')}, by validators of the list in force.`,
        ),
      ),
    ),
    h('h3', {}, 'What would change'),
    changes.length === 0
      ? h('p', { class: 'hint' }, 'Nothing.')
      : h('ul', { class: 'changes', id: 'changes' }, ...changes),
    ...(warnings.length === 0
      ? []
      : [
          h('h3', {}, 'Before you sign'),
          h('ul', { class: 'warnings' }, ...warnings.map((each) => h('li', {}, warningText(each)))),
        ]),
    h('h3', {}, 'What it is made of'),
    h(
      'dl',
      { class: 'facts' },
      ...bytesRow('Data of the cell', serializeValidatorList(wanted)),
      ...bytesRow('Multisig script', computeMultisigScript(wanted)),
      ...bytesRow('Lock: code hash', lock.codeHash),
      ...bytesRow('Lock: args', lock.args),
      ...bytesRow('Lock hash', computeScriptHash(serializeScript(lock))),
      h('dt', {}, 'Capacity'),
      h(
        'dd',
        {},
        `${ckbText(vote.capacity)}, ${extra === 0n ? 'as much as the old cell has' : `${ckbText(extra)} more than the old cell has`}`,
      ),
      ...bytesRow('Message to sign', computeVoteMessage(state, vote.transaction)),
    ),
    h(
      'p',
      { class: 'hint' },
      'The old cell is made up here from the list in force, with the least capacity that it can have: a wallet takes the real one from the chain, and so signs another message.',
    ),
    h(
      'div',
      { class: 'row' },
      copyButton('the list data', () => hexOf(serializeValidatorList(wanted)), 'Copy the list data'),
      copyButton(
        'the unsigned vote as JSON',
        () => JSON.stringify(voteToJson({ transaction: vote.transaction, signatures: [] }), null, 1),
        'Copy the unsigned vote as JSON',
      ),
    ),
  ];
}

function warningText(warning: VoteWarning): string {
  switch (warning.code) {
    case 'ATTEST_INTERVAL_NOT_HALF':
      return `ATTEST_INTERVAL would be ${warning.got} where half of the validators is ${warning.recommended}: too small lets few rewrite the chain, too great lets few halt it.`;
    case 'VALIDATORS_SWAPPED':
      return `Validators ${warning.indices[0] + 1} and ${warning.indices[1] + 1} change places, and with them their turns: an easy way to hide a change from a quick look.`;
    case 'SIGNER_EVICTED':
      return `Who is asked to sign, ${shortHex(hexOf(warning.signer))}, is not in the wanted list.`;
    case 'NOTHING_CHANGES':
      return 'The wanted list is the one in force, so the vote would change nothing.';
    case 'CAPACITY_TOO_SMALL':
      return `The new cell occupies ${ckbText(warning.occupied)} and would have ${ckbText(warning.got)}: no node takes the transaction.`;
  }
}

/** Shannons as CKB. */
function ckbText(shannons: bigint): string {
  const [whole, rest] = [shannons / 100_000_000n, shannons % 100_000_000n];
  const sign = rest < 0n ? -rest : rest;
  return `${whole.toLocaleString('en')}${sign === 0n ? '' : `.${`${sign}`.padStart(8, '0').replace(/0+$/, '')}`} CKB`;
}

function bytesRow(label: string, bytes: Uint8Array): HTMLElement[] {
  return [h('dt', {}, label), h('dd', { class: 'mono breakable' }, hexOf(bytes))];
}
