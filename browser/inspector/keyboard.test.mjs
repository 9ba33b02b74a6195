// The inspector is usable without a mouse.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fillWorld } from "../support/world.mjs";
import { eventually, setup } from "./setup.mjs";

const state = setup(({ emulator }) => fillWorld(emulator));

const keys = async (page, ...pressed) => {
  for (const key of pressed) await page.keyboard.press(key);
};

test("one goes, filters, opens and comes back with keys alone", () =>
  state.visit("#/requests", async (page) => {
    await keys(page, "g", "u");
    await page.getByRole("heading", { name: "Users", level: 1 }).waitFor();
    await page.locator(".user-row").first().waitFor();
    await keys(page, "/");
    await page.keyboard.type("jonas");
    await eventually(async () => (await page.locator(".user-row").count()) === 1, "one user");
    await keys(page, "Tab");
    await eventually(() => page.evaluate(() => document.activeElement?.getAttribute("role") === "listbox"), "the list's focus");
    await keys(page, "Enter");
    await page.getByRole("heading", { name: "Jonas", level: 2 }).waitFor();
    await keys(page, "Escape");
    await eventually(async () => !(await page.getByRole("heading", { name: "Jonas", level: 2 }).isVisible()), "closed");
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("role")), "listbox");
  }));

test("lists move with arrows and with j and k", () =>
  state.visit("#/requests", async (page) => {
    await page.locator(".vl .request-row").nth(5).waitFor();
    // The first key moves the focus to the list.
    await keys(page, "j", "j", "j", "j", "k");
    const active = page.locator(".request-row.is-active");
    assert.equal(await active.getAttribute("aria-posinset"), "3");
    await keys(page, "ArrowDown");
    assert.equal(await active.getAttribute("aria-posinset"), "4");
    const described = await page.evaluate(() => document.activeElement.getAttribute("aria-activedescendant"));
    assert.equal(described, await active.getAttribute("id"));
    await keys(page, "Enter");
    await page.locator(".panel .json").first().waitFor();
    const first = page.url();
    await keys(page, "j");
    await eventually(() => page.url() !== first, "the next request");
    await keys(page, "Escape");
    await page.locator(".split:not(.has-panel)").waitFor();
  }));

test("the palette, the help and the tabs take keys", () =>
  state.visit("#/requests", async (page) => {
    await keys(page, "?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    await keys(page, "Escape");
    await keys(page, "Control+k");
    await page.keyboard.type("kitchen");
    await page.getByRole("option", { name: /Oak kitchen table/ }).waitFor();
    await eventually(async () => {
      if ((await page.locator(".palette-entry.is-chosen").innerText()).includes("Oak kitchen table")) return true;
      await keys(page, "ArrowDown");
      return false;
    }, "the entry");
    await keys(page, "Enter");
    await page.getByRole("tab", { name: "Chat" }).waitFor();
    await page.getByRole("tab", { name: "Chat" }).focus();
    await keys(page, "ArrowRight");
    await eventually(() => page.evaluate(() => document.activeElement?.textContent === "Members" && document.activeElement.ariaSelected === "true"), "the tab");
  }));

test("every control can be reached, has a name, and shows its focus", () =>
  state.visit("#/webhooks", async (page) => {
    const names = [];
    for (let step = 0; step < 40; step += 1) {
      await keys(page, "Tab");
      const focused = await page.evaluate(() => {
        const element = document.activeElement;
        if (!element || element === document.body) return null;
        const style = getComputedStyle(element);
        return { name: element.getAttribute("aria-label") ?? element.innerText, outline: style.outlineStyle !== "none" };
      });
      if (!focused) break;
      assert.ok(focused.name?.trim(), `control ${step} has no name`);
      assert.ok(focused.outline, `${focused.name} shows no focus`);
      names.push(focused.name.trim());
    }
    assert.equal(names[0], "Skip to the content");
    for (const wanted of ["Webhooks", "App settings", "Filter by event, URL, body"]) {
      assert.ok(names.includes(wanted), `${wanted} is not among ${names.join(" | ")}`);
    }
  }));
