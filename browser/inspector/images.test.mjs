// Takes the screenshots of the README.

import assert from "node:assert/strict";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { startReceiver } from "../support/emulator.mjs";
import { fillWorld } from "../support/world.mjs";
import { eventually, setup } from "./setup.mjs";

const MAX_SIZE = 200 * 1024;
const folder = process.env.IMAGES ?? ".";

const state = setup(async (made) => {
  made.receiver = await startReceiver();
  await made.emulator.hooks(made.receiver.url);
  await fillWorld(made.emulator);
  // The screenshot shows a failed request, too.
  await made.emulator.call("GET", "/api/v2/chat/channels/messaging/sold-out").catch(() => {});
  await made.emulator.call("POST", "/channels", { filter_conditions: { members: { $in: ["priya"] } }, state: true }, made.emulator.userToken("priya"));
});

async function picture(page, name) {
  // The mouse must not select anything.
  await page.mouse.move(0, 0);
  await page.waitForFunction(() => document.fonts.status === "loaded" && !document.querySelector(".toast, .ghost-line"));
  const path = join(folder, `inspector-${name}.png`);
  await page.screenshot({ path, animations: "disabled" });
  const { size } = await stat(path);
  assert.ok(size < MAX_SIZE, `${path} has ${size} bytes`);
}

for (const scheme of ["light", "dark"]) {
  test(`pictures, ${scheme}`, async () => {
    const options = { scheme, width: 1120, height: 680 };
    await state.visit("#/requests", async (page) => {
      await page.locator(".request-row", { hasText: "SendMessage" }).first().click();
      await page.locator(".panel .json").nth(1).waitFor();
      await picture(page, `requests-${scheme}`);
    }, options);
    await state.visit("#/channels?cid=messaging:bike-4711", async (page) => {
      const chat = page.getByRole("listbox", { name: "Messages" });
      await chat.getByRole("button", { name: "2 replies" }).click();
      await page.getByRole("complementary", { name: "Thread" }).getByText("In September").waitFor();
      const image = chat.locator(".picture img");
      await image.scrollIntoViewIfNeeded();
      await eventually(() => image.evaluate((element) => element.complete && element.naturalWidth > 0), "the picture");
      await picture(page, `channel-${scheme}`);
    }, options);
    // One scheme is enough for the other views.
    if (scheme === "light") await state.visit("#/webhooks", async (page) => {
      await page.locator(".delivery-row", { hasText: "message.new" }).first().click();
      await page.locator(".attempt").first().waitFor();
      await picture(page, `webhooks-${scheme}`);
    }, options);
    if (scheme === "dark") await state.visit("#/session?user=jonas&cid=messaging:bike-4711", async (page) => {
      await page.getByRole("log", { name: "Messages" }).getByText("Let us say 980 €").waitFor();
      await page.locator(".badge", { hasText: /^connected$/ }).waitFor();
      await picture(page, `session-${scheme}`);
    }, options);
  });
}
