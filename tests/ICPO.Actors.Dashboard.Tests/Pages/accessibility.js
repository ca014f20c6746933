// Run in the page: what keeps people with a keyboard, a screen reader or low vision from using it, one sentence each.
(() => {
  const problems = [];
  const show = node => node.outerHTML.replace(/\s+/g, " ").slice(0, 160);
  const check = (passes, rule, node) => {
    if (!passes) problems.push(node ? `${rule}: ${show(node)}` : rule);
  };
  const all = selector => [...document.querySelectorAll(selector)];
  const visible = node => node.checkVisibility({ visibilityProperty: true });

  // The page and its landmarks.
  check(document.documentElement.lang, "the page has no language");
  check(document.title.length > 0, "the page has no title");
  check(!/user-scalable\s*=\s*no|maximum-scale/.test(document.querySelector("meta[name=viewport]").content), "the page cannot be enlarged");
  for (const landmark of ["main", "body > header", "nav", "h1"])
    check(all(landmark).length === 1, `there are ${all(landmark).length} ${landmark}`);
  for (const nav of all("nav")) check(nav.getAttribute("aria-label"), "a navigation has no name", nav);
  check(all("nav [aria-current=page]").length === 1, "the current view is not marked");
  for (const node of document.body.querySelectorAll(":scope > *")) {
    check(node.matches("header, main, script, noscript, .skip, [hidden]") || !visible(node), "content is outside of the landmarks", node);
  }

  // Headings.
  let level = 0;
  for (const heading of all("h1, h2, h3, h4, h5, h6").filter(visible)) {
    const next = Number(heading.tagName[1]);
    check(next <= level + 1, `a heading skips from ${level} to ${next}`, heading);
    check(heading.textContent.trim(), "a heading is empty", heading);
    level = next;
  }
  const names = all("h1, h2, h3, caption, legend, figcaption")
    .filter(visible)
    .map(node => node.textContent.trim());
  check(new Set(names).size === names.length, `a heading is repeated: ${names.find((name, i) => names.indexOf(name) < i)}`);

  // Ids and references.
  const ids = all("[id]").map(node => node.id);
  check(new Set(ids).size === ids.length, "an id is used twice");
  for (const attribute of ["aria-labelledby", "aria-describedby", "aria-controls", "for"]) {
    for (const node of all(`[${attribute}]`)) {
      for (const id of node.getAttribute(attribute).split(/\s+/))
        check(document.getElementById(id), `${attribute} refers to nothing`, node);
    }
  }

  // Tables and charts.
  for (const table of all("table")) {
    check(table.caption?.textContent.trim(), "a table has no caption", table);
    check(
      [...table.querySelectorAll("th")].every(cell => cell.scope),
      "a header cell has no scope",
      table,
    );
    check(
      [...table.querySelectorAll("thead th")].every(cell => cell.textContent.trim()),
      "a column has no name",
      table,
    );
  }
  for (const canvas of all("canvas")) {
    check(
      canvas.getAttribute("role") === "img" && canvas.getAttribute("aria-label") && canvas.tabIndex === 0,
      "a chart cannot be read",
      canvas,
    );
    check(canvas.closest("figure")?.querySelector("[aria-live]"), "the values of a chart are not announced", canvas);
  }
  for (const node of all("[tabindex]")) check(node.tabIndex <= 0, "the order of the keyboard differs from that of the page", node);

  // Contrast, as WCAG 2.2 defines it.
  const parse = color => {
    const [r, g, b, a = 1] = color.match(/[\d.]+/g).map(Number);
    return { r, g, b, a };
  };
  const over = (top, below) => {
    const mix = (x, y) => x * top.a + y * (1 - top.a);
    return { r: mix(top.r, below.r), g: mix(top.g, below.g), b: mix(top.b, below.b), a: 1 };
  };
  const luminance = ({ r, g, b }) => {
    const [x, y, z] = [r, g, b]
      .map(value => value / 255)
      .map(value => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const contrast = (one, other) => {
    const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  const background = node => {
    if (node === null) return { r: 255, g: 255, b: 255, a: 1 };
    const own = parse(getComputedStyle(node).backgroundColor);
    return own.a === 1 ? own : over(own, background(node.parentElement));
  };
  const opacity = node => (node === null ? 1 : Number(getComputedStyle(node).opacity) * opacity(node.parentElement));
  const readable = (node, what) => {
    const style = getComputedStyle(node);
    const behind = background(node);
    const color = parse(style.color);
    const ratio = contrast(over({ ...color, a: color.a * opacity(node) }, behind), behind);
    const isLarge = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && Number(style.fontWeight) >= 700);
    check(ratio >= (isLarge ? 3 : 4.5), `${what} has a contrast of ${ratio.toFixed(2)}`, node);
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const seen = new Set();
  while (texts.nextNode()) {
    const parent = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || seen.has(parent) || !visible(parent) || parent.closest(":disabled, [aria-hidden=true], option"))
      continue;
    seen.add(parent);
    readable(parent, "a text");
  }
  for (const control of all("input:not(:disabled), select:not(:disabled)").filter(visible)) readable(control, "a control");
  const probe = document.body.appendChild(document.createElement("span"));
  const resolve = name => {
    probe.style.color = `var(${name})`;
    return parse(getComputedStyle(probe).color);
  };
  for (let i = 0; i < 8; i++) {
    const ratio = contrast(resolve(`--c${i}`), resolve("--card"));
    check(ratio >= 3, `line ${i} of charts has a contrast of ${ratio.toFixed(2)}`);
  }
  const ring = contrast(resolve("--accent"), resolve("--card"));
  check(ring >= 3, `the mark of the focus has a contrast of ${ring.toFixed(2)}`);
  probe.remove();
  return problems;
})();
