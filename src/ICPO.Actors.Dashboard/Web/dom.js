// Builds elements. Text from runs is only ever set as text, never parsed as HTML.

export function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "class") node.className = value;
    else if (key === "value") node.value = value;
    else node.setAttribute(key, value === true ? "" : String(value));
  }
  append(node, children);
  return node;
}

export function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

export function replace(node, ...children) {
  node.replaceChildren();
  append(node, children);
}

/// A table of cells; columns that begin with "#" are numbers.
export function table(caption, columns, rows) {
  return el(
    "div",
    { class: "scroll" },
    el(
      "table",
      {},
      el("caption", {}, caption),
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          columns.map(name => el("th", { scope: "col", class: name.startsWith("#") ? "num" : null }, name.replace(/^#/, ""))),
        ),
      ),
      el(
        "tbody",
        {},
        rows.map(cells =>
          el(
            "tr",
            {},
            cells.map((cell, i) =>
              el(i === 0 ? "th" : "td", { scope: i === 0 ? "row" : null, class: columns[i].startsWith("#") ? "num" : null }, cell),
            ),
          ),
        ),
      ),
    ),
  );
}

const thin = "\u202f";

export function count(value) {
  if (value === null || value === undefined) return "–";
  return String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, thin);
}

/// About three digits, or as many as asked for.
export function number(value, digits = 3) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) return value.toExponential(digits - 1);
  if (size >= 1000 && (digits <= 4 || Number.isInteger(value))) return count(value);
  return String(Number(value.toPrecision(size >= 100 ? digits + 1 : digits)));
}

export function percent(value) {
  return value === null || value === undefined ? "–" : `${(100 * value).toFixed(1)}${thin}%`;
}

export function duration(seconds) {
  if (seconds === null || seconds === undefined) return "–";
  const s = Math.round(seconds);
  if (s < 100) return `${s} s`;
  if (s < 6000) return `${Math.floor(s / 60)} min ${String(s % 60).padStart(2, "0")} s`;
  return `${Math.floor(s / 3600)} h ${String(Math.floor((s % 3600) / 60)).padStart(2, "0")} min`;
}

/// The last parts of a path: what distinguishes runs.
export function shortPath(path) {
  return (
    path
      .split(/[\\/]/)
      .filter(part => part)
      .slice(-1)[0] ?? path
  );
}

export function problem(message) {
  return el("p", { class: "problem", role: "alert" }, message);
}
