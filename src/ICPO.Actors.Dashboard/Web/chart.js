// Line charts on a canvas: bands for ranges, a cursor by mouse or arrow keys, values as text for screen readers.

import { el, number, percent } from "./dom.js";

const palette = ["--c0", "--c1", "--c2", "--c3", "--c4", "--c5", "--c6", "--c7"];
export const colors = palette.length;

const resolved = new Map();
const probe = el("span", { hidden: true });

/// The color of a custom property as a canvas reads it: light-dark() is only resolved in a property that has a color.
function style(name) {
  if (!resolved.has(name)) {
    if (!probe.isConnected) document.body.append(probe);
    probe.style.color = `var(${name})`;
    resolved.set(name, getComputedStyle(probe).color);
  }
  return resolved.get(name);
}

/// Draws all charts again, after a change of colors.
export function redraw() {
  resolved.clear();
  for (const canvas of document.querySelectorAll("canvas")) canvas.chart?.draw();
}

const resized = new ResizeObserver(entries => {
  for (const entry of entries) entry.target.chart?.draw();
});

/// Round values between two bounds, about as many as wanted; whole numbers only, if that is asked for.
export function ticks(low, high, target, whole = false) {
  const raw = (high - low) / Math.max(1, target);
  if (!(raw > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = Math.max(
    whole ? 1 : 0,
    [1, 2, 5, 10].map(m => m * power).find(s => s >= raw),
  );
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.min(100, Math.floor(high / step + 1e-9) - first + 1);
  return Array.from({ length: Math.max(0, count) }, (_, i) => (first + i) * step);
}

/// Exponentially weighted means, unbiased at the beginning.
export function smooth(values, factor) {
  if (factor <= 0) return values;
  let [sum, weight] = [0, 0];
  return values.map(value => {
    if (value === null) return null;
    sum = factor * sum + (1 - factor) * value;
    weight = factor * weight + (1 - factor);
    return sum / weight;
  });
}

export class Chart {
  /// options: title, xLabel, percent, zero (the Y axis includes 0), stacked (areas on top of each other)
  constructor(options) {
    this.options = options;
    this.series = [];
    this.cursor = null;
    this.canvas = el("canvas", { tabindex: "0", role: "img", "aria-label": `${options.title}: no values` });
    this.canvas.chart = this;
    this.readout = el("output", { class: "readout", "aria-live": "polite" });
    this.node = el(
      "figure",
      { class: "chart" },
      el("figcaption", {}, options.title, options.note ? el("small", {}, options.note) : null),
      el("div", { class: "plot" }, this.canvas),
      this.readout,
    );
    this.canvas.addEventListener("pointermove", event => this.point(event.offsetX));
    this.canvas.addEventListener("pointerleave", () => this.point(null));
    this.canvas.addEventListener("keydown", event => this.key(event));
    resized.observe(this.canvas);
  }

  /// series: [{ name, color, x, y, min, max }], ascending x
  set(series, smoothing = 0) {
    this.series = series.filter(one => one.x.length > 0).map(one => ({ ...one, line: smooth(one.y, smoothing), smoothed: smoothing > 0 }));
    if (this.options.stacked) stack(this.series);
    this.canvas.setAttribute("aria-label", this.summary());
    this.draw();
  }

  summary() {
    if (this.series.length === 0) return `${this.options.title}: no values`;
    const parts = this.series.map(one => {
      const values = one.y.filter(value => value !== null);
      return `${one.name} from ${this.text(values[0])} to ${this.text(values.at(-1))}`;
    });
    return `${this.options.title}: ${parts.join("; ")}. Arrow keys read values.`;
  }

  text(value) {
    return this.options.percent ? percent(value) : number(value);
  }

  tick(value, digits) {
    return this.options.percent ? `${number(100 * value, digits)} %` : number(value, digits);
  }

  /// The labels of the Y axis: as few digits as make all of them different.
  labels(values) {
    let labels = [];
    for (let digits = 3; digits <= 8 && new Set(labels).size < values.length; digits++) {
      labels = values.map(value => this.tick(Number(value.toPrecision(12)), digits));
    }
    return labels;
  }

  bounds() {
    let [x0, x1, y0, y1] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const one of this.series) {
      x0 = Math.min(x0, one.x[0]);
      x1 = Math.max(x1, one.x.at(-1));
      const low = one.smoothed || this.options.stacked ? one.line : (one.min ?? one.y);
      const high = one.smoothed || this.options.stacked ? one.line : (one.max ?? one.y);
      for (const value of low) if (value !== null && value < y0) y0 = value;
      for (const value of high) if (value !== null && value > y1) y1 = value;
    }
    if (this.options.zero || this.options.stacked || (y0 >= 0 && y0 < 0.5 * y1)) y0 = Math.min(0, y0);
    if (this.options.percent && y1 > 0.5 && y1 <= 1) y1 = 1;
    // Means of equal values differ in their last bits.
    if (y1 - y0 <= 1e-9 * Math.max(Math.abs(y0), Math.abs(y1))) [y0, y1] = [y0 - Math.abs(y0 || 1) / 2, y1 + Math.abs(y1 || 1) / 2];
    if (x0 === x1) [x0, x1] = [x0 - 1, x1 + 1];
    return { x0, x1, y0, y1 };
  }

  draw() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (width === 0 || height === 0) return;
    const scale = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(width * scale);
    this.canvas.height = Math.round(height * scale);
    const context = this.canvas.getContext("2d");
    context.scale(scale, scale);
    context.font = "12px system-ui, sans-serif";
    if (this.series.length === 0) {
      context.fillStyle = style("--quiet");
      context.textAlign = "center";
      context.fillText("no values", width / 2, height / 2);
      return;
    }
    const b = this.bounds();
    const yTicks = ticks(b.y0, b.y1, height / 40);
    const yLabels = this.labels(yTicks);
    const left = 10 + Math.max(...yLabels.map(label => context.measureText(label).width));
    const frame = { left, right: width - 8, top: 8, bottom: height - 20 };
    this.frame = { ...frame, ...b };
    this.axes(context, yTicks, yLabels, width);
    for (const one of this.series.toReversed()) this.line(context, one);
    this.marks(context);
  }

  x(value) {
    const f = this.frame;
    return f.left + ((value - f.x0) / (f.x1 - f.x0)) * (f.right - f.left);
  }

  y(value) {
    const f = this.frame;
    return f.bottom - ((value - f.y0) / (f.y1 - f.y0)) * (f.bottom - f.top);
  }

  axes(context, yTicks, yLabels, width) {
    const f = this.frame;
    context.strokeStyle = style("--grid");
    context.fillStyle = style("--quiet");
    context.lineWidth = 1;
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const [i, tick] of yTicks.entries()) {
      const y = Math.round(this.y(tick)) + 0.5;
      context.beginPath();
      context.moveTo(f.left, y);
      context.lineTo(f.right, y);
      context.stroke();
      context.fillText(yLabels[i], f.left - 5, y);
    }
    context.textAlign = "center";
    context.textBaseline = "alphabetic";
    const label = this.options.xLabel ?? "update";
    for (const tick of ticks(f.x0, f.x1, width / 90, true)) {
      const x = this.x(tick);
      if (x < f.right - context.measureText(label).width - 16) context.fillText(number(tick), x, f.bottom + 15);
    }
    context.textAlign = "right";
    context.fillText(label, f.right, f.bottom + 15);
  }

  line(context, one) {
    const color = style(palette[one.color % colors]);
    if (this.options.stacked) this.area(context, one.x, one.line, one.base, color, 0.55);
    else if (one.min && one.max) this.area(context, one.x, one.max, one.min, color, one.smoothed ? 0.12 : 0.22);
    context.strokeStyle = color;
    context.lineWidth = 1.6;
    context.lineJoin = "round";
    context.setLineDash(one.dash ?? []);
    context.beginPath();
    let open = false;
    for (let i = 0; i < one.x.length; i++) {
      if (one.line[i] === null) {
        open = false;
      } else {
        const [x, y] = [this.x(one.x[i]), this.y(one.line[i])];
        if (open) context.lineTo(x, y);
        else context.moveTo(x, y);
        open = true;
      }
    }
    context.stroke();
    context.setLineDash([]);
    if (one.x.length <= 40) {
      context.fillStyle = color;
      for (let i = 0; i < one.x.length; i++) {
        if (one.line[i] === null) continue;
        context.beginPath();
        context.arc(this.x(one.x[i]), this.y(one.line[i]), 2.5, 0, 7);
        context.fill();
      }
    }
  }

  area(context, x, top, base, color, alpha) {
    const clip = value => Math.min(this.frame.bottom, Math.max(this.frame.top, this.y(value)));
    context.globalAlpha = alpha;
    context.fillStyle = color;
    context.beginPath();
    for (let i = 0; i < x.length; i++) context.lineTo(this.x(x[i]), clip(top[i]));
    for (let i = x.length - 1; i >= 0; i--) context.lineTo(this.x(x[i]), clip(base[i]));
    context.fill();
    context.globalAlpha = 1;
  }

  marks(context) {
    if (this.cursor === null) return;
    const x = this.x(this.cursor);
    context.strokeStyle = style("--quiet");
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(x, this.frame.top);
    context.lineTo(x, this.frame.bottom);
    context.stroke();
  }

  point(offset) {
    if (this.series.length === 0 || !this.frame) return;
    const f = this.frame;
    this.move(offset === null ? null : f.x0 + ((offset - f.left) / (f.right - f.left)) * (f.x1 - f.x0));
  }

  key(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === "Escape") this.move(null);
    if (step === undefined || this.series.length === 0) return;
    event.preventDefault();
    const xs = this.series[0].x;
    const at = this.cursor === null ? (step > 0 ? -1 : xs.length) : nearest(xs, this.cursor);
    this.move(xs[Math.min(xs.length - 1, Math.max(0, at + step * (event.shiftKey ? 10 : 1)))]);
  }

  move(x) {
    this.cursor = x === null ? null : this.series[0].x[nearest(this.series[0].x, x)];
    this.readout.replaceChildren();
    if (this.cursor !== null) {
      this.readout.append(el("span", {}, `${this.options.xLabel ?? "update"} ${number(this.cursor)}`));
      for (const one of this.series) {
        const i = nearest(one.x, this.cursor);
        const range = one.min && one.max && one.min[i] !== one.max[i] ? ` (${this.text(one.min[i])} to ${this.text(one.max[i])})` : "";
        this.readout.append(el("span", {}, el("i", { class: `key k${one.color % colors}` }), `${one.name} ${this.text(one.y[i])}${range}`));
      }
    }
    this.draw();
  }
}

function stack(series) {
  let below = null;
  for (const one of series) {
    one.base = below ?? one.line.map(() => 0);
    one.line = one.line.map((value, i) => (value ?? 0) + (one.base[i] ?? 0));
    below = one.line;
  }
}

export function nearest(xs, x) {
  let [low, high] = [0, xs.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (xs[middle] < x) low = middle;
    else high = middle;
  }
  return Math.abs(xs[low] - x) <= Math.abs(xs[high] - x) ? low : high;
}

export function legend(entries) {
  return el(
    "ul",
    { class: "legend" },
    entries.map(entry => el("li", {}, el("i", { class: `key k${entry.color % colors}` }), entry.name)),
  );
}
