/** Checks that run inside the page, so each of them is one function that needs nothing around it. */

/** Controls without a name, labels of nothing, doubled ids, headings that leave a level out. */
export function auditNames(): string[] {
  const faults: string[] = [];
  const isShown = (element: Element): boolean => element.getClientRects().length > 0;
  const textOf = (id: string): string => document.getElementById(id)?.textContent?.trim() ?? '';
  for (const control of document.querySelectorAll<HTMLElement>(
    'input, select, textarea, button, a[href], summary, progress, [role=button], [role=gridcell], [role=tab]',
  )) {
    if (!isShown(control)) continue;
    const labels = (control as HTMLInputElement).labels;
    const names = [
      control.getAttribute('aria-label'),
      ...(control.getAttribute('aria-labelledby') ?? '').split(' ').map(textOf),
      ...[...(labels ?? [])].map((label) => label.textContent),
      /^(?:BUTTON|A|SUMMARY|SPAN)$/.test(control.tagName) ? control.textContent : '',
    ];
    if (!names.some((name) => (name ?? '').trim() !== '')) faults.push(`no name: ${control.outerHTML.slice(0, 120)}`);
  }
  for (const name of ['aria-labelledby', 'aria-describedby', 'aria-controls', 'for'])
    for (const element of document.querySelectorAll(`[${name}]`))
      for (const id of (element.getAttribute(name) ?? '').split(' '))
        if (document.getElementById(id) === null) faults.push(`${name} names nothing: ${id}`);
  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
  for (const id of new Set(ids.filter((each, i) => ids.indexOf(each) !== i))) faults.push(`doubled id: ${id}`);
  let level = 0;
  for (const heading of document.querySelectorAll('h1, h2, h3, h4')) {
    if (!isShown(heading)) continue;
    const own = Number(heading.tagName[1]);
    if (own > level + 1) faults.push(`heading leaves a level out: ${heading.textContent}`);
    level = own;
  }
  if (document.documentElement.lang === '') faults.push('no language');
  return faults;
}

/** Text that does not stand out from its ground as WCAG AA asks: 4.5, or 3 where it is large. */
export function auditContrast(): string[] {
  type Colour = readonly [r: number, g: number, b: number, a: number];
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', {
    willReadFrequently: true,
  }) as OffscreenCanvasRenderingContext2D;
  const known = new Map<string, Colour>();
  const read = (text: string): Colour => {
    const found = known.get(text);
    if (found !== undefined) return found;
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    const [r = 0, g = 0, b = 0, a = 0] = canvas.getImageData(0, 0, 1, 1).data;
    const colour = [r, g, b, a / 255] as const;
    known.set(text, colour);
    return colour;
  };
  const over = (top: Colour, under: Colour): Colour =>
    [...([0, 1, 2] as const).map((i) => top[i] * top[3] + under[i] * (1 - top[3])), 1] as unknown as Colour;
  const luminance = (colour: Colour): number => {
    const [r = 0, g = 0, b = 0] = [colour[0], colour[1], colour[2]].map((value) => {
      const part = value / 255;
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const groundOf = (element: Element): Colour => {
    const layers: Colour[] = [];
    for (let at: Element | null = element; at !== null; at = at.parentElement)
      layers.unshift(read(getComputedStyle(at).backgroundColor));
    return layers.reduce((under, top) => over(top, under), [255, 255, 255, 1] as Colour);
  };
  const faults = new Set<string>();
  for (const element of document.querySelectorAll('body *')) {
    if (element.getClientRects().length === 0 || element.closest(':disabled, .sr-only, svg')) continue;
    const isField = element.matches('input, textarea, select');
    const hasText =
      isField || [...element.childNodes].some((node) => node.nodeType === 3 && (node.textContent ?? '').trim() !== '');
    if (!hasText) continue;
    const style = getComputedStyle(element);
    const ground = groundOf(element);
    const [a, b] = [luminance(over(read(style.color), ground)), luminance(ground)];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const size = Number.parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (isLarge ? 3 : 4.5))
      faults.add(`${ratio.toFixed(2)}: .${element.className} ${(element.textContent ?? '').slice(0, 40)}`);
  }
  return [...faults].slice(0, 20);
}
