// The frame: which view is shown for which run, colors, and the connection to a run that is active.

import { get, follow } from "./api.js";
import { el, problem, replace, shortPath } from "./dom.js";
import { redraw } from "./chart.js";
import { address, read } from "./state.js";
import * as runs from "./runs.js";
import * as overview from "./overview.js";
import * as metrics from "./metrics.js";
import * as rollouts from "./rollouts.js";
import * as timeline from "./timeline.js";
import * as ledger from "./ledger.js";
import * as lineage from "./lineage.js";
import * as nodes from "./nodes.js";

const views = { runs, overview, metrics, rollouts, timeline, ledger, lineage, nodes };
const content = document.getElementById("content");
const nav = document.getElementById("nav");
const select = document.getElementById("run");
const live = document.getElementById("live");
const theme = document.getElementById("theme");
let shown = { stop: null, unfollow: null, list: [] };

function currentRun(parameters) {
  const known = shown.list.map(run => run.id);
  const wanted = parameters.get("run");
  return known.includes(wanted) ? wanted : (known[0] ?? null);
}

function drawFrame(view, run) {
  replace(
    nav,
    Object.entries(views).map(([name, module]) =>
      el("a", { href: address(name, name === "runs" ? {} : { run }), "aria-current": name === view ? "page" : null }, module.title),
    ),
  );
  replace(
    select,
    shown.list.map(one => el("option", { value: one.id }, `${shortPath(one.directory)} (${one.state})`)),
  );
  if (run) select.value = run;
  select.parentElement.hidden = shown.list.length === 0;
}

async function show() {
  shown.stop?.abort();
  shown.unfollow?.();
  const stop = new AbortController();
  shown = { ...shown, stop, unfollow: null };
  const { view: name, parameters } = read();
  const view = views[name] ?? runs;
  try {
    shown.list = (await get("runs", {}, stop.signal)).runs;
    const run = currentRun(parameters);
    drawFrame(views[name] ? name : "runs", run);
    const of = run && view !== runs ? ` · ${shortPath(shown.list.find(one => one.id === run).directory)}` : "";
    document.title = `${view.title}${of} · ICPO.Actors`;
    if (run === null && view !== runs) {
      replace(content, el("h2", {}, view.title), el("p", {}, "There is no run yet."));
      return;
    }
    const update = await view.show({ content, run, runs: shown.list, parameters, signal: stop.signal });
    // Another view is shown by now; a connection for this one would stay open.
    if (stop.signal.aborted) return;
    connect(view === runs ? null : run, update, stop.signal);
  } catch (error) {
    if (error.name !== "AbortError") {
      live.textContent = "";
      replace(content, el("h2", {}, view.title), problem(error.message), el("button", { type: "button", onclick: show }, "Try again"));
    }
  }
}

function showState(state) {
  live.textContent = state;
  live.className = `live ${state}`;
}

function connect(run, update, signal) {
  showState("");
  if (run === null) {
    const timer = setInterval(() => {
      if (document.hidden) return;
      get("runs", {}, signal)
        .then(answer => {
          showState("");
          update?.(answer);
        })
        .catch(error => {
          if (error.name !== "AbortError") showState("disconnected");
        });
    }, 4000);
    shown.unfollow = () => clearInterval(timer);
    return;
  }
  // The first message mostly repeats what was just loaded.
  let last = JSON.stringify(shown.list.find(one => one.id === run));
  shown.unfollow = follow(
    run,
    now => {
      showState(now.state);
      const text = JSON.stringify(now);
      if (text !== last && !signal.aborted) update?.(now);
      last = text;
    },
    connected => {
      if (!connected) showState("disconnected");
    },
  );
}

const themes = ["system", "light", "dark"];

function setTheme(name) {
  document.documentElement.dataset.theme = name;
  theme.textContent = { system: "◐", light: "☀", dark: "☾" }[name];
  theme.setAttribute("aria-label", `Colors: ${name}`);
  try {
    localStorage.setItem("icpo-theme", name);
  } catch {
    // Storage may be disabled; the choice then lasts as long as the page.
  }
  redraw();
}

function storedTheme() {
  try {
    return themes.find(name => name === localStorage.getItem("icpo-theme")) ?? "system";
  } catch {
    return "system";
  }
}

theme.addEventListener("click", () => setTheme(themes[(themes.indexOf(document.documentElement.dataset.theme) + 1) % themes.length]));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
select.addEventListener("change", () => {
  const { view } = read();
  location.hash = address(view === "runs" ? "overview" : view, { run: select.value });
});
addEventListener("hashchange", () => {
  show().then(() => content.focus({ preventScroll: true }));
});
setTheme(storedTheme());
show();
