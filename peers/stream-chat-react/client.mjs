// React components of npm `stream-chat-react` in a real browser, against the emulator.
//
// The page is bundled once and served from its own origin, so that all its calls are cross-origin.
// `CHROMIUM` names the browser.

import { readFileSync } from 'node:fs';
import { mkdtempSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { StreamChat } from 'stream-chat';

const PATIENCE = 30_000;
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

async function bundle() {
  const fonts = ['.svg', '.png', '.woff', '.woff2', '.ttf', '.eot'];
  await build({
    entryPoints: ['page/app.jsx'],
    outdir: 'dist',
    bundle: true,
    format: 'esm',
    jsx: 'automatic',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
    loader: Object.fromEntries(fonts.map((suffix) => [suffix, 'dataurl'])),
    logLevel: 'error',
  });
}

/** Serves the page, and returns its origin. */
async function serve() {
  const files = {
    '/': 'page/index.html',
    '/app.js': 'dist/app.js',
    '/app.css': 'dist/app.css',
  };
  const server = createServer(({ url }, response) => {
    const file = files[url.split('?')[0]];
    if (!file) return response.writeHead(404).end();
    response.setHeader('content-type', TYPES[extname(file)]);
    response.end(readFileSync(file));
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return `http://127.0.0.1:${server.address().port}/`;
}

export function connect({ baseUrl, key, secret }) {
  const server = new StreamChat(key, secret, { baseURL: baseUrl, timeout: 20_000, disableCache: true });
  let started;
  const start = async () => {
    await bundle();
    const origin = await serve();
    const browser = await chromium.launchPersistentContext(mkdtempSync(join(tmpdir(), 'peer-')), {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: FLAGS,
      headless: true,
      viewport: { width: 1100, height: 720 },
    });
    return { origin, browser };
  };
  return {
    baseUrl,
    server,

    /** Opens the chat as a user in a new tab, and waits for the list of channels. */
    async open(user) {
      started ??= start();
      const { origin, browser } = await started;
      const page = await browser.newPage();
      page.setDefaultTimeout(PATIENCE);
      page.complaints = [];
      page.on('pageerror', (error) => page.complaints.push(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error') page.complaints.push(message.text());
      });
      const token = server.createToken(user);
      const hash = encodeURIComponent(JSON.stringify({ baseUrl, key, user, token }));
      await page.goto(`${origin}#${hash}`);
      return page;
    },

    /** Saves a screenshot of a page as build output. */
    async picture(page, name) {
      const folder = resolve('screenshots');
      mkdirSync(folder, { recursive: true });
      await page.screenshot({ path: join(folder, `${name}.png`) });
    },

    async close() {
      if (started) await (await started).browser.close();
    },
  };
}
