// The route of the page, `#/view?name=value`, so that every place has a link and a history entry.

let onChange = () => {};

/** Returns the current route. */
export function place() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  return { view: path || "requests", params: Object.fromEntries(new URLSearchParams(query)) };
}

/** Returns the link to a route. */
export function href(view, params = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined && value !== null && value !== "") query.set(name, String(value));
  }
  const text = query.toString();
  return `#/${view}${text ? `?${text}` : ""}`;
}

/** Navigates to a route. */
export function go(view, params) {
  const target = href(view, params);
  if (location.hash === target) return;
  location.hash = target;
}

/** Changes parameters of the route. A filter of a list adds no history entry. */
export function adjust(changes, { isStep = false } = {}) {
  const { view, params } = place();
  const target = href(view, { ...params, ...changes });
  if (location.hash === target) return;
  if (isStep) {
    location.hash = target;
    return;
  }
  history.replaceState(null, "", target);
  onChange();
}

/** Starts to follow the location. */
export function follow(listener) {
  onChange = listener;
  addEventListener("hashchange", listener);
  listener();
}
