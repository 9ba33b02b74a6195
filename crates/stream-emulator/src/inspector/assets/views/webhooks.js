// Webhook deliveries, with their signatures and responses.

import { fill, h } from "../core/dom.js";
import { act, show } from "../core/api.js";
import { bytes, milliseconds, timeOfDay, fullTime } from "../core/format.js";
import { adjust } from "../core/router.js";
import { jsonView } from "../parts/json-view.js";
import { listView } from "../parts/list-view.js";
import { complain, copy, toast } from "../parts/toast.js";
import { badge, button, code, empty, facts, section, segments, statusBadge } from "../parts/widgets.js";

const states = [["", "All"], ["delivered", "Delivered"], ["waiting", "Waiting"], ["failed", "Failed"]];
const kinds = { delivered: "good", failed: "bad", waiting: "info" };

const stateBadge = (delivery) => badge(delivery.state, kinds[delivery.state]);

export function webhooks(root, params) {
  let again = null;
  const view = listView(root, params, {
    title: "Webhooks",
    filterLabel: "Filter by event, URL, body",
    load: ({ q, state }, part) => show("deliveries", { q, state, ...part }),
    key: (delivery) => delivery.id,
    rowHeight: 52,
    changedBy: () => true,
    row: (delivery) => h("div", { class: "row delivery-row" },
      h("span", { class: "delivery-main" }, h("strong", { class: "mono cut" }, delivery.event), h("span", { class: "muted cut" }, delivery.url)),
      h("span", { class: "num muted" }, timeOfDay(delivery.at)),
      h("span", { class: "num muted attempts" }, delivery.attempts > 1 ? `${delivery.attempts} attempts` : ""),
      delivery.status ? statusBadge(delivery.status) : stateBadge(delivery)),
    tools: ({ state = "" }) => [
      segments("State", states, state, (value) => adjust({ state: value })),
      button("Clear", { icon: "trash", kind: "ghost", onclick: () => act("deliveries", {}, "DELETE").then(() => adjust({ id: undefined })).catch(complain) }),
    ],
    none: ({ q, state }) => q || state
      ? empty("webhooks", "No delivery matches", "Try another word, or all states.")
      : empty("webhooks", "No webhook has gone out",
        h("p", {}, "Set ", code("webhook_url"), " or ", code("event_hooks"), " of the app to a server on this machine; each event that it gets shows here, signed.")),
    async detail(id, { head, body }) {
      const draw = async () => {
        const delivery = await show("delivery", { id });
        fill(head, h("h2", { class: "mono cut" }, delivery.event), stateBadge(delivery));
        again = (asNew) => act("deliver-again", { id, as_new: asNew })
          .then((response) => (asNew ? adjust({ id: response.id }, { isStep: true }) : toast("Delivery queued again")))
          .catch(complain);
        const focused = body.contains(document.activeElement) ? document.activeElement.dataset.action : null;
        const { scrollTop } = body;
        fill(body,
          h("div", { class: "actions" },
            h("button", { type: "button", class: "button primary", dataset: { action: "again" }, "aria-keyshortcuts": "r", onclick: () => again(false) }, "Deliver again", h("kbd", {}, "r")),
            h("button", { type: "button", class: "button", dataset: { action: "as-new" }, title: "Under a new X-Webhook-Id, so that a receiver that skips what it knows handles it", onclick: () => again(true) }, "Deliver under a new id")),
          facts([["To", delivery.url], ["At", fullTime(delivery.at)], ["Size", `${bytes(delivery.size)}${delivery.compressed ? ", sent compressed" : ""}`]]),
          section("Signed", h("table", { class: "pairs" }, h("tbody", {},
            [["x-webhook-id", delivery.id], ["x-signature", delivery.signature], ["x-webhook-attempt", String(delivery.attempts)]].map(([name, value]) =>
              h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, h("span", { class: "mono" }, value), name !== "x-webhook-attempt" && button("", { icon: "copy", kind: "ghost small", title: `Copy ${name}`, onclick: () => copy(value) }))))))),
          section("Attempts", delivery.log.length
            ? h("ol", { class: "attempt-list" }, delivery.log.map((attempt) => h("li", { class: "attempt" },
              h("span", { class: "num" }, `#${attempt.number}`), attempt.status ? statusBadge(attempt.status) : badge("no response", "bad"),
              h("span", { class: "num muted" }, timeOfDay(attempt.at)), h("span", { class: "num muted" }, milliseconds(attempt.duration_ms)),
              attempt.error && h("p", { class: "problem" }, attempt.error),
              attempt.form === "json" && jsonView(attempt.response, { label: "response" }),
              attempt.form === "text" && h("pre", { class: "text-body" }, attempt.response))))
            : h("p", { class: "muted" }, "None yet.")),
          section("Body", jsonView(delivery.body, { label: "body" })));
        body.scrollTop = scrollTop;
        if (focused) body.querySelector(`[data-action="${focused}"]`)?.focus();
        return delivery;
      };
      let last = JSON.stringify(await draw());
      return {
        async refresh() {
          try {
            const next = JSON.stringify(await show("delivery", { id }));
            if (next !== last) last = JSON.stringify(await draw());
          } catch {
            // It is no longer recorded; its details remain.
          }
        },
        update() {},
        close: () => (again = null),
      };
    },
  });
  return { ...view, keys: { r: () => again?.(false) } };
}
