/** What tests in a browser need: the page, built; a server that knows its files alone; Chromium; and a record of what went wrong. */
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { build } from 'vite';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

/** The folder of the built page: the one that `PAGE` names, or a fresh build in a temporary folder. */
export async function buildPage(): Promise<string> {
  const given = process.env.PAGE;
  if (given !== undefined) return given;
  const outDir = mkdtempSync(join(tmpdir(), 'playground-'));
  const root = fileURLToPath(new URL('../../examples/playground', import.meta.url));
  await build({ configFile: join(root, 'vite.config.ts'), logLevel: 'warn', build: { outDir, emptyOutDir: true } });
  return outDir;
}

export interface Site {
  readonly url: string;
  /** The same page without a server. */
  readonly fileUrl: string;
  close(): Promise<void>;
}

/** Serves the files of a folder on this machine, and 404 for everything else. */
export async function serve(folder: string): Promise<Site> {
  const server: Server = createServer((request, response) => {
    const name = new URL(request.url ?? '/', 'http://localhost').pathname.replace(/^\/$/, '/index.html').slice(1);
    const file = join(folder, name);
    if (!/^[\w.-]+$/.test(name) || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response
      .writeHead(200, { 'content-type': TYPES[extname(name)] ?? 'application/octet-stream' })
      .end(readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    fileUrl: pathToFileURL(join(folder, 'index.html')).href,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

export async function launch(): Promise<Browser> {
  if (!existsSync(CHROMIUM)) throw new Error(`no Chromium at ${CHROMIUM}: name one with the variable CHROMIUM`);
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
}

/** A page with a record of everything that it must never do. */
export interface Visit {
  readonly page: Page;
  /** Errors on the console, uncaught exceptions, and requests for anything but the page's own files. */
  readonly faults: string[];
}

export async function visit(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  // Functions that are run in the page come through a compiler that names them with a helper of its own.
  await page.addInitScript('globalThis.__name = (each) => each');
  const faults: string[] = [];
  const home = url.startsWith('file:') ? url.slice(0, url.lastIndexOf('/') + 1) : new URL(url).origin;
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      faults.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`uncaught: ${error.stack ?? error.message}`));
  page.on('request', (request) => {
    const target = request.url();
    if (!target.startsWith(home) && !target.startsWith('data:') && !target.startsWith('blob:'))
      faults.push(`request: ${target}`);
  });
  page.on('requestfailed', (request) => faults.push(`failed request: ${request.url().slice(0, 100)}`));
  await page.goto(url);
  return { page, faults };
}
