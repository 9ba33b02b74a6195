// Controls of the emulator: faults, the clock, snapshots, reset.

import { fill, h, throttle } from "../core/dom.js";
import { control, show } from "../core/api.js";
import { emulatedNow, onUpdates, refresh as refreshAll, state } from "../core/feed.js";
import { fullTime, plural } from "../core/format.js";
import { complain, toast } from "../parts/toast.js";
import { badge, button, empty, section } from "../parts/widgets.js";

const KINDS = [["error", "An error of the API"], ["raw", "Any response"], ["cut", "A broken connection"], ["delay", "A slow response"]];
const PRESETS = [
  ["Rate limited", { kind: "error", status: 429, code: 9, message: "Too many requests" }],
  ["Token expired", { kind: "error", status: 401, code: 40, message: "the token has expired" }],
  ["Server error", { kind: "error", status: 500, code: -1, message: "internal error" }],
  ["Bad gateway", { kind: "raw", status: 502, body: "<html>Bad Gateway</html>" }],
  ["Cut off", { kind: "cut" }],
  ["3 s late", { kind: "delay", delay_ms: 3000 }],
];
const STEPS = [["+1 min", 60_000], ["+1 hour", 3_600_000], ["+1 day", 86_400_000], ["+30 days", 2_592_000_000]];

export function controls(root) {
  const faults = h("div", { class: "fault-list" });
  const clock = h("p", { class: "clock-face num" });
  const offset = h("p", { class: "muted" });
  const time = h("input", { type: "datetime-local", step: "1", "aria-label": "The emulator's time" });
  const place = h("div", { class: "sheet cards-sheet" });
  fill(root, h("div", { class: "view-head" }, h("h1", {}, "Faults & clock")), place);

  const form = faultForm(async (fault) => {
    try {
      await control("faults", "POST", fault);
      toast("The fault waits for its request");
    } catch (error) {
      complain(error);
    }
  });
  fill(place,
    h("div", { class: "card-block" }, h("h2", {}, "Faults"), h("p", { class: "muted" }, "What the next request gets instead of its response. Faults strike in the order in which they were added."),
      h("div", { class: "chips" }, PRESETS.map(([name, fault]) => button(name, { kind: "chip", onclick: () => form.set(fault) }))),
      form.element, faults),
    h("div", { class: "card-block" }, h("h2", {}, "Clock"), clock, offset,
      h("div", { class: "chips" }, STEPS.map(([name, step]) => button(name, { kind: "chip", onclick: () => move({ advance_ms: step }) }))),
      h("form", { class: "inline-form", onsubmit: (event) => {
        event.preventDefault();
        const at = new Date(time.value);
        if (Number.isNaN(at.getTime())) return complain(new Error("Choose a date and a time."));
        move({ now: at.toISOString() });
      } }, time, h("button", { type: "submit", class: "button" }, "Set"), button("Now", { title: "Back to the system's time", onclick: () => move({ now: new Date().toISOString() }) }))),
    h("div", { class: "card-block" }, h("h2", {}, "World"), h("p", { class: "muted" }, "Everything that the emulator holds."),
      h("div", { class: "actions" },
        h("a", { class: "button", href: "/emulator/snapshot", download: "world.json" }, "Download a snapshot"),
        h("label", { class: "button file-button" }, "Restore a snapshot", h("input", { type: "file", accept: ".json,application/json", class: "visually-hidden", onchange: restore })),
        button("Forget everything", { icon: "trash", kind: "danger", onclick: forget }))));

  async function move(body) {
    try {
      await control("clock", "POST", body);
      await refreshAll();
      tick();
    } catch (error) {
      complain(error);
    }
  }

  async function restore(event) {
    const [file] = event.target.files;
    if (!file) return;
    try {
      await control("restore", "POST", JSON.parse(await file.text()));
      toast("The world is back");
    } catch (error) {
      complain(error);
    }
    event.target.value = "";
  }

  async function forget() {
    const dialog = h("dialog", { class: "dialog", "aria-label": "Forget everything?" },
      h("h2", {}, "Forget everything?"), h("p", {}, "Users, channels, messages, settings and the log are gone. There is no way back but a snapshot."),
      h("form", { method: "dialog", class: "actions end" }, h("button", { class: "button", value: "" }, "Keep it"), h("button", { class: "button danger", value: "yes" }, "Forget everything")));
    document.body.append(dialog);
    dialog.addEventListener("close", async () => {
      dialog.remove();
      if (dialog.returnValue !== "yes") return;
      try {
        await control("reset", "POST", {});
        toast("Everything is forgotten");
      } catch (error) {
        complain(error);
      }
    });
    dialog.showModal();
  }

  function tick() {
    clock.textContent = fullTime(emulatedNow().toISOString());
    const ahead = Math.round(state.clockOffset / 1000);
    offset.textContent = ahead === 0 ? "In step with the system's clock." : `${plural(Math.abs(ahead), "second")} ${ahead > 0 ? "ahead of" : "behind"} the system's clock.`;
  }

  async function load() {
    const { faults: waiting } = await show("faults");
    fill(faults, h("div", { class: "fault-head" }, h("h3", {}, `Waiting (${waiting.length})`), waiting.length > 0 && button("Take them back", { kind: "ghost small", onclick: () => control("faults", "DELETE").catch(complain) })),
      waiting.length ? h("ol", {}, waiting.map((fault) => h("li", { class: "fault" }, badge(fault.kind, "warn"), fault.status && h("span", { class: "mono" }, `${fault.status}${fault.code === undefined ? "" : ` code ${fault.code}`}`), h("span", { class: "cut" }, fault.message ?? ""),
        fault.delay_ms > 0 && h("span", { class: "muted" }, `after ${fault.delay_ms} ms`), h("span", { class: "muted" }, fault.operation ?? "any request"), fault.times > 1 && h("span", { class: "muted num" }, `${fault.times} times`))))
        : h("p", { class: "muted" }, "None. Requests are handled as they should."));
  }

  const refresh = throttle(200, () => load().catch(complain));
  const stop = onUpdates(refresh);
  const timer = setInterval(tick, 1000);
  tick();
  refresh();
  return { update() {}, escape: () => false, unmount() {
    stop();
    refresh.cancel();
    clearInterval(timer);
  } };
}

