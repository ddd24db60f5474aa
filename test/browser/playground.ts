/**
 * The playground in a real browser. Not part of `npm test`, which needs none: `node --import tsx test/browser/playground.ts` builds the
 * page and opens it in Chromium. Screenshots go to the folder that is named at the end, or to the one that `SHOTS` names.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { auditContrast, auditNames } from './audit.js';
import { buildPage, launch, type Site, serve, type Visit, visit } from './page.js';

let browser: Browser;
let site: Site;
let shots: string;

before(async () => {
  const folder = await buildPage();
  site = await serve(folder);
  browser = await launch();
  shots = process.env.SHOTS ?? mkdtempSync(join(tmpdir(), 'playground-shots-'));
  mkdirSync(shots, { recursive: true });
});

after(async () => {
  await browser?.close();
  await site?.close();
  console.log(`screenshots: ${shots}`);
});

/** Opens the page, runs a test on it, and asserts that nothing went wrong beside. */
async function on(
  use: (page: Page) => Promise<void>,
  hash = 'verify',
  options: BrowserContextOptions = {},
): Promise<void> {
  const { page, faults }: Visit = await visit(browser, `${site.url}#${hash}`, options);
  try {
    await use(page);
    assert.deepEqual(faults, []);
  } finally {
    await page.context().close();
  }
}

const load = (page: Page, sample: string): Promise<void> => page.click(`[data-sample="${sample}"]`);

const said = (page: Page): Promise<string> => page.locator('#input-said').innerText();

/** Codes of the rules with a verdict, in order. */
const codes = (page: Page, status: string): Promise<string[]> =>
  page
    .locator(`.rule-item[data-status="${status}"]`)
    .evaluateAll((items) => items.map((item) => (item as HTMLElement).dataset.code ?? ''));

const verdict = async (page: Page): Promise<string> =>
  (await page.locator('.results .verdict').getAttribute('data-status')) ?? '';

/** Flips the lowest bit of a nibble with a click. */
async function flip(page: Page, part: string, nibble: number): Promise<void> {
  const index = await page
    .locator('.part')
    .evaluateAll(
      (parts, name) => parts.findIndex((each) => each.querySelector(`[data-byte^="${name}:"]`) !== null),
      part,
    );
  await page.click(`.nibble[data-part="${index}"][data-nibble="${nibble}"]`);
}

/** Waits until a run is judged to its end. */
async function judged(page: Page): Promise<void> {
  await page.locator('.chain .meter').waitFor({ state: 'hidden' });
  await page.locator('.chain-svg').waitFor();
}

const SAMPLES: readonly (readonly [id: string, what: RegExp, status: string])[] = [
  ['ckb-header', /^A CKB header with its cellbase, in hex of a molecule POAHeader\.$/, 'passed'],
  ['ckb-block', /^A whole CKB block, as the RPC of a node gives it\.$/, 'passed'],
  ['ckb-vote', /^A CKB header with its cellbase/, 'passed'],
  ['ckb-refused', /^A CKB header with its cellbase/, 'failed'],
  ['ckb-run', /^A run of 60 CKB headers/, 'passed'],
  ['ckb-votes', /^A run of 90 CKB headers/, 'passed'],
  ['clique-header', /^A Clique header, in hex of RLP\.$/, 'passed'],
  ['clique-block', /^A Clique header, as the RPC of a node gives it\.$/, 'passed'],
  ['clique-skipped', /^A Clique header/, 'failed'],
  ['clique-run', /^A run of 32 Clique headers, in hex of RLP, behind the genesis header\.$/, 'passed'],
  ['eosio-block', /^An EOSIO block, as get_block of a node gives it\.$/, 'passed'],
  ['eosio-jungle', /^An EOSIO header with its signatures, in JSON\.$/, 'unknown'],
  ['eosio-skipped', /^An EOSIO block/, 'failed'],
  ['eosio-run', /^A run of 72 EOSIO blocks, behind their genesis\.$/, 'passed'],
];

