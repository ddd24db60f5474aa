/** The first tab: something is pasted, dropped or loaded; the page says what it is and judges it. */
import { samples } from 'virtual:playground-data';
import { adapterOf, detect } from '../adapters/index.js';
import { h } from '../dom.js';
import type { Adapter, Entry, Report, Sample, Trust } from '../model.js';
import { type Run, walk } from '../run.js';
import { Complaint, MAX_TEXT, readSource, sentenceOf, sizeText, tooLarge } from '../text.js';
import { createChainPicture } from './chain.js';
import { createHexView } from './hex.js';
import { isStillAbout, sampleRows, textOf } from './input.js';
import { createRulesView } from './rules.js';
import { createVerdictView } from './verdict.js';

/** What is on the page. */
interface Subject {
  readonly adapter: Adapter;
  readonly entries: Entry[];
  readonly originals: readonly Entry[];
  readonly trust: Trust | undefined;
}

const shownOf = (entry: Entry): Entry => entry.filter(({ isHidden }) => !isHidden);

const NO_RUN: Run = { blocks: [], states: [] };

export function createVerifyTab(): HTMLElement {
  let subject: Subject | undefined;
  let run: Run = NO_RUN;
  let selected = 0;
  let edits: { readonly index: number; readonly part: string; readonly offset: number; readonly byte: number }[] = [];
  /** Counts what was asked for, so that slow work for an older wish can stop. */
  let wish = 0;
  let rewalk = 0;
  /** The sample that stands in the boxes, changed or not. */
  let loaded: Sample | undefined;

  const input = h('textarea', {
    id: 'input',
    rows: 6,
    spellcheck: 'false',
    autocomplete: 'off',
    autocapitalize: 'off',
    class: 'mono',
    placeholder: '0x…  or  { "header": …',
    'aria-describedby': 'input-help input-said',
  });
  const trust = h('textarea', {
    id: 'trust',
    rows: 3,
    spellcheck: 'false',
    autocomplete: 'off',
    autocapitalize: 'off',
    class: 'mono',
    'aria-describedby': 'trust-help',
  });
  const trustHelp = h('p', { class: 'hint', id: 'trust-help' }, adapterOf('ckb').trustHelp);
  const trustSaid = h('span', { class: 'hint' });
  const said = h('p', { id: 'input-said', class: 'said', role: 'status', 'aria-live': 'polite' });
  const file = h('input', {
    type: 'file',
    id: 'file',
    class: 'sr-only',
    accept: '.json,.txt,.hex,.bin,application/json,text/plain',
    tabindex: -1,
    'aria-label': 'File with headers',
  });
  const results = h('div', { class: 'results', id: 'results' });

  const verdict = createVerdictView({ onRule: (rule) => rules.reveal(rule) });
  const hex = createHexView({ onEdit: edit, onUndo: undo, onRestore: restore });
  const rules = createRulesView({ onLook: (range, reveal) => hex.highlight(range, reveal) });
  const chain = createChainPicture({
    onSelect: (index) => {
      select(index);
      // Who chooses a block sees the picture, and is to see at least that the verdict below it has changed.
      if (verdict.element.getBoundingClientRect().top > innerHeight - 160)
        verdict.element.scrollIntoView({ block: 'nearest' });
    },
  });

  /** Says one sentence, of what was found or of what is wrong. */
  function say(sentence: string, isBad = false): void {
    said.className = `said${isBad ? ' bad' : ''}`;
    said.textContent = sentence;
  }

  function refuse(error: unknown): void {
    wish++;
    subject = undefined;
    results.replaceChildren();
    say(sentenceOf(error), true);
  }

  /** Reads both boxes and judges what stands in them. */
  function read(): void {
    try {
      const { adapter, finding } = detect(readSource(input.value));
      const { entries, what } = finding;
      trustHelp.textContent = adapter.trustHelp;
      const known = readTrust(adapter) ?? finding.trust;
      subject = { adapter, entries: [...entries], originals: entries, trust: known };
      edits = [];
      run = { blocks: [], states: [known?.state] };
      selected = 0;
      say(`${what}.`);
      trustSaid.textContent = known === undefined ? 'nothing: rules that need a state stay unknown' : known.source;
      const isRun = entries.length > 1;
      results.replaceChildren(
        ...(isRun ? [chain.element] : []),
        h('div', { class: 'columns judged' }, verdict.element, hex.element, rules.element),
      );
      select(0);
      if (isRun) void judgeRun(0);
    } catch (error) {
      refuse(error);
    }
  }

  function readTrust(adapter: Adapter): Trust | undefined {
    if (trust.value.trim() === '') return undefined;
    try {
      return adapter.readTrust(readSource(trust.value));
    } catch (error) {
      throw new Complaint(`What is to be trusted cannot be read. ${sentenceOf(error)}`);
    }
  }

  function stateBefore(index: number): unknown {
    return index < run.states.length ? run.states[index] : undefined;
  }

  function inspect(index: number): Report {
    const { adapter, entries } = subject as Subject;
    return adapter.inspect(entries[index] as Entry, stateBefore(index), Date.now());
  }

  function showReport(): void {
    const { adapter, entries } = subject as Subject;
    const report = inspect(selected);
    verdict.show(adapter, report, stateBefore(selected) !== undefined);
    rules.show(report, entries[selected] as Entry);
    hex.setFields(report.fields);
    hex.setFailed(report.rules.flatMap(({ status, bytes }) => (status === 'failed' && bytes ? [bytes] : [])));
  }

  function select(index: number): void {
    const { entries, originals } = subject as Subject;
    selected = index;
    hex.show(shownOf(entries[index] as Entry), shownOf(originals[index] as Entry));
    chain.select(index);
    showReport();
  }

  async function judgeRun(from: number): Promise<void> {
    const mine = ++wish;
    const { adapter, entries } = subject as Subject;
    const done = await walk({
      adapter,
      entries,
      now: Date.now(),
      known: run,
      from,
      onProgress: (n) => chain.progress(n, entries.length),
      isStale: () => mine !== wish,
    });
    if (done === undefined || mine !== wish) return;
    run = done;
    chain.show(adapter, run, selected);
    showReport();
  }

  function change(index: number, name: string, offset: number, byte: number): void {
    const { entries } = subject as Subject;
    entries[index] = (entries[index] as Entry).map((part) => {
      if (part.name !== name) return part;
      const bytes = part.bytes.slice();
      bytes[offset] = byte;
      return { ...part, bytes };
    });
  }

  function edit(name: string, offset: number, byte: number): void {
    const before = subject?.entries[selected]?.find((part) => part.name === name)?.bytes[offset];
    if (before === undefined || before === byte) return;
    edits.push({ index: selected, part: name, offset, byte: before });
    change(selected, name, offset, byte);
    afterEdit(selected);
  }

  function undo(): void {
    const last = edits.pop();
    if (last === undefined || subject === undefined) return;
    change(last.index, last.part, last.offset, last.byte);
    if (last.index !== selected) select(last.index);
    afterEdit(last.index);
  }

  function restore(): void {
    if (subject === undefined) return;
    subject.entries[selected] = subject.originals[selected] as Entry;
    edits = edits.filter(({ index }) => index !== selected);
    afterEdit(selected);
  }

  function afterEdit(index: number): void {
    const { entries } = subject as Subject;
    hex.update(shownOf(entries[index] as Entry));
    showReport();
    if (entries.length === 1) return;
    clearTimeout(rewalk);
    rewalk = window.setTimeout(() => void judgeRun(index), 120);
  }

  function load(sample: Sample): void {
    loaded = sample;
    input.value = sample.text;
    trust.value = sample.trust;
    read();
  }

  /** What a sample is judged by says nothing about what was put in its place. */
  function forgetSample(): void {
    if (loaded === undefined || isStillAbout(input.value, loaded.text)) return;
    if (trust.value === loaded.trust) trust.value = '';
    loaded = undefined;
  }

  async function readFile(blob: File): Promise<void> {
    const mine = ++wish;
    try {
      if (blob.size > MAX_TEXT) throw tooLarge(blob.size);
      say(`Reading ${sizeText(blob.size)}…`);
      const bytes = new Uint8Array(await blob.arrayBuffer());
      if (mine !== wish) return;
      input.value = textOf(bytes);
      forgetSample();
      read();
    } catch (error) {
      input.value = '';
      refuse(error instanceof Complaint ? error : new Complaint('The file cannot be read.'));
    }
  }

  file.addEventListener('change', () => {
    const [first] = file.files ?? [];
    if (first !== undefined) void readFile(first);
    file.value = '';
  });

  let typing = 0;
  for (const box of [input, trust])
    box.addEventListener('input', () => {
      clearTimeout(typing);
      forgetSample();
      typing = window.setTimeout(read, 200);
    });

  const zone = document.documentElement;
  zone.addEventListener('dragover', (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    zone.classList.add('dropping');
  });
  zone.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) zone.classList.remove('dropping');
  });
  zone.addEventListener('drop', (event) => {
    zone.classList.remove('dropping');
    const [first] = event.dataTransfer?.files ?? [];
    if (first === undefined) return;
    event.preventDefault();
    location.hash = 'verify';
    void readFile(first);
  });

  const element = h(
    'div',
    { class: 'tab-body' },
    h(
      'section',
      { class: 'card input', 'aria-labelledby': 'input-title' },
      h('h2', { id: 'input-title', class: 'sr-only' }, 'What to verify'),
      sampleRows(load),
      h('label', { for: 'input', class: 'field-label' }, 'Header, block or run'),
      input,
      h(
        'div',
        { class: 'row under' },
        h('button', { type: 'button', class: 'button', onclick: () => file.click() }, 'Open a file'),
        file,
        h('span', { class: 'hint', id: 'input-help' }, 'Hex or JSON, pasted here or dropped anywhere on the page.'),
      ),
      said,
      h(
        'details',
        { class: 'more' },
        h('summary', {}, 'What the verifier trusts: ', trustSaid),
        h('label', { for: 'trust', class: 'field-label' }, 'State or genesis to judge by'),
        trust,
        trustHelp,
      ),
    ),
    results,
  );
  load(samples[0] as Sample);
  return element;
}
