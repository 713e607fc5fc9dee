// What a page looks like, as far as it can be told without eyes. Each function runs inside the page, and looks into shadow roots too.

/** What moves, or would when it changes: by which property, and for how long. */
export function moving() {
  const found = [];
  const look = (root) => {
    for (const element of root.querySelectorAll("*")) {
      for (const pseudo of [null, "::before", "::after"]) {
        const style = getComputedStyle(element, pseudo);
        for (const property of ["transitionDuration", "animationDuration"]) {
          if (style[property].split(",").some((time) => parseFloat(time) > 0)) found.push(`${element.localName}.${element.className}${pseudo ?? ""} ${property} ${style[property]}`);
        }
        if (style.scrollBehavior === "smooth") found.push(`${element.localName} scrolls smoothly`);
      }
      if (element.shadowRoot) look(element.shadowRoot);
    }
  };
  look(document);
  return found;
}

/** What cannot be told apart: texts too faint on what is behind them (WCAG 1.4.3), and fields without an edge (1.4.11); if wanted, buttons without one too. */
export function unseen(edged = "input:not(.chooser), select, textarea") {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const rgba = (colour) => {
    if (known.has(colour)) return known.get(colour);
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    known.set(colour, [...canvas.getImageData(0, 0, 1, 1).data]);
    return known.get(colour);
  };
  const light = ([red, green, blue]) => [red, green, blue].map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4)).reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const contrast = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const above = (element) => element.assignedSlot ?? element.parentElement ?? element.getRootNode().host;
  const ground = (element) => {
    for (let at = element; at; at = above(at)) {
      const colour = rgba(getComputedStyle(at).backgroundColor);
      if (colour[3] > 250) return colour;
    }
    return rgba("Canvas");
  };
  const found = [];
  const look = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) look(element.shadowRoot);
      const { width, height } = element.getBoundingClientRect();
      const style = getComputedStyle(element);
      if (width < 2 || height < 2 || !element.checkVisibility({ visibilityProperty: true }) || element.closest("[inert], :disabled") !== null) continue;
      const called = `${element.localName}.${element.className?.baseVal ?? element.className} "${element.textContent.trim().slice(0, 30)}"`;
      const isText = [...element.childNodes].some(({ nodeType, data }) => nodeType === 3 && data.trim() !== "") && element.closest("svg") === null;
      const told = contrast(rgba(style.color), ground(element));
      if (isText && told < 4.5) found.push(`${called}: ${style.color} at ${told.toFixed(2)}`);
      if (!element.matches(edged)) continue;
      const edge = contrast(rgba(style.borderTopColor), ground(above(element)));
      if (parseFloat(style.borderTopWidth) < 1 || style.borderTopStyle === "none" || edge < 3) found.push(`${called}: an edge of ${style.borderTopWidth} at ${edge.toFixed(2)}`);
    }
  };
  look(document);
  return found;
}

/** Whatever stands on something else of the same page: what is pressed, typed in, or read as a heading. */
export function overlapping() {
  const things = [];
  const look = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) look(element.shadowRoot);
      if (!element.matches("button, a[href], input:not(.chooser), select, textarea, summary, h1, h2, h3, p, dt, dd, td, th, label, pre")) continue;
      // What is away is for readers of screens alone.
      if (!element.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true }) || element.closest(".away, .skip, .unseen, .working .hero") !== null) continue;
      things.push({ element, rects: [...element.getClientRects()].filter(({ width, height }) => width > 1 && height > 1) });
    }
  };
  look(document);
  const holds = (one, other) => {
    for (let at = other; at; at = at.parentElement ?? at.getRootNode().host) if (at === one) return true;
    return false;
  };
  const called = ({ localName, textContent }) => `${localName} "${textContent.trim().slice(0, 40)}"`;
  const found = [];
  for (const [at, one] of things.entries()) {
    for (const other of things.slice(at + 1)) {
      const crosses = one.rects.some((a) => other.rects.some((b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2));
      if (crosses && !holds(one.element, other.element) && !holds(other.element, one.element)) found.push(`${called(one.element)} and ${called(other.element)}`);
    }
  }
  return found;
}

/** Where these stand from side to side, and in which order from top to bottom: as far as that does not depend on fonts. */
export function layout(selectors) {
  const boxes = selectors.map((selector) => {
    const elements = [...document.querySelectorAll(selector)].filter((element) => element.getClientRects().length > 0);
    const { left, right, top } = elements[0]?.getBoundingClientRect() ?? {};
    return { selector, count: elements.length, left: Math.round(left), right: Math.round(right), top };
  });
  return {
    order: boxes.filter(({ count }) => count > 0).sort((one, other) => one.top - other.top || one.left - other.left).map(({ selector }) => selector),
    boxes: Object.fromEntries(boxes.map(({ selector, count, left, right }) => [selector, [count, left, right]])),
  };
}