describe('samples', () => {
  it('are recognised and judged', () =>
    on(async (page) => {
      const ids = await page
        .locator('[data-sample]')
        .evaluateAll((all) => all.map((each) => (each as HTMLElement).dataset.sample));
      assert.deepEqual(
        ids,
        SAMPLES.map(([id]) => id),
      );
      for (const [id, what, status] of SAMPLES) {
        await load(page, id);
        assert.match(await said(page), what, id);
        assert.equal(await verdict(page), status, id);
        assert.ok(await page.locator('#maker-id').innerText(), id);
      }
    }));

  it('of whole blocks are judged as blocks too', () =>
    on(async (page) => {
      await load(page, 'ckb-block');
      const whole = page.locator('.facts dt', { hasText: 'Whole block' }).locator('xpath=following-sibling::dd[1]');
      assert.match(await whole.innerText(), /^holds too/);
      const text = JSON.parse(await page.inputValue('#input'));
      text.proposals.push('0x00112233445566778899');
      await page.fill('#input', JSON.stringify(text, null, 1));
      await page.getByText(/^does not hold\. .*\(PROPOSALS_HASH_MISMATCH\)\.$/).waitFor();
      assert.equal(await verdict(page), 'passed');
    }));

  it('are there at once, from a file and without a server too', async () => {
    const { page, faults } = await visit(browser, `${site.fileUrl}#verify`);
    assert.equal(await verdict(page), 'passed');
    await page.click('#tab-speed');
    await page.selectOption('#speed-total', '240');
    await page.click('#speed-start');
    await page.getByText(/^Done/).waitFor({ timeout: 60_000 });
    assert.deepEqual(faults, []);
    await page.context().close();
  });

  it('are judged whole: all of a run in turn, missed and refused', () =>
    on(async (page) => {
      await load(page, 'ckb-run');
      await judged(page);
      assert.equal(await page.locator('.chain-svg .block').count(), 60);
      assert.equal(await page.locator('.chain-svg .block.failed').count(), 0);
      assert.match(
        await page.locator('.run-summary').innerText(),
        /^60 of 60 blocks passed, 11 out of turn, 11 turns missed/,
      );
      await load(page, 'ckb-votes');
      await judged(page);
      assert.match(
        await page.locator('.run-summary').innerText(),
        /^90 of 90 blocks passed, all in turn, 10 list changes/,
      );
      await load(page, 'clique-run');
      await judged(page);
      assert.match(await page.locator('.run-summary').innerText(), /^32 of 32 blocks passed, .* 1 list change/);
      await load(page, 'eosio-run');
      await judged(page);
      assert.match(
        await page.locator('.run-summary').innerText(),
        /^72 of 72 blocks passed, all in turn, 14 turns missed, 1 list change/,
      );
    }));
});

/** A nibble whose lowest bit is flipped, and what is broken then; the rest of the rules hold or cannot be judged any more. */
const FLIPS: readonly {
  readonly title: string;
  readonly sample: string;
  readonly noTrust?: boolean;
  readonly part: string;
  readonly nibble: number;
  readonly failed: readonly string[];
  readonly unknown: readonly string[] | undefined;
}[] = [
  // Without a state nobody can say that the attester, which is another one after the flip, is a stranger.
  {
    title: 'the nonce of a CKB header, its own rule alone',
    sample: 'ckb-header',
    noTrust: true,
    part: 'header',
    nibble: 2 * 200 + 1,
    failed: ['NONCE_NOT_ZERO'],
    unknown: undefined,
  },
  {
    title: 'the nonce, and the attester that the signature gives with it',
    sample: 'ckb-header',
    part: 'header',
    nibble: 2 * 200 + 1,
    failed: ['NONCE_NOT_ZERO', 'ATTESTER_UNKNOWN'],
    unknown: ['DIFFICULTY_MISMATCH'],
  },
  {
    title: 'the version',
    sample: 'ckb-header',
    part: 'header',
    nibble: 1,
    failed: ['VERSION_MISMATCH', 'ATTESTER_UNKNOWN'],
    unknown: ['DIFFICULTY_MISMATCH'],
  },
  {
    title: 'the parent',
    sample: 'ckb-header',
    part: 'header',
    nibble: 2 * 40,
    failed: ['PARENT_MISMATCH', 'ATTESTER_UNKNOWN'],
    unknown: ['DIFFICULTY_MISMATCH'],
  },
  {
    title: 'the dao of a header, which no rule but the signature covers',
    sample: 'ckb-header',
    part: 'header',
    nibble: 2 * 170,
    failed: ['ATTESTER_UNKNOWN'],
    unknown: ['DIFFICULTY_MISMATCH'],
  },
  {
    title: 'the parent of a Clique header, and the signer that the seal gives with it',
    sample: 'clique-header',
    part: 'header',
    nibble: 2 * 20,
    failed: ['PARENT_MISMATCH', 'SIGNER_UNAUTHORIZED'],
    unknown: ['DIFFICULTY_MISMATCH'],
  },
  {
    title: 'the parent of an EOSIO header',
    sample: 'eosio-block',
    part: 'header',
    nibble: 2 * 30,
    failed: ['PARENT_MISMATCH', 'KEY_UNEXPECTED', 'KEY_WEIGHT_TOO_LOW'],
    unknown: [],
  },
  {
    title: 'the action root of an EOSIO header',
    sample: 'eosio-block',
    part: 'header',
    nibble: 2 * 90,
    failed: ['KEY_UNEXPECTED', 'KEY_WEIGHT_TOO_LOW'],
    unknown: [],
  },
];