function faultForm(add) {
  const kind = h("select", { "aria-label": "Kind" }, KINDS.map(([value, text]) => h("option", { value }, text)));
  const status = h("input", { type: "number", min: "100", max: "599", value: "429" });
  const code = h("input", { type: "number", value: "9" });
  const message = h("input", { type: "text", value: "Too many requests" });
  const delay = h("input", { type: "number", min: "0", value: "0" });
  const times = h("input", { type: "number", min: "1", max: "1000", value: "1" });
  const operation = h("input", { type: "text", list: "operations", placeholder: "any", autocomplete: "off" });
  const names = h("datalist", { id: "operations" }, (state.overview?.operations ?? []).map((value) => h("option", { value })));
  const field = (label, input, only) => h("label", { class: "field", dataset: { only: only ?? "" } }, h("span", {}, label), input);
  const element = h("form", { class: "fault-form", onsubmit: (event) => {
    event.preventDefault();
    add(read());
  } },
    field("What", kind), field("Status", status, "error raw"), field("Code", code, "error"), field("Text", message, "error raw"),
    field("Delay, ms", delay), field("Operation", operation), field("Times", times), names, h("button", { type: "submit", class: "button primary" }, "Add the fault"));
  const show = () => {
    for (const label of element.querySelectorAll(".field")) label.hidden = label.dataset.only !== "" && !label.dataset.only.split(" ").includes(kind.value);
  };
  kind.addEventListener("change", show);
  show();

  function read() {
    const fault = { times: Number(times.value) || 1, delay_ms: Number(delay.value) || 0 };
    if (operation.value.trim()) fault.operation = operation.value.trim();
    if (kind.value === "cut") fault.cut = true;
    if (kind.value === "error" || kind.value === "raw") fault.status = Number(status.value);
    if (kind.value === "error") Object.assign(fault, { code: Number(code.value), message: message.value });
    if (kind.value === "raw") fault.body = message.value;
    if (kind.value === "delay" && !fault.delay_ms) fault.delay_ms = 3000;
    return fault;
  }

  return {
    element,
    set(fault) {
      kind.value = fault.kind;
      if (fault.status) status.value = fault.status;
      if (fault.code !== undefined) code.value = fault.code;
      message.value = fault.message ?? fault.body ?? message.value;
      delay.value = fault.delay_ms ?? 0;
      show();
      element.querySelector("button").focus();
    },
  };
}
