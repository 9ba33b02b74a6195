// Where the page is: `#/view?name=value`, so that every place can be linked to and gone back to.

let onChange = () => {};

/** The place in the address. */
export function place() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  return { view: path || "requests", params: Object.fromEntries(new URLSearchParams(query)) };
}

/** The address of a place. */
export function href(view, params = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined && value !== null && value !== "") query.set(name, String(value));
  }
  const text = query.toString();
  return `#/${view}${text ? `?${text}` : ""}`;
}

/** Goes to a place. */
export function go(view, params) {
  const target = href(view, params);
  if (location.hash === target) return;
  location.hash = target;
}

/** Changes parameters of the place. What narrows a list makes no step to go back to. */
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

/** Begins to follow the address. */
export function follow(listener) {
  onChange = listener;
  addEventListener("hashchange", listener);
  listener();
}