describe('one flipped bit', () => {
  for (const { title, sample, noTrust, part, nibble, failed, unknown } of FLIPS)
    it(`breaks ${title}`, () =>
      on(async (page) => {
        await load(page, sample);
        if (noTrust) {
          await page.locator('summary', { hasText: 'What the verifier trusts' }).click();
          await page.fill('#trust', '');
          await page.getByText('nothing: rules that need a state stay unknown').waitFor();
        }
        assert.deepEqual(await codes(page, 'failed'), []);
        await flip(page, part, nibble);
        assert.equal(await verdict(page), 'failed');
        assert.deepEqual(await codes(page, 'failed'), failed);
        if (unknown !== undefined) assert.deepEqual(await codes(page, 'unknown'), unknown);
        assert.match(await page.locator('#verdict-live').innerText(), /is refused\. /);
        await page.getByRole('button', { name: 'Undo' }).click();
        assert.deepEqual(await codes(page, 'failed'), []);
      }));

  it('breaks the rest of a run behind it, and undoing mends it', () =>
    on(async (page) => {
      await load(page, 'clique-run');
      await judged(page);
      await page.locator('.chain-svg .block[data-index="20"]').click();
      await flip(page, 'header', 2 * 20);
      await page.locator('.chain-svg .block.failed').first().waitFor();
      assert.equal(await page.locator('.chain-svg .block.failed').count(), 12);
      assert.match(
        await page.locator('.run-summary').innerText(),
        /^20 of 32 blocks passed.*12 refused, first block 21 \(PARENT_MISMATCH\)/,
      );
      await page.getByRole('button', { name: 'Restore' }).click();
      await page.getByText('32 of 32 blocks passed').waitFor();
    }));

  it('leads from the verdict to each broken rule', () =>
    on(async (page) => {
      await load(page, 'ckb-refused');
      await page.getByRole('group', { name: 'Broken rules' }).getByRole('button', { name: 'Attest interval' }).click();
      const rule = await page.evaluate(() => document.activeElement?.closest('li')?.dataset.code);
      assert.equal(rule, 'ATTESTER_TOO_SOON');
    }));

  it('shows the bytes of a rule that is looked at', () =>
    on(async (page) => {
      await page.locator('.rule-item[data-code="NUMBER_MISMATCH"] .rule').click();
      const lit = await page
        .locator('.byte.lit')
        .evaluateAll((all) => all.map((each) => (each as HTMLElement).dataset.byte));
      assert.deepEqual(
        lit,
        [16, 17, 18, 19, 20, 21, 22, 23].map((at) => `header:${at}`),
      );
    }));
});

/** Drops a file that is made inside the page. */
async function drop(page: Page, size: number, kind: 'zeros' | 'noise' | 'brackets' | 'digits'): Promise<void> {
  await page.evaluate(
    ([bytes, fill]) => {
      const data = new Uint8Array(bytes);
      if (fill === 'noise') for (let i = 0; i < bytes; i++) data[i] = (i * 2_654_435_761) >>> 24;
      if (fill === 'brackets') data.fill(0x5b);
      if (fill === 'digits') data.fill(0x66);
      const transfer = new DataTransfer();
      transfer.items.add(new File([data], 'nonsense'));
      document.body.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: transfer }));
    },
    [size, kind] as const,
  );
}

