// Live connections and their events.

import { fill, h } from "../core/dom.js";
import { show } from "../core/api.js";
import { clientName, count, fullTime, plural, timeOfDay } from "../core/format.js";
import { adjust, href } from "../core/router.js";
import { avatar } from "../parts/avatar.js";
import { jsonView } from "../parts/json-view.js";
import { listView } from "../parts/list-view.js";
import { badge, code, empty, facts, section, segments } from "../parts/widgets.js";

const parts = [["", "Connections"], ["events", "Events"]];
const tools = ({ part = "" }) => segments("What to show", parts, part, (value) => adjust({ part: value, id: undefined, number: undefined, q: undefined }));

export function connections(root, params) {
  const make = (given) => (given.part === "events" ? events(root, given) : open(root, given));
  let part = params.part;
  let view = make(params);
  return {
    update(next) {
      if (next.part === part) return view.update(next);
      view.unmount();
      part = next.part;
      view = make(next);
    },
    escape: () => view.escape(),
    unmount: () => view.unmount(),
    get list() { return view.list; },
  };
}

function open(root, params) {
  return listView(root, params, {
    title: "Connections",
    filterLabel: "Filter by user, client, channel",
    load: ({ q }, part) => show("connections", { q, ...part }),
    key: (connection) => connection.id,
    tools,
    row: (connection) => h("div", { class: "row user-row" },
      avatar({ id: connection.user_id, name: connection.user_name }, { size: 34, isOnline: true }),
      h("span", { class: "two-lines" }, h("strong", { class: "cut" }, connection.user_name || connection.user_id),
        h("span", { class: "line muted" }, h("span", { class: "cut" }, `${connection.transport} · ${clientName(connection.client)}`))),
      h("span", { class: "num muted" }, plural(connection.watching.length, "channel")),
      h("span", { class: "num muted wide-only" }, plural(connection.events_sent, "event"))),
    none: ({ q }) => q
      ? empty("connections", "No connection matches", "Try a user, a client or a channel.")
      : empty("connections", "Nobody is connected", h("p", {}, "Front ends connect with ", code("connectUser"), "; what they watch and what they get shows here.")),
    async detail(id, { head, body }) {
      let last;
      const draw = async () => {
        const { items } = await show("connections", { q: id });
        const connection = items.find((item) => item.id === id);
        if (!connection) {
          fill(head, h("h2", {}, "Connection"), badge("closed", "warn"));
          if (!last) fill(body, h("p", { class: "notice" }, "The connection is closed."));
          return;
        }
        const next = JSON.stringify(connection);
        if (next === last) return;
        last = next;
        fill(head, avatar({ id: connection.user_id, name: connection.user_name }, { size: 34, isOnline: true }), h("h2", { class: "cut" }, connection.user_name || connection.user_id), badge("open", "good"));
        fill(body,
          facts([["Connection", connection.id], ["User", h("a", { href: href("users", { id: connection.user_id }) }, connection.user_id)], ["Over", connection.transport], ["Client", connection.client],
            ["Since", fullTime(connection.connected_at)], ["Events sent", count(connection.events_sent)], ["Presence of", connection.presence > 0 && plural(connection.presence, "user")]]),
          section(`Watches (${connection.watching.length})`, connection.watching.length
            ? h("ul", { class: "links" }, connection.watching.map((cid) => h("li", {}, h("a", { href: href("channels", { cid }) }, h("span", { class: "mono cut" }, cid)))))
            : h("p", { class: "muted" }, "No channel.")));
      };
      await draw();
      return { refresh: () => draw().catch(() => {}), update() {} };
    },
  });
}

function events(root, params) {
  return listView(root, params, {
    title: "Events",
    filterLabel: "Filter by type, channel",
    load: ({ q }, part) => show("events", { q, ...part }),
    key: (event) => String(event.number),
    openName: "number",
    rowHeight: 40,
    tools,
    changedBy: (updates) => updates.events,
    row: (event) => h("div", { class: "row event-row" }, h("span", { class: "num muted" }, timeOfDay(event.at)), h("strong", { class: "mono cut" }, event.type), h("span", { class: "muted mono cut" }, event.cid ?? ""),
      h("span", { class: "num muted" }, plural(event.receivers, "connection"))),
    none: ({ q }) => q ? empty("bolt", "No event matches", "Try a type, such as message.new.") : empty("bolt", "No event has gone out", "What connected users are told shows here, as one of them got it."),
    async detail(number, { head, body }) {
      const event = await show("event", { number });
      fill(head, h("h2", { class: "mono cut" }, event.type), badge(plural(event.receivers, "connection")));
      fill(body, facts([["At", fullTime(event.at)], ["Channel", event.cid && h("a", { href: href("channels", { cid: event.cid }) }, event.cid)]]), section("As one of them got it", jsonView(event.body, { label: "event" })));
      return { update() {} };
    },
  });
}
