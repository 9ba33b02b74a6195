// Tasks.

import { fill, h } from "../core/dom.js";
import { show } from "../core/api.js";
import { fullTime, timeOfDay } from "../core/format.js";
import { jsonView } from "../parts/json-view.js";
import { listView } from "../parts/list-view.js";
import { badge, code, empty, facts, section } from "../parts/widgets.js";

const stateBadge = (task) => badge(task.status, task.status === "completed" ? "good" : "info");

export function tasks(root, params) {
  return listView(root, params, {
    title: "Tasks",
    filterLabel: "Filter by id",
    load: ({ q }, part) => show("tasks", { q, ...part }),
    key: (task) => task.id,
    rowHeight: 44,
    changedBy: (updates, hasChanged) => hasChanged,
    row: (task) => h("div", { class: "row task-row" }, h("span", { class: "mono cut" }, task.id), h("span", { class: "muted cut" }, Object.keys(task.result).join(", ")), h("span", { class: "num muted" }, timeOfDay(task.created_at)), stateBadge(task)),
    none: ({ q }) => q ? empty("tasks", "No task matches", "Try a part of the id.") : empty("tasks", "There are no tasks", h("p", {}, "Operations such as ", code("DeleteUsers"), " and ", code("ExportChannels"), " make one; their work is done at once.")),
    async detail(id, { head, body }) {
      let last;
      const draw = async () => {
        const { items } = await show("tasks", { q: id });
        const task = items.find((item) => item.id === id);
        if (!task) throw new Error("The task is not kept any more.");
        const next = JSON.stringify(task);
        if (next === last) return;
        last = next;
        fill(head, h("h2", { class: "mono cut" }, task.id), stateBadge(task));
        fill(body, facts([["Created", fullTime(task.created_at)], ["Updated", fullTime(task.updated_at)], ["Shows as running for", task.pending_polls > 0 && `${task.pending_polls} more polls`]]), section("Result", jsonView(task.result, { label: "result" })));
      };
      await draw();
      return { refresh: () => draw().catch(() => {}), update() {} };
    },
  });
}
