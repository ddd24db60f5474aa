/** The second tab: a validator list is edited, and a vote for it previewed before anybody signs. */
import { lists } from 'virtual:playground-data';
import {
  buildVoteTransaction,
  type LiveListCell,
  parseValidatorList,
  previewVote,
  serializeOutPoint,
  serializeScript,
  type ValidatorList,
  type VoteState,
} from 'poa-primitives/ckb';
import { h, mark } from '../dom.js';
import { bytesOfHex, Complaint, count, hexOf, sentenceOf, shortHex } from '../text.js';
import { describeVote, liveCell, network, sayVote } from './vote.js';

/** A row of the wanted list; what stands in it may be no hash yet. */
interface Row {
  readonly id: number;
  text: string;
}

/** The largest list has 255 of 20 bytes, behind 8. */
const MAX_LIST_TEXT = 2 * (8 + 20 * 255) + 2;

export function createListTab(): HTMLElement {
  let nextId = 0;
  let inForce = parseValidatorList(bytesOfHex(lists.inForce) as Uint8Array);
  let rows: Row[] = [];

  const current = h('textarea', {
    id: 'list-data',
    rows: 3,
    class: 'mono',
    spellcheck: 'false',
    'aria-describedby': 'list-data-said',
  });
  const currentSaid = h('p', { class: 'said', id: 'list-data-said', role: 'status' });
  const interval = numberInput('interval', 'interval-help');
  const limit = numberInput('limit', 'limit-help');
  const intervalHelp = h('p', { class: 'hint', id: 'interval-help' });
  const limitHelp = h('p', { class: 'hint', id: 'limit-help' });
  const signer = h('select', { id: 'signer' });
  const members = h('ol', { class: 'members', 'aria-label': 'Wanted validators, in the order of their turns' });
  const outcome = h('section', { class: 'card outcome', 'aria-labelledby': 'outcome-title' });
  const live = h('p', { class: 'sr-only', role: 'status', 'aria-live': 'polite', id: 'list-live' });

  const want = ({ pubkeyHashes, attestInterval, voteLimit }: ValidatorList): void => {
    rows = pubkeyHashes.map((hash) => ({ id: nextId++, text: hexOf(hash) }));
    interval.value = `${attestInterval}`;
    limit.value = `${voteLimit}`;
    render();
  };

  function readCurrent(): void {
    try {
      if (current.value.length > MAX_LIST_TEXT + 200)
        throw new Complaint('This is longer than the longest validator list.');
      const bytes = bytesOfHex(current.value.replace(/\s+/g, ''));
      if (bytes === undefined || bytes.length === 0)
        throw new Complaint('The data of a validator list is wanted here, in hex.');
      inForce = parseValidatorList(bytes);
      currentSaid.className = 'said';
      currentSaid.textContent = `${count(inForce.pubkeyHashes.length, 'validator')}, VOTE_LIMIT ${inForce.voteLimit}, ATTEST_INTERVAL ${inForce.attestInterval}.`;
      signer.replaceChildren(
        h('option', { value: '' }, 'nobody in particular'),
        ...inForce.pubkeyHashes.map((hash, i) =>
          h('option', { value: hexOf(hash) }, `validator ${i + 1}, ${shortHex(hexOf(hash))}`),
        ),
      );
      want(inForce);
    } catch (error) {
      currentSaid.className = 'said bad';
      currentSaid.textContent = sentenceOf(error);
      live.textContent = '';
      outcome.replaceChildren(h('p', { class: 'hint' }, 'A vote can be previewed once the list in force can be read.'));
    }
  }

  function move(row: Row, by: number): void {
    const at = rows.indexOf(row);
    const to = at + by;
    if (to < 0 || to >= rows.length) return;
    rows.splice(at, 1);
    rows.splice(to, 0, row);
    render();
    focusRow(row.id, by < 0 ? '.up' : '.down');
  }

  function focusRow(id: number, selector: string): void {
    const own = members.querySelector(`[data-id="${id}"]`);
    const wanted = own?.querySelector<HTMLElement>(selector);
    (wanted?.hasAttribute('disabled') ? own?.querySelector<HTMLElement>('input') : wanted)?.focus();
  }

  function add(text: string): void {
    if (rows.length >= 255) return;
    const row = { id: nextId++, text };
    rows.push(row);
    render();
    focusRow(row.id, 'input');
  }

  function render(): void {
    const known = inForce.pubkeyHashes.map(hexOf);
    members.replaceChildren(
      ...rows.map((row, i) => {
        const input = h('input', {
          class: 'mono',
          value: row.text,
          spellcheck: 'false',
          autocomplete: 'off',
          maxlength: 60,
          'aria-label': `Pubkey hash of validator ${i + 1}`,
        });
        input.addEventListener('input', () => {
          row.text = input.value;
          badge.textContent = badgeOf(row, known);
          preview();
        });
        const badge = h('span', { class: 'badge' }, badgeOf(row, known));
        const button = (
          name: string,
          label: string,
          sign: string,
          disabled: boolean,
          onclick: () => void,
        ): HTMLElement =>
          h(
            'button',
            {
              type: 'button',
              class: `icon ${name}`,
              'aria-label': `${label} validator ${i + 1}`,
              title: label,
              disabled,
              onclick,
            },
            sign,
          );
        return h(
          'li',
          { 'data-id': row.id },
          h('span', { class: 'turn-index mono', 'aria-hidden': 'true' }, `${i}`),
          input,
          badge,
          h(
            'span',
            { class: 'row tight' },
            button('up', 'Move up', '↑', i === 0, () => move(row, -1)),
            button('down', 'Move down', '↓', i === rows.length - 1, () => move(row, 1)),
            button('remove', 'Remove', '✕', false, () => {
              rows = rows.filter((each) => each !== row);
              render();
              const next = rows[Math.min(i, rows.length - 1)];
              if (next === undefined) addButton.focus();
              else focusRow(next.id, '.remove');
            }),
          ),
        );
      }),
    );
    preview();
  }

  function wantedList(): ValidatorList {
    const pubkeyHashes = rows.map(({ text }, i) => {
      const bytes = bytesOfHex(text.trim());
      if (bytes === undefined || bytes.length !== 20)
        throw new Complaint(`Validator ${i + 1} is to be a pubkey hash: 20 bytes, so 40 hex digits behind 0x.`);
      return bytes;
    });
    return {
      attestInterval: wholeOf(interval, 'ATTEST_INTERVAL', 0xffff_ffff),
      voteLimit: wholeOf(limit, 'VOTE_LIMIT', 255),
      pubkeyHashes,
    };
  }

  function preview(): void {
    const n = rows.length;
    intervalHelp.textContent = `Blocks an attester sits out. Half of the validators, ${Math.floor(n / 2)} of ${n}, is safest; it must be below ${n}.`;
    limitHelp.textContent = `Signatures that the next change will need: ${Math.floor(n / 2) + 1} to ${n}.`;
    try {
      const wanted = wantedList();
      const cell = liveCell(inForce);
      const state: VoteState = {
        network,
        validatorListOutPoint: serializeOutPoint(cell.outPoint),
        validatorListType: serializeScript(cell.output.type as NonNullable<LiveListCell['output']['type']>),
        validatorList: inForce,
      };
      const vote = buildVoteTransaction({ cell, wanted, network, cellDeps: [] });
      const who = bytesOfHex(signer.value);
      const found = previewVote(state, vote.transaction, who === undefined || who.length === 0 ? {} : { signer: who });
      live.textContent = sayVote(found);
      outcome.replaceChildren(...describeVote(wanted, vote, found, state));
    } catch (error) {
      const sentence = sentenceOf(error);
      live.textContent = `The vote cannot be made. ${sentence}`;
      outcome.replaceChildren(
        h(
          'div',
          { class: 'verdict failed', 'data-status': 'failed' },
          mark('failed', 40),
          h('div', {}, h('h2', { id: 'outcome-title' }, 'No vote can make this list'), h('p', {}, sentence)),
        ),
      );
    }
  }

  const addButton = h('button', { type: 'button', class: 'button', onclick: () => add('') }, 'Add a validator');
  for (const field of [interval, limit, signer]) field.addEventListener('input', preview);
  current.addEventListener('input', readCurrent);

  const sampleWanted = parseValidatorList(bytesOfHex(lists.wanted) as Uint8Array);
  const preset = (label: string, change: () => ValidatorList): HTMLElement =>
    h('button', { type: 'button', class: 'chip', onclick: () => want(change()) }, label);
  const loadSample = (): void => {
    current.value = lists.inForce;
    readCurrent();
    want(sampleWanted);
  };

  const element = h(
    'div',
    { class: 'tab-body columns' },
    h(
      'section',
      { class: 'card', 'aria-labelledby': 'list-title' },
      h('h2', { id: 'list-title', class: 'sr-only' }, 'The list'),
      h(
        'div',
        { class: 'samples' },
        h(
          'div',
          { class: 'sample-row', role: 'group', 'aria-label': 'Changes to try' },
          h('span', { class: 'sample-name' }, 'Try'),
          h('button', { type: 'button', class: 'chip', onclick: loadSample }, 'Sample: one joins'),
          preset('The last leaves', () => resized(inForce, inForce.pubkeyHashes.slice(0, -1))),
          preset('First two swap', () => ({ ...inForce, pubkeyHashes: swapped(inForce.pubkeyHashes) })),
          preset('Nothing changes', () => inForce),
        ),
      ),
      h('label', { for: 'list-data', class: 'field-label' }, 'List in force: data of the cell, in hex'),
      current,
      currentSaid,
      h('h3', {}, 'Wanted'),
      members,
      h('div', { class: 'row' }, addButton),
      h(
        'div',
        { class: 'pair' },
        h('div', {}, h('label', { for: 'interval', class: 'field-label' }, 'ATTEST_INTERVAL'), interval, intervalHelp),
        h('div', {}, h('label', { for: 'limit', class: 'field-label' }, 'VOTE_LIMIT'), limit, limitHelp),
      ),
      h('label', { for: 'signer', class: 'field-label' }, 'Who is asked to sign'),
      signer,
    ),
    outcome,
    live,
  );
  loadSample();
  return element;
}

