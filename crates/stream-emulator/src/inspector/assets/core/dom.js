// Builds elements. Text is never parsed as HTML.

const SVG = "http://www.w3.org/2000/svg";

/** Appends nodes, texts, or lists of them; skips null and false. */
export function append(parent, ...children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    parent.append(child instanceof Node ? child : String(child));
  }
  return parent;
}

/** Creates an element. `on…` are listeners; others but `class`, `dataset` and `style` are attributes. */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name === "dataset") Object.assign(element.dataset, value);
    else if (name === "style") for (const [key, item] of Object.entries(value)) element.style.setProperty(key, item);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  return append(element, ...children);
}

/** Creates an SVG element. */
export function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes ?? {})) element.setAttribute(name, value);
  return append(element, ...children);
}

/** Replaces the children. */
export function fill(parent, ...children) {
  parent.replaceChildren();
  return append(parent, ...children);
}

/** Limits calls to one per interval in milliseconds, and makes one after the last. */
export function throttle(wait, act) {
  let timer = 0;
  let isWanted = false;
  const fire = () => {
    isWanted = false;
    timer = setTimeout(() => {
      timer = 0;
      if (isWanted) fire();
    }, wait);
    act();
  };
  const throttled = () => {
    isWanted = true;
    if (!timer) fire();
  };
  throttled.cancel = () => {
    clearTimeout(timer);
    timer = 0;
    isWanted = false;
  };
  return throttled;
}

/** Calls a function after an interval in milliseconds without calls. */
export function debounce(wait, act) {
  let timer = 0;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(...given), wait);
  };
}
