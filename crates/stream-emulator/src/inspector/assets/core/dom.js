// Builds elements. Text is only ever text: nothing here, or anywhere, parses HTML.

const SVG = "http://www.w3.org/2000/svg";

/** Appends what is given: nodes, texts, lists of them; nothing for null and false. */
export function append(parent, ...children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    parent.append(child instanceof Node ? child : String(child));
  }
  return parent;
}

/** Makes an element. `on…` are listeners, `class`, `dataset` and `style` what one expects, the rest attributes. */
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

/** Makes an element of SVG. */
export function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes ?? {})) element.setAttribute(name, value);
  return append(element, ...children);
}

/** Puts children in the place of those that are there. */
export function fill(parent, ...children) {
  parent.replaceChildren();
  return append(parent, ...children);
}

/** Calls a function at most once in so many milliseconds, and once after the last call. */
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

/** Calls a function when there was no call for so many milliseconds. */
export function debounce(wait, act) {
  let timer = 0;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(...given), wait);
  };
}