function numberInput(id: string, help: string): HTMLInputElement {
  return h('input', { id, type: 'number', min: 0, max: 255, step: 1, inputmode: 'numeric', 'aria-describedby': help });
}

function wholeOf(input: HTMLInputElement, name: string, most: number): number {
  const value = Number(input.value);
  if (input.value.trim() === '' || !Number.isInteger(value) || value < 0 || value > most)
    throw new Complaint(`${name} is to be a whole number from 0 to ${most.toLocaleString('en')}.`);
  return value;
}

function badgeOf({ text }: Row, known: readonly string[]): string {
  const bytes = bytesOfHex(text.trim());
  if (bytes === undefined || bytes.length !== 20) return 'no hash';
  return known.includes(hexOf(bytes)) ? 'stays' : 'joins';
}

function resized(list: ValidatorList, pubkeyHashes: readonly Uint8Array[]): ValidatorList {
  const n = pubkeyHashes.length;
  return { ...list, pubkeyHashes, attestInterval: Math.floor(n / 2), voteLimit: Math.floor(n / 2) + 1 };
}

function swapped(hashes: readonly Uint8Array[]): readonly Uint8Array[] {
  const [first, second, ...rest] = hashes;
  return first === undefined || second === undefined ? hashes : [second, first, ...rest];
}
