// Ten thousand messages can be scrolled.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fillChannel } from "../support/world.mjs";
import { eventually, setup } from "./setup.mjs";

const COUNT = 10_000;
/** Far fewer than the items of the list, and enough for a tall window. */
const MAX_NODES = 3000;

const state = setup(({ emulator }) => fillChannel(emulator, "long", ["jane", "bob"], COUNT));

test("ten thousand messages scroll, and few of them are in the document", () =>
  state.visit("#/channels?cid=messaging:long", async (page) => {
    const chat = page.getByRole("listbox", { name: "Messages" });
    // Like other chats, it opens at the end.
    await chat.getByText(`message ${COUNT - 1}`, { exact: true }).waitFor();
    assert.equal(await page.locator(".view-head .count").innerText(), "1");

    const seen = [];
    for (const part of [0.75, 0.5, 0.31, 0.1, 0]) {
      await chat.evaluate((element, to) => { element.scrollTop = (element.scrollHeight - element.clientHeight) * to; }, part);
      await eventually(async () => {
        const isThere = (await chat.locator(".message:not(.ghost)").count()) > 3 && (await chat.locator(".message.ghost").count()) === 0;
        return isThere && (await chat.locator(".words").first().innerText()) !== seen.at(-1);
      }, "the messages");
      const rows = await chat.locator(".vl-row").count();
      assert.ok(rows < 80, `${rows} rows are in the document`);
      seen.push(await chat.locator(".words").first().innerText());
    }
    assert.equal(seen.at(-1), "message 0");
    assert.equal(new Set(seen).size, seen.length);

    const nodes = await page.evaluate(() => document.querySelectorAll("*").length);
    assert.ok(nodes < MAX_NODES, `${nodes} elements`);

    // By the wheel and by keys.
    await chat.focus();
    await page.keyboard.press("End");
    await chat.getByText(`message ${COUNT - 1}`, { exact: true }).waitFor();
    await page.keyboard.press("Home");
    await chat.getByText("message 0", { exact: true }).waitFor();
    for (let turn = 0; turn < 30; turn += 1) await page.mouse.wheel(0, 1500);
    await eventually(async () => (await chat.locator(".vl-row").count()) < 80, "few rows");
  }));

test("what is read stays where it is while messages come in", () =>
  state.visit("#/channels?cid=messaging:long", async (page) => {
    const chat = page.getByRole("listbox", { name: "Messages" });
    await chat.getByText(`message ${COUNT - 1}`, { exact: true }).waitFor();
    await chat.evaluate((element) => { element.scrollTop = element.scrollHeight / 2; });
    await eventually(async () => (await chat.locator(".message.ghost").count()) === 0 && (await chat.locator(".message").count()) > 3, "the messages");
    const top = () => chat.evaluate((element) => {
      const edge = element.getBoundingClientRect().top;
      const row = [...element.querySelectorAll(".words")].find((words) => words.getBoundingClientRect().top >= edge);
      // Until the next frame after a jump, the rows of the old position remain.
      return row && `${row.textContent} at ${Math.round(row.getBoundingClientRect().top)}`;
    });
    let before_ = await top();
    await eventually(async () => {
      const now = await top();
      const isStill = now !== undefined && now === before_;
      before_ = now;
      return isStill;
    }, "rest");
    await state.emulator.send("long", "jane", "the newest");
    await page.locator(".channel-row", { hasText: "the newest" }).waitFor();
    assert.equal(await top(), before_);
    await page.getByRole("button", { name: "To the latest" }).click();
    await chat.getByText("the newest").waitFor();
  }));

test("a search finds the one among ten thousand", () =>
  state.visit("#/channels?cid=messaging:long", async (page) => {
    await page.getByRole("searchbox", { name: "Search this channel" }).fill("message 4711");
    await eventually(async () => (await page.locator(".channel-part .message:not(.ghost)").count()) === 1, "one message");
  }));
