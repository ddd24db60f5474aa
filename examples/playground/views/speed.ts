/** The third tab: how fast this browser recovers who made headers, with each backend. */
import { speedHeaders } from 'virtual:playground-data';
import { h } from '../dom.js';
import { type BackendId, backends } from '../speed/backends.js';
import type { Order, Report } from '../speed/messages.js';
import SpeedWorker from '../speed/worker.js?worker&inline';
import { count } from '../text.js';

interface Line {
  readonly meter: HTMLProgressElement;
  readonly figure: HTMLElement;
  readonly bar: HTMLElement;
  rate: number;
}

export function createSpeedTab(): HTMLElement {
  let worker: Worker | undefined;
  const live = h('p', { class: 'said', role: 'status', 'aria-live': 'polite', id: 'speed-live' }, 'Ready.');
  const start = h('button', { type: 'button', class: 'button primary', id: 'speed-start' }, 'Start');
  const stop = h('button', { type: 'button', class: 'button', id: 'speed-stop', disabled: true }, 'Stop');
  const total = h(
    'select',
    { id: 'speed-total' },
    ...[240, 960, 4_800].map((n) => h('option', { value: n, selected: n === 960 }, count(n, 'signature'))),
  );
  const lines = new Map<BackendId, Line>();
  const list = h(
    'div',
    { class: 'speeds' },
    ...backends.map(({ id, label, about }) => {
      const line: Line = {
        meter: h('progress', { class: 'meter', max: 1, value: 0, 'aria-label': `Progress of ${label}` }),
        figure: h('span', { class: 'speed-figure' }, '—'),
        bar: h('span', { class: 'speed-fill' }),
        rate: 0,
      };
      lines.set(id, line);
      return h(
        'div',
        { class: 'speed', 'data-backend': id },
        h(
          'div',
          { class: 'speed-head' },
          h('span', { class: 'speed-name' }, label),
          h('span', { class: 'hint' }, about),
          line.figure,
        ),
        h('div', { class: 'speed-bar', 'aria-hidden': 'true' }, line.bar),
        line.meter,
      );
    }),
  );

  function rest(sentence: string): void {
    worker?.terminate();
    worker = undefined;
    start.disabled = false;
    stop.disabled = true;
    live.textContent = sentence;
  }

  function drawBars(): void {
    const best = Math.max(...[...lines.values()].map(({ rate }) => rate), 1);
    for (const { bar, rate } of lines.values()) bar.style.width = `${(100 * rate) / best}%`;
  }

  function onReport(report: Report, all: number): void {
    if (report.kind === 'end') {
      rest(conclusion(backends.map(({ id, label }) => ({ label, rate: lines.get(id)?.rate ?? 0 }))));
      return;
    }
    const line = lines.get(report.id) as Line;
    if (report.kind === 'failed') {
      line.figure.textContent = `not here: ${report.reason.slice(0, 120)}`;
      return;
    }
    const { done, milliseconds, kind, id } = report;
    line.rate = (1_000 * done) / milliseconds;
    line.meter.max = all;
    line.meter.value = Math.min(done, all);
    line.figure.textContent = rateText(line.rate);
    if (kind === 'progress') live.textContent = `Measuring ${id}.`;
    drawBars();
  }

  start.addEventListener('click', () => {
    for (const line of lines.values()) {
      line.rate = 0;
      line.meter.value = 0;
      line.figure.textContent = '—';
    }
    drawBars();
    start.disabled = true;
    stop.disabled = false;
    stop.focus();
    live.textContent = 'Getting ready.';
    const all = Number(total.value);
    const order: Order = { backends: backends.map(({ id }) => id), headers: speedHeaders, total: all };
    worker = new SpeedWorker();
    worker.onmessage = ({ data }: MessageEvent<Report>) => onReport(data, all);
    worker.onerror = (event) => {
      event.preventDefault();
      rest('This browser does not let the page start a worker, so nothing can be measured.');
    };
    worker.postMessage(order);
  });
  stop.addEventListener('click', () => {
    rest('Stopped.');
    start.focus();
  });

  return h(
    'div',
    { class: 'tab-body' },
    h(
      'section',
      { class: 'card', 'aria-labelledby': 'speed-title' },
      h('h2', { id: 'speed-title' }, 'Recovering who made a header'),
      h(
        'p',
        { class: 'lead' },
        'Most of the work of verifying is one thing: finding the public key behind a signature. It needs no state, so any number of cores can share it. This is one core of this browser, with signatures of the sample chain.',
      ),
      h(
        'div',
        { class: 'row' },
        h('label', { for: 'speed-total', class: 'field-label inline' }, 'With each backend'),
        total,
        start,
        stop,
      ),
      live,
      list,
    ),
  );
}

/** How much faster the others are than the first, which is the default. */
function conclusion(rated: readonly { readonly label: string; readonly rate: number }[]): string {
  const [first, ...others] = rated.filter(({ rate }) => rate > 0);
  if (first === undefined) return 'Nothing could be measured.';
  if (others.length === 0) return `Done: ${rateText(first.rate)} with ${first.label}.`;
  const times = others.map(({ label, rate }) => `${label} is ${(rate / first.rate).toFixed(1)} times as fast`);
  return `Done: beside ${first.label}, ${times.join('; ')} here.`;
}

const rateText = (rate: number): string => `${Math.round(rate).toLocaleString('en')} signatures/s`;
