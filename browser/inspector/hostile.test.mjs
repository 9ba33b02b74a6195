// Hostile names and messages stay text.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setup } from "./setup.mjs";

const HOSTILE = `<img src=x onerror="globalThis.broken=1"><script>globalThis.broken=1</script>"'><svg/onload=globalThis.broken=1>`;
const ID = "<b>evil<!--";

const state = setup(async ({ emulator }) => {
  await emulator.users([{ id: "evil", name: HOSTILE, image: "javascript:globalThis.broken=1", custom: { [HOSTILE]: HOSTILE } }, { id: "plain" }]);
  await emulator.channel("lair", ["evil", "plain"], { custom: { name: HOSTILE, image: "javascript:globalThis.broken=1" } });
  const parent = await emulator.send("lair", "evil", HOSTILE, {
    attachments: [
      { type: "image", image_url: "javascript:globalThis.broken=1", title: HOSTILE },
      { type: "file", asset_url: "data:text/html,<script>globalThis.broken=1</script>", title: HOSTILE, mime_type: HOSTILE },
      { type: HOSTILE, title_link: "https://elsewhere.example/x", text: HOSTILE },
    ],
    custom: { [HOSTILE]: HOSTILE },
  });
  await emulator.send("lair", "evil", HOSTILE, { parent_id: parent.id });
  await emulator.send("lair", "plain", "quoting", { quoted_message_id: parent.id });
  await emulator.react(parent, "evil", "odd_type");
  // The sender also controls the path, a header and the error text.
  await emulator.call("GET", `/api/v2/chat/channels/messaging/${encodeURIComponent(ID)}`).catch(() => {});
  await emulator.call("GET", `/api/v2/${encodeURIComponent(HOSTILE)}`).catch(() => {});
});

for (const place of [
  "requests", "requests?number=1", "requests?number=9", "requests?number=8", "users?id=evil", "channels?cid=messaging:lair", "channels?cid=messaging:lair&tab=members",
  "channels?cid=messaging:lair&tab=details", "messages", "app", "session", "session?user=evil&cid=messaging:lair", "users?q=" + encodeURIComponent(HOSTILE),
]) {
  test(`${place.slice(0, 60)} shows text as text`, () =>
    state.visit(`#/${place}`, async (page) => {
      await page.locator(".view-head").waitFor();
      await page.waitForLoadState("networkidle").catch(() => {});
      await page.waitForFunction(() => document.querySelector(".vl-row, .empty, .settings, .person, .message"));
      assert.equal(await page.evaluate(() => globalThis.broken), undefined);
      const odd = await page.evaluate(() => ({
        scripts: document.querySelectorAll("body script").length,
        images: [...document.querySelectorAll("img")].map((image) => image.getAttribute("src")).filter((source) => !source.startsWith("/emulator/")),
        links: [...document.querySelectorAll("a[href]")].map((link) => link.getAttribute("href")).filter((target) => !/^(#|\/emulator\/|https?:)/.test(target)),
        handlers: document.querySelectorAll("[onerror], [onload], [onclick]").length,
      }));
      assert.deepEqual(odd, { scripts: 0, images: [], links: [], handlers: 0 });
    }, { allowed: ["404 (Not Found)", "WebSocket"] }));
}

test("the hostile text is there, letter by letter", () =>
  state.visit("#/channels?cid=messaging:lair", async (page) => {
    const chat = page.getByRole("listbox", { name: "Messages" });
    await chat.locator(".words", { hasText: HOSTILE }).first().waitFor();
    await page.locator("h2", { hasText: HOSTILE }).first().waitFor();
  }));

test("the policy forbids what the page never does", () =>
  state.visit("#/requests", async (page) => {
    // It runs as a task of the page, since code evaluated by a debugger is exempt.
    const refused = await page.evaluate(() => new Promise((resolve) => {
      const tried = [
        () => { document.createElement("div").innerHTML = "<b>x</b>"; },
        () => eval("1"),
        () => new Function("return 1")(),
      ];
      setTimeout(() => resolve(tried.map((attempt) => {
        try {
          attempt();
          return "done";
        } catch {
          return "refused";
        }
      })));
    }));
    assert.deepEqual(refused, ["refused", "refused", "refused"]);
  }, { allowed: ["Content Security Policy", "TrustedHTML", "Trusted"] }));
