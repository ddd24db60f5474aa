/** Bytes to look at and to change: a grid of nibbles that a keyboard can walk. */
import { h } from '../dom.js';
import type { ByteRange, Entry, Field, Part } from '../model.js';
import { count } from '../text.js';

/** Bytes of a part that are shown at once. */
const PAGE = 1_024;

export interface HexOptions {
  /** A byte is to become another. */
  readonly onEdit: (part: string, offset: number, byte: number) => void;
  readonly onUndo: () => void;
  readonly onRestore: () => void;
}

export interface HexView {
  readonly element: HTMLElement;
  /** Shows other bytes. */
  show(entry: Entry, original: Entry): void;
  /** Shows that a byte has changed. */
  update(entry: Entry): void;
  setFields(fields: readonly Field[]): void;
  /** Stretches of failed rules, marked all the time. */
  setFailed(ranges: readonly ByteRange[]): void;
  /** The stretch of the rule that is looked at. */
  highlight(range: ByteRange | undefined, reveal: boolean): void;
}

interface Cursor {
  readonly part: number;
  readonly nibble: number;
}

const DIGITS = '0123456789abcdef';

export function createHexView({ onEdit, onUndo, onRestore }: HexOptions): HexView {
  let entry: Entry = [];
  let original: Entry = [];
  let fields: readonly Field[] = [];
  let failed: readonly ByteRange[] = [];
  let lit: ByteRange | undefined;
  let pages: number[] = [];
  let cursor: Cursor = { part: 0, nibble: 0 };
  const narrow = matchMedia('(max-width: 35rem)');

  const body = h('div', { class: 'hex-body' });
  const place = h('p', { class: 'hex-place', id: 'hex-place', 'aria-live': 'off' });
  const bits = [8, 4, 2, 1].map((bit) =>
    h('button', { type: 'button', class: 'bit', 'aria-pressed': 'false', onclick: () => flip(bit) }, `${bit}`),
  );
  const undo = h('button', { type: 'button', class: 'quiet', onclick: onUndo }, 'Undo');
  const restore = h('button', { type: 'button', class: 'quiet', onclick: onRestore }, 'Restore');
  const element = h(
    'section',
    { class: 'card hex', 'aria-labelledby': 'hex-title' },
    h('h3', { id: 'hex-title' }, 'Bytes'),
    h(
      'p',
      { class: 'hint', id: 'hex-help' },
      'Click a digit to flip its lowest bit, or type a new one. Arrow keys move, Enter flips.',
    ),
    body,
    h(
      'div',
      { class: 'hex-tools' },
      place,
      h('div', { class: 'bits', role: 'group', 'aria-label': 'Bits of the chosen digit' }, ...bits),
      h('div', { class: 'row' }, undo, restore),
    ),
  );

  const partAt = (index: number): Part => entry[index] as Part;
  const columns = (): number => (narrow.matches ? 8 : 16);
  const cellOf = ({ part, nibble }: Cursor): HTMLElement | null =>
    body.querySelector(`[data-part="${part}"][data-nibble="${nibble}"]`);
  const nibbleAt = ({ part, nibble }: Cursor): number => {
    const byte = partAt(part)?.bytes[nibble >> 1] ?? 0;
    return nibble % 2 === 0 ? byte >> 4 : byte & 15;
  };
  const fieldAt = (part: string, offset: number): Field | undefined =>
    fields.find((field) => field.part === part && field.start <= offset && offset < field.end);

  function labelOf(at: Cursor): string {
    const { name } = partAt(at.part);
    const offset = at.nibble >> 1;
    const field = fieldAt(name, offset);
    const half = at.nibble % 2 === 0 ? 'high' : 'low';
    return `${name} byte ${offset}, ${half} digit ${DIGITS[nibbleAt(at)]}${field ? `, ${field.label}` : ''}`;
  }

  function setNibble(at: Cursor, value: number): void {
    const { name, bytes } = partAt(at.part);
    const offset = at.nibble >> 1;
    const byte = bytes[offset];
    if (byte === undefined) return;
    onEdit(name, offset, at.nibble % 2 === 0 ? (byte & 15) | (value << 4) : (byte & 0xf0) | value);
    showPlace();
  }

  function flip(bit: number): void {
    if (entry.length > 0) setNibble(cursor, nibbleAt(cursor) ^ bit);
  }

  function showPlace(): void {
    const part = partAt(cursor.part);
    const hasByte = part !== undefined && part.bytes.length > 0;
    for (const [i, bit] of bits.entries()) {
      bit.toggleAttribute('disabled', !hasByte);
      bit.setAttribute('aria-pressed', `${hasByte && (nibbleAt(cursor) & (8 >> i)) !== 0}`);
      bit.setAttribute('aria-label', `Bit ${8 >> i} of ${hasByte ? labelOf(cursor) : 'nothing'}`);
    }
    if (!hasByte) {
      place.textContent = 'No bytes.';
      return;
    }
    const offset = cursor.nibble >> 1;
    const field = fieldAt(part.name, offset);
    const [now, was] = [part.bytes[offset] ?? 0, original[cursor.part]?.bytes[offset] ?? 0];
    const two = (byte: number): string => byte.toString(16).padStart(2, '0');
    const change = now === was ? two(now) : `${two(was)} → ${two(now)}`;
    place.replaceChildren(
      `${part.title} byte ${offset}, `,
      h('span', { class: 'mono' }, change),
      field ? h('span', { class: 'hex-field' }, field.label) : '',
    );
  }

  function moveTo(at: Cursor, focus: boolean): void {
    cellOf(cursor)?.setAttribute('tabindex', '-1');
    cursor = at;
    const page = Math.floor((at.nibble >> 1) / PAGE);
    if (pages[at.part] !== page) {
      pages[at.part] = page;
      render();
    }
    const cell = cellOf(at);
    cell?.setAttribute('tabindex', '0');
    cell?.setAttribute('aria-label', labelOf(at));
    if (focus) cell?.focus({ preventScroll: false });
    showPlace();
  }

  function onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { length } = partAt(cursor.part).bytes;
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 2 * columns(), ArrowUp: -2 * columns() }[event.key];
    if (step !== undefined) {
      moveTo({ ...cursor, nibble: Math.max(0, Math.min(2 * length - 1, cursor.nibble + step)) }, true);
    } else if (event.key === 'Home' || event.key === 'End') {
      const row = cursor.nibble - (cursor.nibble % (2 * columns()));
      moveTo({ ...cursor, nibble: event.key === 'Home' ? row : Math.min(2 * length, row + 2 * columns()) - 1 }, true);
    } else if (event.key === 'Enter' || event.key === ' ') {
      flip(1);
    } else if (/^[0-9a-f]$/i.test(event.key)) {
      setNibble(cursor, Number.parseInt(event.key, 16));
      moveTo({ ...cursor, nibble: Math.min(2 * length - 1, cursor.nibble + 1) }, true);
    } else return;
    event.preventDefault();
  }

  body.addEventListener('keydown', (event) => {
    if ((event.target as Element).matches('.nibble')) onKey(event);
  });
  body.addEventListener('click', (event) => {
    const cell = (event.target as Element).closest<HTMLElement>('.nibble');
    if (cell === null) return;
    moveTo({ part: Number(cell.dataset.part), nibble: Number(cell.dataset.nibble) }, true);
    flip(1);
  });
  body.addEventListener('focusin', (event) => {
    const cell = event.target as HTMLElement;
    if (cell.matches('.nibble'))
      moveTo({ part: Number(cell.dataset.part), nibble: Number(cell.dataset.nibble) }, false);
  });
  narrow.addEventListener('change', () => render());

  function renderPart(part: Part, index: number): HTMLElement {
    const { bytes, title, name } = part;
    const page = pages[index] ?? 0;
    const [start, end] = [page * PAGE, Math.min(bytes.length, (page + 1) * PAGE)];
    const grid = h('div', {
      class: 'grid mono',
      role: 'grid',
      'aria-label': `Bytes of the ${title.toLowerCase()}`,
      'aria-describedby': 'hex-help',
    });
    for (let row = start; row < end; row += columns()) {
      const cells = h(
        'div',
        { class: 'line', role: 'row' },
        h('span', { class: 'offset', role: 'rowheader' }, row.toString(16).padStart(4, '0')),
      );
      for (let at = row; at < Math.min(end, row + columns()); at++) {
        const byte = bytes[at] as number;
        const nibble = (which: number): HTMLElement =>
          h(
            'span',
            { class: 'nibble', role: 'gridcell', tabindex: -1, 'data-part': index, 'data-nibble': 2 * at + which },
            DIGITS[which === 0 ? byte >> 4 : byte & 15] as string,
          );
        cells.append(
          h('span', { class: 'byte', role: 'presentation', 'data-byte': `${name}:${at}` }, nibble(0), nibble(1)),
        );
      }
      grid.append(cells);
    }
    const turn = (by: number): void => {
      pages[index] = page + by;
      render();
    };
    const last = Math.floor((bytes.length - 1) / PAGE);
    const pager =
      bytes.length > PAGE &&
      h(
        'div',
        { class: 'row pager' },
        h('button', { type: 'button', class: 'quiet', disabled: page === 0, onclick: () => turn(-1) }, 'Earlier bytes'),
        h('span', { class: 'hint' }, `${start} to ${end - 1}`),
        h('button', { type: 'button', class: 'quiet', disabled: page === last, onclick: () => turn(1) }, 'Later bytes'),
      );
    return h(
      'div',
      { class: 'part' },
      h('h4', {}, title, h('span', { class: 'hint' }, ` ${count(bytes.length, 'byte')}`)),
      pager,
      bytes.length === 0 ? h('p', { class: 'hint' }, 'Nothing was given.') : grid,
    );
  }

  function render(): void {
    body.replaceChildren(...entry.map(renderPart));
    paint();
    const cell = cellOf(cursor) ?? body.querySelector<HTMLElement>('.nibble');
    cell?.setAttribute('tabindex', '0');
    if (cell !== null && cellOf(cursor) === null)
      cursor = { part: Number(cell?.dataset.part ?? 0), nibble: Number(cell?.dataset.nibble ?? 0) };
    showPlace();
  }

  function paint(): void {
    const holds = ({ part, start, end }: ByteRange, name: string, at: number): boolean =>
      part === name && start <= at && at < end;
    for (const cell of body.querySelectorAll<HTMLElement>('.byte')) {
      const [name = '', offset = '0'] = (cell.dataset.byte ?? '').split(':');
      const at = Number(offset);
      const part = entry.findIndex((each) => each.name === name);
      const byte = entry[part]?.bytes[at];
      cell.classList.toggle('lit', lit !== undefined && holds(lit, name, at));
      cell.classList.toggle(
        'bad',
        failed.some((range) => holds(range, name, at)),
      );
      cell.classList.toggle('edited', byte !== original[part]?.bytes[at]);
    }
    const edited = entry.some((part, i) => part.bytes.some((byte, at) => byte !== original[i]?.bytes[at]));
    for (const button of [undo, restore]) button.toggleAttribute('disabled', !edited);
  }

  return {
    element,
    show(next, from) {
      entry = next;
      original = from;
      pages = next.map(() => 0);
      cursor = { part: 0, nibble: 0 };
      lit = undefined;
      render();
    },
    update(next) {
      const before = entry;
      entry = next;
      for (const [index, part] of next.entries()) {
        if (part === before[index]) continue;
        for (const cell of body.querySelectorAll<HTMLElement>(`.nibble[data-part="${index}"]`)) {
          const digit = DIGITS[nibbleAt({ part: index, nibble: Number(cell.dataset.nibble) })] as string;
          if (cell.textContent !== digit) cell.textContent = digit;
        }
      }
      paint();
      showPlace();
    },
    setFields(next) {
      fields = next;
      if (entry.length > 0) cellOf(cursor)?.setAttribute('aria-label', labelOf(cursor));
      showPlace();
    },
    setFailed(ranges) {
      // A stretch that is the whole part would mark everything and say nothing.
      failed = ranges.filter(
        ({ part, start, end }) => end - start < (entry.find(({ name }) => name === part)?.bytes.length ?? 0),
      );
      paint();
    },
    highlight(range, reveal) {
      lit = range;
      if (range !== undefined && reveal) {
        const part = entry.findIndex(({ name }) => name === range.part);
        const page = Math.floor(range.start / PAGE);
        if (part >= 0 && pages[part] !== page) {
          pages[part] = page;
          render();
        }
        const cell = body.querySelector<HTMLElement>(`[data-byte="${range.part}:${range.start}"]`);
        if (cell !== null) scrollWithin(body, cell);
      }
      paint();
    },
  };
}

/** Scrolls a box so that something in it shows, and nothing outside of it. */
function scrollWithin(box: HTMLElement, cell: HTMLElement): void {
  const [outer, inner] = [box.getBoundingClientRect(), cell.getBoundingClientRect()];
  if (inner.top >= outer.top && inner.bottom <= outer.bottom) return;
  box.scrollTop += inner.top - outer.top - outer.height / 3;
}
