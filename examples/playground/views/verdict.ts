/** The verdict in one look: whether it holds, who made it, and what was signed. */
import { copyButton, h, mark } from '../dom.js';
import type { Adapter, Fact, Report, RuleView } from '../model.js';
import { count, shortHex } from '../text.js';

export interface VerdictView {
  readonly element: HTMLElement;
  show(adapter: Adapter, report: Report, hasState: boolean): void;
}

export interface VerdictOptions {
  /** A broken rule is to be shown. */
  readonly onRule: (rule: RuleView) => void;
}

export function createVerdictView({ onRule }: VerdictOptions): VerdictView {
  const box = h('div', { class: 'verdict' });
  const live = h('p', { class: 'sr-only', role: 'status', 'aria-live': 'polite', id: 'verdict-live' });
  const facts = h('dl', { class: 'facts' });
  const decoded = h('dl', { class: 'facts' });
  const details = h('details', { class: 'more' }, h('summary', {}, 'Decoded header'), decoded);
  const element = h('section', { class: 'card', 'aria-labelledby': 'verdict-title' }, live, box, facts, details);
  return {
    element,
    show(adapter, report, hasState) {
      const headline = headlineOf(report);
      const explanation = explain(report, hasState);
      box.className = `verdict ${report.status}`;
      box.dataset.status = report.status;
      box.replaceChildren(
        mark(report.status, 40),
        h('div', {}, h('h2', { id: 'verdict-title' }, headline), h('p', {}, explanation), brokenRules(report, onRule)),
      );
      const said = `${headline}. ${explanation} ${brokenNames(report)}${madeBy(adapter, report)}`;
      if (live.textContent !== said) live.textContent = said;
      facts.replaceChildren(...makerRows(adapter, report), ...report.facts.flatMap(row));
      decoded.replaceChildren(...report.decoded.flatMap(row));
      details.hidden = report.decoded.length === 0;
    },
  };
}

function headlineOf({ status, number }: Report): string {
  const block = number === undefined ? 'This header' : `Block ${number.toLocaleString('en')}`;
  return { passed: `${block} passed`, failed: `${block} is refused`, unknown: `${block}: not all can be judged` }[
    status
  ];
}

function explain({ rules, status }: Report, hasState: boolean): string {
  const of = (wanted: string): number => rules.filter((rule) => rule.status === wanted).length;
  const [failed, unknown] = [of('failed'), of('unknown')];
  if (status === 'passed') return `All ${rules.length} rules hold.`;
  const open =
    unknown === 0
      ? ''
      : ` ${count(unknown, 'rule')} cannot be judged${hasState ? '' : ' without the state of its parent'}.`;
  if (failed === 0) return `${of('passed')} of ${rules.length} rules hold, none is broken.${open}`;
  return `${failed} of ${count(rules.length, 'rule')} ${failed === 1 ? 'is' : 'are'} broken.${open}`;
}

/** The broken rules for who hears of them. */
function brokenNames({ rules }: Report): string {
  const titles = new Set(rules.filter(({ status }) => status === 'failed').map(({ title }) => title));
  return titles.size === 0 ? '' : `Broken: ${[...titles].join(', ')}. `;
}

/** A way from the verdict to each rule that is broken. */
function brokenRules({ rules }: Report, onRule: (rule: RuleView) => void): HTMLElement | undefined {
  const failed = rules.filter(({ status }) => status === 'failed');
  if (failed.length === 0) return undefined;
  const labelOf = ({ title, code }: RuleView): string =>
    failed.filter((each) => each.title === title).length > 1 ? `${title}: ${code}` : title;
  const buttons = failed.map((rule) =>
    h('button', { type: 'button', class: 'chip broken', onclick: () => onRule(rule) }, labelOf(rule)),
  );
  return h('div', { class: 'broken-rules', role: 'group', 'aria-label': 'Broken rules' }, ...buttons);
}

function madeBy({ makerName }: Adapter, { maker, inTurn }: Report): string {
  if (maker === undefined) return `The ${makerName} is not known.`;
  return `Made by ${shortHex(maker.id)}, ${maker.role}${turnText(inTurn)}.`;
}

const turnText = (inTurn: boolean | undefined): string =>
  inTurn === undefined ? '' : inTurn ? ', in turn' : ', out of turn';

function makerRows({ makerName }: Adapter, { maker, inTurn }: Report): HTMLElement[] {
  const label = `Who made it`;
  if (maker === undefined) return [h('dt', {}, label), h('dd', {}, `No ${makerName} can be recovered.`)];
  return [
    h('dt', {}, label),
    h(
      'dd',
      { class: 'maker' },
      h('span', { class: 'mono breakable', id: 'maker-id' }, maker.id),
      h(
        'span',
        { class: 'row' },
        h('span', { class: 'badge' }, maker.role),
        inTurn !== undefined &&
          h('span', { class: `badge turn ${inTurn ? 'in' : 'out'}` }, inTurn ? '■ in turn' : '◇ out of turn'),
        copyButton(`the ${makerName}`, () => maker.id),
      ),
    ),
  ];
}

function row({ label, value, mono }: Fact): HTMLElement[] {
  const name = label === '' ? '' : `${label[0]?.toUpperCase()}${label.slice(1)}`;
  return [h('dt', {}, name), h('dd', { class: mono ? 'mono breakable' : '' }, value)];
}
