// An emulator with the inspector and a browser, for one file of tests.

import assert from "node:assert/strict";
import { after, before } from "node:test";
import { openPage, startBrowser } from "../support/browser.mjs";
import { startEmulator } from "../support/emulator.mjs";

/** Starts both before the tests of a file, fills the emulator, and ends both after. */
export function setup(fill) {
  const state = {};
  before(async () => {
    state.emulator = await startEmulator();
    state.browser = await startBrowser();
    await fill(state);
  });
  after(async () => {
    await state.browser?.stop();
    await state.emulator?.stop();
    await state.receiver?.stop();
  });

  /** Opens the inspector at a route, and checks in the end that the page had no errors. */
  state.visit = async (place, act, options) => {
    const { page, problems } = await openPage(state.browser, `${state.emulator.url}/${place}`, options);
    try {
      await page.locator(".live.is-on").waitFor();
      await act(page);
      assert.deepEqual(problems, []);
    } catch (error) {
      if (process.env.FAILURES) await page.screenshot({ path: `${process.env.FAILURES}/${Date.now()}.png` }).catch(() => {});
      throw error;
    } finally {
      await page.close();
    }
  };
  return state;
}

/** Waits until a selector matches at least this many elements, and returns their texts. */
export async function texts(page, selector, count = 1) {
  await page.locator(selector).nth(count - 1).waitFor();
  return page.locator(selector).allInnerTexts();
}

/** Waits until a condition holds. */
export async function eventually(check, what = "it") {
  const deadline = Date.now() + 30_000;
  let last;
  while (Date.now() < deadline) {
    try {
      if (await check()) return;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${what} did not happen`, { cause: last });
}
