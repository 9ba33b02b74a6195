// Each view shows its data.

import assert from "node:assert/strict";
import { test } from "node:test";
import { startReceiver } from "../support/emulator.mjs";
import { fillWorld } from "../support/world.mjs";
import { eventually, setup, texts } from "./setup.mjs";

const state = setup(async (made) => {
  made.receiver = await startReceiver();
  await made.emulator.hooks(made.receiver.url);
  await fillWorld(made.emulator);
  await made.emulator.call("POST", "/api/v2/users/delete", { user_ids: ["omar"] });
});

test("requests show with their bodies, and as curl without credentials", () =>
  state.visit("#/requests", async (page) => {
    await state.emulator.call("GET", "/api/v2/chat/channels/messaging/nothing").catch(() => {});
    const rows = page.locator(".vl .request-row");
    await rows.filter({ hasText: "GetChannel" }).first().waitFor();
    await page.getByRole("radio", { name: "4xx" }).click();
    await eventually(async () => (await rows.count()) === 1, "one row");
    await rows.first().click();
    await page.getByRole("heading", { name: "GetChannel" }).waitFor();
    assert.match(await page.locator(".panel").innerText(), /404/);
    await page.getByRole("radio", { name: "All" }).click();
    // The search also finds text that is only in a body.
    await page.getByRole("searchbox").fill("950 €");
    await eventually(async () => (await rows.count()) === 1, "one row");
    await rows.first().click();
    await page.locator(".panel .j-string", { hasText: "Perfect. Would 950 € work for you?" }).first().waitFor();
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.getByRole("button", { name: /Copy as curl/ }).click();
    await page.locator(".toast", { hasText: "Copied" }).waitFor();
    const curl = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(curl, /^curl -X POST '.*\/message\?api_key=emulator'/);
    assert.match(curl, /authorization: \$STREAM_TOKEN/);
    assert.doesNotMatch(curl, /eyJ/);
  }));

test("users show, are found, and have details", () =>
  state.visit("#/users", async (page) => {
    const names = await texts(page, ".user-row strong", 7);
    assert.ok(names.includes("Chloé"));
    await page.getByRole("searchbox").fill("PRI");
    await eventually(async () => (await page.locator(".user-row").count()) === 1, "one user");
    await page.locator(".user-row").click();
    await page.getByRole("heading", { name: "Priya" }).waitFor();
    await page.getByRole("link", { name: /Gravel bike/ }).click();
    await page.getByRole("heading", { name: "Gravel bike, size M" }).waitFor();
  }));

test("a channel reads as a chat, with reactions, attachments and threads", () =>
  state.visit("#/channels", async (page) => {
    await page.locator(".channel-row", { hasText: "Gravel bike" }).click();
    const chat = page.getByRole("listbox", { name: "Messages" });
    await chat.getByText("Let us say 980 € and it is yours.").waitFor();
    await chat.getByRole("button", { name: "love: jonas" }).waitFor();
    const picture = chat.locator(".picture img");
    await picture.scrollIntoViewIfNeeded();
    await eventually(() => picture.evaluate((image) => image.complete && image.naturalWidth > 0), "the picture");
    assert.equal(await chat.locator(".quoted").innerText(), "Priya\nHere it is on last week's ride.");
    await chat.getByRole("button", { name: "2 replies" }).click();
    const thread = page.getByRole("complementary", { name: "Thread" });
    await thread.getByText("In September, with new brake pads").waitFor();
    await thread.getByRole("link", { name: /receipt-september.pdf/ }).waitFor();
    await page.getByRole("tab", { name: "Members" }).click();
    await page.getByRole("listbox", { name: "Members" }).getByText("Jonas").waitFor();
    await page.getByRole("tab", { name: "Details" }).click();
    await page.locator(".channel-part .j-key", { hasText: "listing" }).first().waitFor();
  }));

test("messages of all channels are searched", () =>
  state.visit("#/messages", async (page) => {
    await page.getByRole("searchbox").fill("brake pads");
    await eventually(async () => (await page.locator(".message-search-row").count()) === 1, "one message");
    await page.locator(".message-search-row").click();
    await page.getByRole("button", { name: "Its thread" }).click();
    await page.getByRole("complementary", { name: "Thread" }).getByText("did you change the chain").waitFor();
  }));

test("tasks and app settings show", async () => {
  await state.visit("#/tasks", async (page) => {
    await page.locator(".task-row").first().click();
    await page.locator(".panel").getByText("completed").waitFor();
  });
  await state.visit("#/app", async (page) => {
    await page.locator("tr.is-given", { hasText: "event_hooks" }).waitFor();
    await page.getByRole("searchbox").fill("permission_version");
    await eventually(async () => (await page.locator(".settings tr").count()) === 1, "one setting");
  });
});

