import { get } from "./api.js";
import { Chart, colors, legend } from "./chart.js";
import { el, problem, replace, shortPath } from "./dom.js";
import { change } from "./state.js";

export const title = "Metrics";

const shares = /ratio|rate$|^frac_|^accuracy$|^busy\/|^ess\/|^probability\//;
const first = [
  "accuracy",
  "reward/mean",
  "reward/mean/policy",
  "reward/mean/expert",
  "frac_reward_zero_std",
  "entropy",
  "kl",
  "grad_norm",
  "loss",
  "staleness/mean",
  "completions/mean_length",
  "completions/clipped_ratio",
  "expert/acceptance_rate",
  "ess/policy",
  "ess/expert",
  "lr",
];

export async function show({ content, run, runs, parameters, signal }) {
  const chosen = new Set((parameters.get("runs") ?? "").split(",").filter(id => runs.some(one => one.id === id)));
  chosen.add(run);
  const state = {
    smoothing: Number(parameters.get("smooth") ?? "0.6") || 0,
    x: parameters.get("x") === "seconds" ? "seconds" : "update",
    filter: parameters.get("filter") ?? "",
  };
  const list = el("div", { class: "charts" });
  const status = el("p", { role: "status" });
  const keys = el("div", {});
  const charts = new Map();
  const visible = new IntersectionObserver(
    entries => {
      for (const entry of entries) {
        entry.target.wanted = entry.isIntersecting;
        if (entry.isIntersecting && !entry.target.loaded) request();
      }
    },
    { rootMargin: "400px" },
  );

  let queued = false;
  function request() {
    if (queued) return;
    queued = true;
    queueMicrotask(() => {
      queued = false;
      load(false).catch(fail);
    });
  }

  function fail(error) {
    if (error.name !== "AbortError") status.replaceChildren(problem(error.message));
  }

  async function load(again) {
    const wanted = [...charts].filter(([, chart]) => chart.node.wanted && (again || !chart.node.loaded));
    for (let i = 0; i < wanted.length; i += 32) await loadPart(wanted.slice(i, i + 32));
  }

  async function loadPart(part) {
    part.forEach(([, chart]) => (chart.node.loaded = true));
    const names = part.map(([name]) => name);
    const answers = await Promise.all([...chosen].map(id => get(`runs/${id}/series`, { name: names, points: 600, x: state.x }, signal)));
    for (const [name, chart] of part) {
      chart.data = [...chosen].map((id, color) => ({ name: nameOf(id), color, ...answers[color].series[name] }));
      chart.set(chart.data, smoothingOf(name));
    }
  }

  // Evaluations are few and have intervals of their own.
  const smoothingOf = name => (name === "accuracy" ? 0 : state.smoothing);
  const nameOf = id => shortPath(runs.find(one => one.id === id).directory);

  async function build() {
    const answers = await Promise.all([...chosen].map(id => get(`runs/${id}/metrics`, {}, signal)));
    const all = [...new Set(answers.flatMap(answer => answer.names))];
    const words = state.filter
      .toLowerCase()
      .split(/\s+/)
      .filter(word => word);
    const names = [...first.filter(name => all.includes(name)), ...all.filter(name => !first.includes(name))].filter(name =>
      words.every(word => name.toLowerCase().includes(word)),
    );
    visible.disconnect();
    charts.clear();
    for (const name of names) {
      const chart = new Chart({ title: name, percent: shares.test(name), xLabel: state.x === "seconds" ? "seconds" : "update" });
      charts.set(name, chart);
      visible.observe(chart.node);
    }
    replace(
      list,
      [...charts.values()].map(chart => chart.node),
    );
    status.textContent = `${names.length} of ${all.length} metrics`;
    replace(keys, legend([...chosen].map((id, color) => ({ name: nameOf(id), color }))));
    change({ runs: chosen.size > 1 ? [...chosen].join(",") : null, smooth: state.smoothing, x: state.x, filter: state.filter });
  }

  const rebuild = () => build().catch(fail);
  let typing = 0;
  replace(
    content,
    el("h2", {}, title),
    el(
      "form",
      { class: "controls", onsubmit: event => event.preventDefault() },
      el(
        "label",
        {},
        "Filter ",
        el("input", {
          type: "search",
          value: state.filter,
          placeholder: "reward policy",
          oninput: event => {
            state.filter = event.target.value;
            clearTimeout(typing);
            typing = setTimeout(rebuild, 200);
          },
        }),
      ),
      el(
        "label",
        {},
        "Smoothing ",
        el("input", {
          type: "range",
          min: "0",
          max: "0.99",
          step: "0.01",
          value: String(state.smoothing),
          oninput: event => {
            state.smoothing = Number(event.target.value);
            for (const [name, chart] of charts) if (chart.data) chart.set(chart.data, smoothingOf(name));
            change({ smooth: state.smoothing });
          },
        }),
      ),
      el(
        "label",
        {},
        "Over ",
        el(
          "select",
          {
            onchange: event => {
              state.x = event.target.value;
              rebuild();
            },
          },
          el("option", { value: "update", selected: state.x === "update" }, "updates"),
          el("option", { value: "seconds", selected: state.x === "seconds" }, "time"),
        ),
      ),
      runs.length > 1
        ? el(
            "fieldset",
            {},
            el("legend", {}, `Runs (up to ${colors})`),
            runs.slice(0, 100).map(one =>
              el(
                "label",
                {},
                el("input", {
                  type: "checkbox",
                  checked: chosen.has(one.id),
                  disabled: one.id === run,
                  onchange: event => {
                    if (event.target.checked && chosen.size < colors) chosen.add(one.id);
                    else chosen.delete(one.id);
                    event.target.checked = chosen.has(one.id);
                    rebuild();
                  },
                }),
                ` ${shortPath(one.directory)}`,
              ),
            ),
          )
        : null,
    ),
    keys,
    status,
    list,
  );
  await build();
  return () => load(true).catch(fail);
}
