// The marketplace works for a buyer and a seller, each in a browser.

import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { eventually } from "../inspector/setup.mjs";
import { openPage, startBrowser } from "../support/browser.mjs";
import { startProgram } from "../support/emulator.mjs";

let shop;
let inspector;
let browser;
let stop;

before(async () => {
  const data = process.env.MARKETPLACE_DATA;
  // The packages are kept, but not the data of the last run.
  for (const name of ["shop.sqlite", "world.json"]) await rm(join(data, name), { force: true });
  const started = await startProgram(process.env.MARKETPLACE, ["--port", "0", "--emulator-port", "0", "--data", data], ["SHOP_URL", "INSPECTOR_URL"], {
    STREAM_API_KEY: undefined, STREAM_API_SECRET: undefined,
  });
  ({ SHOP_URL: shop, INSPECTOR_URL: inspector } = started.values);
  stop = started.stop;
  browser = await startBrowser();
});

after(async () => {
  await browser?.stop();
  await stop?.();
});

const logIn = async (page, id) => {
  await page.getByRole("combobox", { name: "Log in as" }).selectOption(id);
  await page.getByRole("button", { name: "Log out" }).waitFor();
};

test("a buyer writes to a seller, and the seller's badge counts each message once", async () => {
  const allowed = [new URL(inspector).host];
  const buyer = await openPage(browser, shop, { allowed });
  const seller = await openPage(browser, shop, { allowed });
  await logIn(seller.page, "priya");
  await logIn(buyer.page, "jonas");

  const offer = buyer.page.getByRole("article").filter({ hasText: "Gravel bike" });
  await offer.getByRole("button", { name: "Contact seller" }).click();
  const write = async (page, text) => {
    await page.getByRole("textbox", { name: "Your message" }).fill(text);
    await page.getByRole("button", { name: "Send" }).click();
  };
  await write(buyer.page, "Is it still for sale?");
  await write(buyer.page, "And would you ship it?");
  const badge = seller.page.getByTestId("badge");
  await eventually(async () => (await badge.innerText()) === "2", "a badge of 2");

  // A redelivery does not count again.
  const { page, problems } = await openPage(browser, `${inspector}/#/webhooks`);
  await page.locator(".delivery-row", { hasText: "message.new" }).first().click();
  await page.getByRole("button", { name: "Deliver again" }).click();
  await page.locator(".attempt", { hasText: "#2" }).waitFor();
  const deliveries = await page.locator(".delivery-row").count();
  await page.getByRole("button", { name: "Deliver under a new id" }).click();
  await eventually(async () => (await page.locator(".delivery-row").count()) > deliveries, "another delivery");
  await eventually(async () => (await page.locator(".delivery-row .status").allInnerTexts()).every((status) => status === "200"), "all delivered");
  assert.equal(await badge.innerText(), "2");

  // The seller reads and replies; both see it at once.
  await seller.page.getByRole("button", { name: /^Messages/ }).click();
  await seller.page.getByRole("button", { name: /Gravel bike.*Jonas/ }).click();
  await seller.page.getByRole("log", { name: "Conversation" }).getByText("And would you ship it?").waitFor();
  await eventually(async () => !(await badge.isVisible()), "no badge");
  await write(seller.page, "Yes, and yes.");
  await buyer.page.getByRole("log", { name: "Conversation" }).getByText("Yes, and yes.").waitFor();

  // The emulator's inspector replies as the buyer.
  await page.goto(`${inspector}/#/session?user=jonas&cid=messaging:gravel-bike-jonas`);
  await page.getByRole("log", { name: "Messages" }).getByText("Yes, and yes.").waitFor();
  await page.getByRole("textbox", { name: "Message" }).fill("I take it!");
  await page.keyboard.press("Enter");
  await seller.page.getByRole("log", { name: "Conversation" }).getByText("I take it!").waitFor();

  assert.deepEqual([buyer.problems, seller.problems, problems], [[], [], []]);
});

test("the shop refuses who is not logged in, and its own hooks from others", async () => {
  const refused = await fetch(`${shop}/api/token`, { method: "POST", headers: { authorization: "Bearer made-up" } });
  assert.equal(refused.status, 401);
  const forged = await fetch(`${shop}/webhooks/stream`, { method: "POST", headers: { "x-signature": "0".repeat(64) }, body: "{}" });
  assert.equal(forged.status, 401);
});