describe('nonsense', () => {
  it('of 20 MB that is dropped gives one sentence, and the page stays alive', () =>
    on(async (page) => {
      for (const kind of ['zeros', 'noise', 'brackets'] as const) {
        await drop(page, 20_000_000, kind);
        await page.getByText('This is 20.0 MB; the page reads at most 4.0 MB.').waitFor();
        assert.equal(await page.locator('.results').innerText(), '');
        await load(page, 'ckb-header');
        assert.equal(await verdict(page), 'passed');
      }
    }));

  for (const [title, size, kind, sentence] of [
    ['as much as is read, of no text', 3_900_000, 'noise', /^This is 7\.8 MB/],
    ['as much as is read, of brackets', 3_900_000, 'brackets', /^This begins like JSON, but it is not/],
    ['as much as is read, of digits', 3_900_000, 'digits', /^This is hex, but no header or block/],
    ['of no bytes', 0, 'zeros', /^There is nothing here yet/],
  ] as const)
    it(`of ${title} gives one sentence soon`, () =>
      on(async (page) => {
        const start = Date.now();
        await drop(page, size, kind);
        await page.locator('.said.bad', { hasText: sentence }).waitFor();
        assert.ok(Date.now() - start < 5_000);
        assert.match(await said(page), /^[^.]+(?:\d\.\d[^.]+)*\.$/);
      }));

  for (const [text, sentence] of [
    ['hello', /^This is neither hex nor JSON/],
    ['0x0', /^This is neither hex nor JSON/],
    ['0x00112233445566778899aabbccddeef', /^This begins like hex, but it is not/],
    ['{"a":', /^This begins like JSON, but it is not/],
    ['{"a": 1}', /^This is JSON, but no header or block/],
    ['[]', /^This is JSON, but no header or block/],
    ['null', /^This is neither/],
    ['{"header": {"number": 7}, "transactions": []}', /^At .* was expected/],
    ['{"sha3Uncles": "<img src=x onerror=alert(1)>"}', /^At block\./],
    ['{"producer": "<b>x</b>", "producer_signature": 5}', /^At block\./],
    ['0x04000000', /^This is an empty run/],
    ['0x0c0000000c0000000c000000', /^This has the size that molecule states/],
  ] as const)
    it(`such as ${text} gives one sentence`, () =>
      on(async (page) => {
        await page.fill('#input', text);
        await page.locator('.said.bad', { hasText: sentence }).waitFor();
        assert.equal(await page.locator('.results').innerText(), '');
        assert.equal(await page.locator('#panel-verify img, #panel-verify b').count(), 0);
      }));

  it('is not judged by the state of the sample that it takes the place of', () =>
    on(async (page) => {
      await load(page, 'clique-header');
      const text = await page.inputValue('#input');
      await load(page, 'ckb-header');
      await page.fill('#input', text);
      await page.getByText(/^A Clique header/).waitFor();
      assert.equal(await page.inputValue('#trust'), '');
      assert.equal(await verdict(page), 'unknown');
    }));

  it('as a state to trust gives one sentence', () =>
    on(async (page) => {
      await page.locator('summary', { hasText: 'What the verifier trusts' }).click();
      await page.fill('#trust', '0x1234');
      await page.locator('.said.bad', { hasText: /^What is to be trusted cannot be read\./ }).waitFor();
    }));

  it('inside a header of full size is judged', () =>
    on(async (page) => {
      await page.fill('#input', `0x${'5a'.repeat(208)}`);
      await page.getByText('A CKB header of 208 bytes, without its cellbase').waitFor();
      assert.equal(await verdict(page), 'failed');
    }));
});

