// "Log in as" acts as an end user.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fillWorld } from "../support/world.mjs";
import { eventually, setup } from "./setup.mjs";

const state = setup(({ emulator }) => fillWorld(emulator));

test("a developer logs in as a user, replies, reacts and deletes", () =>
  state.visit("#/users?id=jonas", async (page) => {
    await page.getByRole("button", { name: "Log in as Jonas" }).click();
    await page.locator(".badge", { hasText: /^connected$/ }).waitFor();
    await page.getByRole("option", { name: /Gravel bike/ }).click();
    const chat = page.getByRole("log", { name: "Messages" });
    await chat.getByText("Let us say 980 € and it is yours.").waitFor();
    const input = page.getByRole("textbox", { name: "Message" });
    await input.fill("Deal! I come on Saturday.");
    await input.press("Enter");
    await chat.locator(".message:not(.is-pending)", { hasText: "Deal! I come on Saturday." }).waitFor();
    const { messages } = await state.emulator.call("POST", "/api/v2/chat/channels/messaging/bike-4711/query", { state: true });
    const sent = messages.at(-1);
    assert.equal(sent.text, "Deal! I come on Saturday.");
    assert.equal(sent.user.id, "jonas");

    // The other user replies while the page is open.
    const reply = await state.emulator.send("bike-4711", "priya", "See you then!");
    await chat.getByText("See you then!").waitFor();
    const row = chat.locator(".message", { hasText: "See you then!" });
    await row.hover();
    await row.getByRole("button", { name: "React with love" }).click();
    await row.getByRole("button", { name: "love: jonas" }).waitFor();
    const { message } = await state.emulator.call("GET", `/api/v2/chat/messages/${reply.id}`);
    assert.equal(message.latest_reactions[0].user_id, "jonas");

    const own = chat.locator(".message", { hasText: "Deal! I come on Saturday." });
    await own.hover();
    await own.getByRole("button", { name: "Delete the message" }).click();
    await eventually(async () => (await state.emulator.call("GET", `/api/v2/chat/messages/${sent.id}`)).message.type === "deleted", "deleted");
  }));

test("two users who are logged in see each other type and write", async () => {
  await state.visit("#/session?user=priya&cid=messaging:bike-4711", async (priya) => {
    await priya.locator(".badge", { hasText: /^connected$/ }).waitFor();
    await priya.getByRole("log", { name: "Messages" }).waitFor();
    await state.visit("#/session?user=jonas&cid=messaging:bike-4711", async (jonas) => {
      await jonas.locator(".badge", { hasText: /^connected$/ }).waitFor();
      await jonas.getByRole("log", { name: "Messages" }).waitFor();
      await jonas.getByRole("textbox", { name: "Message" }).pressSequentially("One more thing");
      await priya.locator(".typing", { hasText: "Jonas is typing" }).waitFor();
      await jonas.keyboard.press("Enter");
      await priya.getByRole("log", { name: "Messages" }).getByText("One more thing").waitFor();
    });
  });
});

test("connections and their events show while someone is logged in", () =>
  state.visit("#/session?user=priya&cid=messaging:bike-4711", async (session) => {
    await session.locator(".badge", { hasText: /^connected$/ }).waitFor();
    await state.visit("#/connections", async (page) => {
      await page.locator(".user-row", { hasText: "Priya" }).click();
      await page.locator(".panel").getByRole("link", { name: "messaging:bike-4711" }).waitFor();
      await state.emulator.send("bike-4711", "jonas", "Are you there?");
      await page.getByRole("radio", { name: "Events" }).click();
      await page.locator(".event-row", { hasText: "message.new" }).first().click();
      await page.locator(".panel .j-string", { hasText: "Are you there?" }).first().waitFor();
    });
  }));
