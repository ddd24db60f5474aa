/** Elements without a framework. Text only ever becomes text nodes and attributes: nothing that was pasted is read as HTML. */

type Child = Node | string | number | undefined | false | null;
type Value = string | number | boolean | undefined | EventListener;
type Properties = Readonly<Record<string, Value>>;

function fill<T extends Element>(element: T, properties: Properties, children: readonly Child[]): T {
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : `${value}`);
  }
  for (const child of children)
    if (child !== undefined && child !== false && child !== null)
      element.append(typeof child === 'number' ? `${child}` : child);
  return element;
}

/** `h('button', { type: 'button', onclick }, 'Stop')`. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: { readonly [name: string]: unknown } = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  return fill(document.createElement(tag), properties as Properties, children);
}

/** The same for SVG. */
export function s<K extends keyof SVGElementTagNameMap>(
  tag: K,
  properties: { readonly [name: string]: unknown } = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[K] {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), properties as Properties, children);
}

export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`no element ${id}`);
  return element as T;
}

/** Lets the browser paint and answer before work goes on. */
export const breathe = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(0);
  });

/** A group in which the arrow keys go from one member to the next, and Tab leaves. */
export function moveFocus(members: readonly Element[], from: Element, key: string): boolean {
  const at = members.indexOf(from);
  const last = members.length - 1;
  const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: last }[key];
  if (at < 0 || to === undefined) return false;
  const next = members[Math.max(0, Math.min(last, to))] as HTMLElement;
  for (const member of members) member.setAttribute('tabindex', member === next ? '0' : '-1');
  next.focus();
  return true;
}

/** A verdict as a shape: a disc with a tick, a square with a cross, a dashed ring with a question mark. Colour comes on top. */
export function mark(status: 'passed' | 'failed' | 'unknown', size = 18): SVGElement {
  const shapes = {
    passed: [
      s('circle', { cx: 9, cy: 9, r: 8.25, class: 'mark-fill' }),
      s('path', { d: 'M5.2 9.4 8 12.1 12.9 6.4', class: 'mark-line' }),
    ],
    failed: [
      s('rect', { x: 1, y: 1, width: 16, height: 16, rx: 2.5, class: 'mark-fill' }),
      s('path', { d: 'M5.8 5.8 12.2 12.2 M12.2 5.8 5.8 12.2', class: 'mark-line' }),
    ],
    unknown: [
      s('circle', { cx: 9, cy: 9, r: 7.75, class: 'mark-ring' }),
      s('path', { d: 'M6.9 7.1a2.15 2.15 0 1 1 3.1 2c-.7.4-1 .8-1 1.5M9 12.9v.1', class: 'mark-ask' }),
    ],
  };
  return s(
    'svg',
    {
      viewBox: '0 0 18 18',
      width: size,
      height: size,
      class: `mark ${status}`,
      'aria-hidden': 'true',
      focusable: 'false',
    },
    ...shapes[status],
  );
}

/** A button that copies text and says so. */
export function copyButton(what: string, text: () => string, label = 'Copy'): HTMLButtonElement {
  const button = h('button', { type: 'button', class: 'quiet copy', 'aria-label': `Copy ${what}` }, label);
  button.addEventListener('click', async () => {
    const said = await navigator.clipboard?.writeText(text()).then(
      () => 'Copied',
      () => 'Not copied',
    );
    button.textContent = said ?? 'Not copied';
    setTimeout(() => {
      button.textContent = label;
    }, 1_500);
  });
  return button;
}