test("a webhook shows its signature and its attempts, and is delivered again", () =>
  state.visit("#/webhooks", async (page) => {
    const { receiver } = state;
    receiver.status = 503;
    await state.emulator.send("garden", "lena", "Lyon is too far, sorry.");
    await page.getByRole("radio", { name: "Failed" }).click();
    await page.locator(".delivery-row", { hasText: "message.new" }).first().click();
    const attempts = page.locator(".attempt");
    await eventually(async () => (await attempts.count()) === 4, "four attempts");
    const last = receiver.received.at(-1);
    assert.ok((await page.locator(".panel").innerText()).includes(last.headers["x-signature"]));

    receiver.status = 200;
    await page.getByRole("button", { name: /Deliver again/ }).click();
    await eventually(async () => (await attempts.count()) === 5, "a fifth attempt");
    const again = receiver.received.at(-1);
    assert.equal(again.headers["x-webhook-id"], last.headers["x-webhook-id"]);
    assert.equal(again.headers["x-webhook-attempt"], "5");
    assert.deepEqual(again.body, last.body);
    await page.locator(".panel .badge", { hasText: "delivered" }).waitFor();

    await page.getByRole("button", { name: "Deliver under a new id" }).click();
    await eventually(() => receiver.received.at(-1).headers["x-webhook-id"] !== last.headers["x-webhook-id"], "a new id");
  }));

test("faults are set and taken back, and the clock moves", () =>
  state.visit("#/controls", async (page) => {
    await page.getByRole("button", { name: "Rate limited" }).click();
    await page.getByLabel("Operation").fill("GetApp");
    await page.getByRole("button", { name: "Add the fault" }).click();
    await page.locator(".fault", { hasText: "429 code 9" }).waitFor();
    await assert.rejects(state.emulator.call("GET", "/api/v2/app"), (error) => error.status === 429 && error.body.code === 9);
    await eventually(async () => (await page.locator(".fault").count()) === 0, "no fault");
    await page.getByRole("button", { name: "Cut off" }).click();
    await page.getByRole("button", { name: "Add the fault" }).click();
    await page.getByRole("button", { name: "Take them back" }).click();
    await eventually(async () => (await page.locator(".fault").count()) === 0, "no fault");
    await page.getByRole("button", { name: "+1 day" }).click();
    await page.locator(".clock.is-moved").waitFor();
    const { now } = await (await fetch(`${state.emulator.url}/emulator/clock`)).json();
    assert.ok(Date.parse(now) - Date.now() > 23 * 3600 * 1000);
    await page.getByRole("button", { name: "Now", exact: true }).click();
    await page.locator(".clock:not(.is-moved)").waitFor();
  }));

test("everything is found from one field", () =>
  state.visit("#/requests", async (page) => {
    await page.keyboard.press("Control+k");
    await page.keyboard.type("gravel");
    await page.getByRole("option", { name: /Gravel bike, size M/ }).waitFor();
    await page.getByRole("option", { name: /Gravel bike, size M/ }).click();
    await page.getByRole("heading", { name: "Gravel bike, size M" }).waitFor();
  }));

test("the theme follows the system until one is chosen", () =>
  state.visit("#/requests", async (page) => {
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const dark = await background();
    await page.emulateMedia({ colorScheme: "light" });
    const light = await background();
    assert.notEqual(dark, light);
    await page.keyboard.press("t");
    await page.keyboard.press("t");
    assert.equal(await background(), dark);
    await page.reload();
    assert.equal(await background(), dark);
    await page.keyboard.press("t");
    assert.equal(await background(), light);
  }, { scheme: "dark" }));

test("the columns of the log fit beside the details", async () => {
  for (const width of [910, 1000, 1120, 1280]) {
    await state.visit("#/requests?number=9", async (page) => {
      await page.locator(".panel .json").first().waitFor();
      const overflow = await page.locator(".vl .request-row").first().evaluate((row) => row.scrollWidth - row.clientWidth);
      assert.ok(overflow <= 0, `${overflow} px too wide at ${width}`);
    }, { width });
  }
});

test("nothing is cut off in a narrow window", () =>
  state.visit("#/requests", async (page) => {
    for (const place of ["requests?number=9", "webhooks", "users?id=priya", "channels?cid=messaging:bike-4711", "messages", "tasks", "app", "controls", "session?user=jonas"]) {
      await page.goto(`${state.emulator.url}/#/${place}`);
      await page.locator(".view-head h1").first().waitFor();
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(overflow <= 0, `${place} is ${overflow} px too wide`);
    }
  }, { width: 800, height: 700 }));
