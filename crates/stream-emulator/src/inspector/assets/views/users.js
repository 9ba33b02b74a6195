// Users.

import { fill, h } from "../core/dom.js";
import { show } from "../core/api.js";
import { fullTime, plural, when } from "../core/format.js";
import { go, href } from "../core/router.js";
import { avatar } from "../parts/avatar.js";
import { jsonView } from "../parts/json-view.js";
import { listView } from "../parts/list-view.js";
import { badge, button, code, empty, facts, section } from "../parts/widgets.js";

const marks = (user) => [
  user.role !== "user" && badge(user.role, "info"),
  user.banned && badge("banned", "bad"),
  user.shadow_banned && badge("shadow banned", "warn"),
  user.deactivated_at && badge("deactivated", "warn"),
  user.deleted_at && badge("deleted", "bad"),
  user.teams?.map((team) => badge(team)),
];

export function users(root, params) {
  return listView(root, params, {
    title: "Users",
    filterLabel: "Filter by id, name, role",
    load: ({ q }, part) => show("users", { q, ...part }),
    key: (user) => user.id,
    changedBy: (updates, hasChanged) => hasChanged,
    row: (user) => h("div", { class: "row user-row" },
      avatar(user, { size: 34, isOnline: user.online }),
      h("span", { class: "two-lines" }, h("span", { class: "line" }, h("strong", { class: "cut" }, user.name || user.id), marks(user)),
        h("span", { class: "line muted" }, h("span", { class: "mono cut" }, user.id), user.online && h("span", { class: "online" }, "online"))),
      h("span", { class: "num muted" }, plural(user.channel_count, "channel")),
      h("span", { class: "num muted wide-only", title: "Last active, or created" }, when(user.last_active ?? user.created_at))),
    none: ({ q }) => q
      ? empty("users", "No user matches", "Try a part of the id, the name or the role.")
      : empty("users", "There are no users yet", h("p", {}, "A backend creates them with ", code("upsert_users"), "; ", code("--seed FILE"), " begins with some.")),
    async detail(id, { head, body }) {
      let last;
      const draw = async () => {
        const { user, channels } = await show("user", { id });
        const next = JSON.stringify([user, channels]);
        if (next === last) return;
        last = next;
        const canLogIn = !user.deactivated_at && !user.deleted_at;
        const { scrollTop } = body;
        fill(head, avatar(user, { size: 34, isOnline: user.online }), h("span", { class: "two-lines" }, h("h2", { class: "cut" }, user.name || user.id), h("span", { class: "mono muted cut" }, user.id)));
        fill(body,
          h("div", { class: "actions" },
            canLogIn && button(`Log in as ${user.name || user.id}`, { icon: "session", kind: "primary", onclick: () => go("session", { user: user.id }) }),
            button("Channels of this user", { icon: "channels", onclick: () => go("channels", { user: user.id }) }), marks(user)),
          facts([
            ["Role", user.role], ["Language", user.language], ["Online", user.online ? "yes" : "no"], ["Unread", user.total_unread_count],
            ["Created", fullTime(user.created_at)], ["Last active", user.last_active && fullTime(user.last_active)],
            ["Ban ends", user.ban_expires && fullTime(user.ban_expires)], ["Blocks", user.blocked_user_ids?.join(", ")],
          ]),
          section(`Channels (${channels.length})`, channels.length
            ? h("ul", { class: "links" }, channels.map((channel) => h("li", {}, h("a", { href: href("channels", { cid: channel.cid }) }, h("span", { class: "cut" }, channel.name || channel.cid), h("span", { class: "muted mono cut" }, channel.cid)),
              channel.role !== "channel_member" && badge(channel.role, "info"), channel.hidden && badge("hidden"), channel.unread > 0 && h("span", { class: "unread" }, String(channel.unread)))))
            : h("p", { class: "muted" }, "None.")),
          Object.keys(user.custom ?? {}).length > 0 && section("Custom data", jsonView(user.custom, { label: "custom data" })),
          section("As the API shows it", jsonView(user, { label: "user" })));
        body.scrollTop = scrollTop;
      };
      await draw();
      return { refresh: () => draw().catch(() => {}), update() {} };
    },
  });
}
