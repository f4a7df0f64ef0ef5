/* What is wrong with the page as it is drawn now: sideways scroll, things over things, small targets. Returns sentences. */
() => {
  const flaws = [];
  const NEAR = 3; // px by which boxes may touch: glyphs are taller than their lines
  const name = (element) => {
    const own = element.id ? `#${element.id}` : `.${[...element.classList].join(".")}`;
    return `${element.tagName.toLowerCase()}${own.length > 1 ? own : ""} "${element.textContent.trim().slice(0, 30)}"`;
  };
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) flaws.push(`scrolls sideways, ${root.scrollWidth} in ${root.clientWidth}`);

  const isUnseen = (element) => element.matches(".skip") || getComputedStyle(element).clipPath === "inset(50%)";
  const isDrawn = (element) => {
    if (!element.checkVisibility({ visibilityProperty: true })) return false;
    for (let up = element; up; up = up.parentElement) if (isUnseen(up)) return false;
    return true;
  };
  // What floats above the page: bars that stay, menus that are open. It covers the page by right, but not itself.
  const layer = (element) => {
    for (let up = element; up; up = up.parentElement) {
      const { position, zIndex } = getComputedStyle(up);
      if (position === "fixed" || position === "sticky" || (position === "absolute" && zIndex !== "auto")) return up;
    }
    return null;
  };
  const clipped = (element, box) => {
    let { left, top, right, bottom } = box;
    for (let up = element; up; up = up.parentElement) {
      const style = getComputedStyle(up);
      if (style.overflowX === "visible" && style.overflowY === "visible") continue;
      const edge = up.getBoundingClientRect();
      [left, top] = [Math.max(left, edge.left), Math.max(top, edge.top)];
      [right, bottom] = [Math.min(right, edge.right), Math.min(bottom, edge.bottom)];
    }
    return { left, top, right, bottom };
  };

  const boxes = [];
  const add = (element, rect) => {
    const box = clipped(element, rect);
    if (box.right - box.left > 1 && box.bottom - box.top > 1) boxes.push({ element, layer: layer(element), ...box });
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { parentElement: element } = texts.currentNode;
    if (!texts.currentNode.data.trim() || !isDrawn(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    for (const rect of range.getClientRects()) add(element, rect);
  }
  for (const element of document.querySelectorAll("svg, progress, input, select")) {
    if (isDrawn(element)) add(element, element.getBoundingClientRect());
  }
  boxes.sort((a, b) => a.top - b.top);
  for (const [number, a] of boxes.entries()) {
    for (const b of boxes.slice(number + 1)) {
      if (b.top >= a.bottom - NEAR) break;
      if (a.element === b.element || a.layer !== b.layer) continue;
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - b.top;
      if (across > 1 && down > NEAR) flaws.push(`${name(a.element)} lies over ${name(b.element)}`);
    }
  }

  for (const target of document.querySelectorAll("a[href], button, summary, input:not([type=hidden]), select")) {
    if (!isDrawn(target) || target.closest("p > a")) continue;
    const { width, height } = (target.closest("label") ?? target).getBoundingClientRect(); // a label is a target too
    if (width < 23.9 || height < 23.9) flaws.push(`${name(target)} is ${width.toFixed(1)} x ${height.toFixed(1)} px small`);
  }
  return [...new Set(flaws)].slice(0, 12);
}