describe('a validator list', () => {
  it('is previewed with who joins', () =>
    on(async (page) => {
      assert.equal(await page.locator('.outcome .verdict').getAttribute('data-status'), 'passed');
      assert.equal(await page.locator('#changes .join').count(), 1);
      assert.match(await page.locator('#changes').innerText(), /joins\s*0x6dfe7328895b4448f4a9e927f55a3eef6cb7c46a/);
      assert.match(await page.locator('.outcome').innerText(), /Data of the cell\s*0x0200000000000304/);
      assert.match(
        await page.locator('#list-live').innerText(),
        /1 validator would join, 0 would leave\. It needs 2 signatures\./,
      );
    }, 'list'));

  it('that would halt the network is refused in a sentence', () =>
    on(async (page) => {
      await page.fill('#interval', '4');
      assert.match(await page.locator('.outcome').innerText(), /ATTEST_INTERVAL_TOO_LONG/);
      await page.fill('#interval', 'x'.repeat(0));
      assert.match(await page.locator('.outcome').innerText(), /ATTEST_INTERVAL is to be a whole number/);
      await page.fill('#interval', '0');
      assert.match(await page.locator('.outcome .warnings').innerText(), /half of the validators is 2/);
      await page.fill('#limit', '1');
      assert.match(await page.locator('.outcome').innerText(), /VOTE_LIMIT_OUT_OF_RANGE/);
    }, 'list'));

  it('is edited: add, move, remove, and who is asked to sign', () =>
    on(async (page) => {
      await page.getByRole('button', { name: 'Nothing changes' }).click();
      assert.match(await page.locator('.outcome .warnings').innerText(), /would change nothing/);
      await page.getByRole('button', { name: 'Add a validator' }).click();
      assert.match(await page.locator('.outcome').innerText(), /Validator 4 is to be a pubkey hash/);
      await page.keyboard.type(`0x${'ab'.repeat(20)}`);
      await page.fill('#limit', '3');
      assert.equal(await page.locator('#changes .join').count(), 1);
      await page.getByRole('button', { name: 'Remove validator 1' }).click();
      assert.equal(await page.locator('#changes .evict').count(), 1);
      await page.selectOption('#signer', { index: 1 });
      assert.match(await page.locator('.outcome .warnings').innerText(), /is not in the wanted list/);
      await page.getByRole('button', { name: 'First two swap' }).click();
      assert.match(await page.locator('.outcome .warnings').innerText(), /change places/);
      await page.fill('#list-data', '0x1234');
      assert.match(
        await page.locator('#list-data-said').innerText(),
        /was expected; it is .* \(VALIDATOR_LIST_MALFORMED\)\.$/,
      );
    }, 'list'));
});

describe('the speed test', () => {
  it('runs in a worker, shows how far it is, and can be stopped', () =>
    on(async (page) => {
      await page.selectOption('#speed-total', '4800');
      await page.click('#speed-start');
      await page.waitForFunction(() =>
        [...document.querySelectorAll<HTMLProgressElement>('.speed .meter')].some(({ value }) => value > 0),
      );
      // The page answers meanwhile.
      await page.click('#tab-list');
      await page.click('#tab-speed');
      await page.click('#speed-stop');
      assert.equal(await page.locator('#speed-live').innerText(), 'Stopped.');
      const value = (): Promise<number[]> =>
        page.locator('.speed .meter').evaluateAll((all) => all.map((each) => (each as HTMLProgressElement).value));
      const before = await value();
      await page.waitForTimeout(300);
      assert.deepEqual(await value(), before);
    }, 'speed'));

  it('ends with figures', () =>
    on(async (page) => {
      await page.selectOption('#speed-total', '240');
      await page.click('#speed-start');
      await page.locator('#speed-live', { hasText: /^Done: / }).waitFor({ timeout: 60_000 });
      for (const figure of await page.locator('.speed-figure').allInnerTexts())
        assert.match(figure, /^[\d,]+ signatures\/s$/);
    }, 'speed'));
});

