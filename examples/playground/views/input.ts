/** What the first tab reads: samples, files, and whether a text is still that of a sample. */
import { samples } from 'virtual:playground-data';
import { adapters } from '../adapters/index.js';
import { h } from '../dom.js';
import type { Sample } from '../model.js';
import { MAX_TEXT, tooLarge } from '../text.js';

/** Whether a text is another one with a few changes in one place: half of it at least stands at both ends. */
export function isStillAbout(text: string, before: string): boolean {
  const most = Math.min(text.length, before.length);
  let start = 0;
  while (start < most && text[start] === before[start]) start++;
  let end = 0;
  while (end < most - start && text[text.length - 1 - end] === before[before.length - 1 - end]) end++;
  return start + end >= before.length / 2;
}

/** Text, or hex of bytes that are none. */
export function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    if (2 * bytes.length > MAX_TEXT) throw tooLarge(2 * bytes.length);
    let text = '0x';
    for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
    return text;
  }
}

/** The buttons that load samples, a row for each protocol. */
export function sampleRows(load: (sample: Sample) => void): HTMLElement {
  const rows = adapters
    .map(({ id, name }) => ({ name, own: samples.filter(({ protocol }) => protocol === id) }))
    .filter(({ own }) => own.length > 0)
    .sort((a, b) => samples.indexOf(a.own[0] as Sample) - samples.indexOf(b.own[0] as Sample))
    .map(({ name, own }) =>
      h(
        'div',
        { class: 'sample-row', role: 'group', 'aria-label': `Samples of ${name}` },
        h('span', { class: 'sample-name' }, name),
        ...own.map((sample) =>
          h(
            'button',
            {
              type: 'button',
              class: 'chip',
              title: sample.about,
              'data-sample': sample.id,
              onclick: () => load(sample),
            },
            sample.title,
          ),
        ),
      ),
    );
  return h('div', { class: 'samples' }, ...rows);
}
