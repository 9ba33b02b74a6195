// The open page shows changes as they happen.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fillWorld } from "../support/world.mjs";
import { eventually, setup } from "./setup.mjs";

const state = setup(({ emulator }) => fillWorld(emulator));

test("requests come without asking, and wait while the log is paused", () =>
  state.visit("#/requests", async (page) => {
    const rows = page.locator(".vl .request-row");
    await rows.first().waitFor();
    const before_ = Number(await page.locator(".view-head .count").innerText());
    await state.emulator.call("GET", "/api/v2/app");
    await rows.first().filter({ hasText: "GetApp" }).waitFor();
    assert.equal(Number(await page.locator(".view-head .count").innerText()), before_ + 1);
    await page.keyboard.press("p");
    await state.emulator.call("GET", "/api/v2/roles");
    await eventually(async () => (await page.locator(".rail-link", { hasText: "Requests" }).innerText()).includes(String(before_ + 2)), "the count");
    assert.equal(await rows.filter({ hasText: "ListRoles" }).count(), 0);
    await page.keyboard.press("p");
    await rows.first().filter({ hasText: "ListRoles" }).waitFor();
  }));

test("a chat, its thread and its list follow what happens", () =>
  state.visit("#/channels?cid=messaging:garden", async (page) => {
    const chat = page.getByRole("listbox", { name: "Messages" });
    await chat.getByText("Would you deliver to Lyon?").waitFor();
    const message = await state.emulator.send("garden", "lena", "I could bring them on Sunday.");
    await chat.getByText("I could bring them on Sunday.").waitFor();
    await page.locator(".channel-row", { hasText: "lena: I could bring them on Sunday." }).waitFor();
    await state.emulator.react(message, "chloe", "love");
    await chat.getByRole("button", { name: "love: chloe" }).waitFor();
    await state.emulator.call("DELETE", `/api/v2/chat/messages/${message.id}`);
    await chat.locator(".is-deleted", { hasText: "I could bring them on Sunday." }).waitFor();
  }));

test("users show as they change", () =>
  state.visit("#/users", async (page) => {
    await page.locator(".user-row").first().waitFor();
    await state.emulator.users([{ id: "aaron", name: "Aaron New" }]);
    await page.locator(".user-row", { hasText: "Aaron New" }).waitFor();
  }));

test("the page comes back after a reset, and after the stream was lost", () =>
  state.visit("#/users", async (page) => {
    await page.locator(".user-row").first().waitFor();
    await page.context().setOffline(true);
    await page.context().setOffline(false);
    await fetch(`${state.emulator.url}/emulator/reset`, { method: "POST" });
    await page.getByRole("heading", { name: "There are no users yet" }).waitFor();
    await state.emulator.users([{ id: "zoe", name: "Zoe" }]);
    await page.locator(".user-row", { hasText: "Zoe" }).waitFor();
  }, { allowed: ["ERR_INTERNET_DISCONNECTED"] }));