describe('without a mouse', () => {
  const focused = (page: Page): Promise<string> =>
    page.evaluate(() => document.activeElement?.id || (document.activeElement?.className ?? ''));

  async function tabTo(page: Page, test: (name: string) => boolean, most = 60): Promise<void> {
    for (let i = 0; i < most; i++) {
      await page.keyboard.press('Tab');
      if (test(await focused(page))) return;
    }
    assert.fail('Tab does not lead there');
  }

  it('a header is loaded, a bit flipped and set back', () =>
    on(async (page) => {
      await page.keyboard.press('Tab');
      assert.equal(await focused(page), 'skip');
      await tabTo(page, (name) => name === 'tab-verify');
      await tabTo(page, (name) => name === 'chip');
      await page.keyboard.press('Enter');
      await tabTo(page, (name) => name === 'input');
      await tabTo(page, (name) => name.startsWith('nibble'));
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Enter');
      assert.deepEqual((await codes(page, 'failed'))[0], 'NUMBER_MISMATCH');
      const label = await page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
      assert.equal(label, 'header byte 16, low digit d, number');
      await page.keyboard.type('c');
      assert.equal(await verdict(page), 'passed');
      await tabTo(page, (name) => name === 'rule');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      assert.equal(await page.locator('.rule[aria-pressed="true"]').count(), 1);
      assert.ok((await page.locator('.byte.lit').count()) > 0);
    }));

  it('tabs are changed and blocks of a run chosen', () =>
    on(async (page) => {
      await load(page, 'clique-run');
      await judged(page);
      await page.focus('#tab-verify');
      await page.keyboard.press('ArrowRight');
      assert.equal(await focused(page), 'tab-list');
      await page.keyboard.press('Home');
      await tabTo(page, (name) => name === 'trust' || name === 'input');
      for (let i = 0; i < 8 && !(await page.evaluate(() => document.activeElement?.classList.contains('block'))); i++)
        await page.keyboard.press('Tab');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      assert.equal(await page.locator('#block-tip').isVisible(), true);
      assert.match(await page.locator('#block-tip').innerText(), /^Block 3/);
      await page.keyboard.press('Enter');
      assert.match(await page.locator('#verdict-title').innerText(), /^Block 3 passed$/);
      await page.keyboard.press('Escape');
      assert.equal(await page.locator('#block-tip').isVisible(), false);
    }));
});

const SCHEMES = ['light', 'dark'] as const;
const VIEWS: readonly (readonly [name: string, hash: string, sample: string | undefined])[] = [
  ['header', 'verify', 'ckb-header'],
  ['refused', 'verify', 'ckb-refused'],
  ['unknown', 'verify', 'eosio-jungle'],
  ['ckb-run', 'verify', 'ckb-run'],
  ['ckb-votes', 'verify', 'ckb-votes'],
  ['clique-run', 'verify', 'clique-run'],
  ['eosio-run', 'verify', 'eosio-run'],
  ['list', 'list', undefined],
  ['speed', 'speed', undefined],
];

/** Opens each view of the page, one after the other. */
async function eachView(page: Page, use: (name: string) => Promise<void>): Promise<void> {
  for (const [name, hash, sample] of VIEWS) {
    await page.click(`#tab-${hash}`);
    if (sample !== undefined) await load(page, sample);
    if (name.endsWith('run') || name.endsWith('votes')) await judged(page);
    await use(name);
  }
}

describe('for everybody', () => {
  for (const colorScheme of SCHEMES)
    it(`everything has a name, and stands out in ${colorScheme}`, () =>
      on(
        (page) =>
          eachView(page, async (name) => {
            for (const summary of await page.locator('details:not([open]) > summary').all())
              if (await summary.isVisible()) await summary.click();
            assert.deepEqual(await page.evaluate(auditNames), [], name);
            assert.deepEqual(await page.evaluate(auditContrast), [], name);
          }),
        'verify',
        { colorScheme },
      ));

  for (const width of [360, 768, 1280])
    for (const colorScheme of SCHEMES)
      it(`nothing goes beyond ${width} px, in ${colorScheme}`, () =>
        on(
          (page) =>
            eachView(page, async (name) => {
              const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
              assert.ok(beyond <= 0, `${name} by ${beyond} px`);
              await page.screenshot({ path: join(shots, `${name}-${width}-${colorScheme}.png`), fullPage: true });
            }),
          'verify',
          { viewport: { width, height: 800 }, colorScheme },
        ));

  it('colours are chosen, and kept where the browser keeps them', () =>
    on(
      async (page) => {
        const ground = (): Promise<string> =>
          page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
        const auto = await ground();
        await page.click('#theme');
        assert.equal(await ground(), auto);
        await page.click('#theme');
        assert.notEqual(await ground(), auto);
        await page.reload();
        assert.notEqual(await ground(), auto);
      },
      'verify',
      { colorScheme: 'light' },
    ));

  it('nothing moves for who wants it so', () =>
    on(
      async (page) => {
        const moving = await page.evaluate(
          () =>
            [...document.querySelectorAll('*')].filter(
              (each) => Number.parseFloat(getComputedStyle(each).transitionDuration) > 0,
            ).length,
        );
        assert.equal(moving, 0);
      },
      'speed',
      { reducedMotion: 'reduce' },
    ));
});
