import { get } from "./api.js";
import { Chart, legend } from "./chart.js";
import { count, duration, el, number, percent, problem, replace, shortPath, table } from "./dom.js";
import { address } from "./state.js";

export const title = "Overview";

const charts = [
  { title: "Held-out accuracy", names: ["accuracy"], percent: true },
  { title: "Reward by origin", names: ["reward/mean/policy", "reward/mean/expert"] },
  { title: "Entropy (nats per token)", names: ["entropy"], zero: true },
  { title: "Staleness (updates)", names: ["staleness/mean", "staleness/max"], zero: true, dashed: true },
];

export async function show({ content, run, runs, signal }) {
  const head = el("section", {});
  const events = el("section", {});
  const drawn = charts.map(options => new Chart(options));
  charts.forEach((chart, i) => {
    if (chart.names.length > 1) drawn[i].node.firstChild.append(legend(chart.names.map((name, color) => ({ name, color }))));
  });
  replace(
    content,
    el("h2", {}, title),
    head,
    el(
      "div",
      { class: "charts" },
      drawn.map(chart => chart.node),
    ),
    events,
  );
  drawHead(
    head,
    runs.find(one => one.id === run),
  );
  const load = async () => {
    const names = charts.flatMap(chart => chart.names);
    const [{ series }, happened] = await Promise.all([
      get(`runs/${run}/series`, { name: names, points: 400 }, signal),
      get(`runs/${run}/events`, {}, signal),
    ]);
    // The first line is on top; dashes show the one below where both are equal.
    charts.forEach((chart, i) =>
      drawn[i].set(chart.names.map((name, color) => ({ name, color, dash: chart.dashed && color === 0 ? [6, 6] : [], ...series[name] }))),
    );
    drawEvents(events, happened);
  };
  await load();
  return now => {
    drawHead(head, now);
    load().catch(() => {});
  };
}

function drawHead(node, run) {
  const metrics = run.metrics ?? {};
  const done = run.updates ? Math.min(1, (run.update ?? 0) / run.updates) : 0;
  replace(
    node,
    el(
      "p",
      { class: "lead" },
      el("span", { class: `state ${run.state}` }, run.state),
      ` ${run.preset ?? ""} on ${run.task ?? "?"}, seed ${run.seed ?? "?"}`,
      el("br"),
      el("code", {}, run.directory),
      run.core ? `, core ${run.core}` : "",
    ),
    el("progress", { max: "1", value: done, "aria-label": `Update ${run.update ?? 0} of ${run.updates ?? "?"}` }),
    run.error ? problem(run.error) : null,
    run.stopped_by ? problem(`Stopped by the health rule ${run.stopped_by}.`) : null,
    run.stop_incomplete ? problem(`Stopped without a new checkpoint: ${run.stop_incomplete}`) : null,
    run.state === "dead" && run.on_server
      ? problem(
          "No process has renewed its ownership of the run for a minute, and it has not made its last update. " +
            "Its run directory says how it ended; resume it there, or restore the directory (docs/runs.md).",
        )
      : null,
    run.state === "dead" && !run.on_server
      ? problem(
          `The process${run.process ? ` ${run.process} on ${run.host}` : ""} ended without a summary: it was killed (by kill -9 or for ` +
            "lack of memory, for example), or the machine went down. The last lines of its run.log say what it was doing. " +
            `Committed updates are kept; resume it with icpo train --resume ${run.directory}`,
        )
      : null,
    (run.problems ?? []).map(problem),
    tiles([
      ["Update", `${count(run.update)} of ${count(run.updates)}`],
      ["Time", duration(run.seconds)],
      run.state === "running" ? ["Time left", duration(run.seconds_left)] : null,
      [
        "Accuracy",
        run.accuracy === null || run.accuracy === undefined ? "–" : percent(run.accuracy),
        run.accuracy_before === null || run.accuracy_before === undefined ? "" : `${percent(run.accuracy_before)} before training`,
      ],
      ["Reward", number(metrics["reward/mean"])],
      ["Groups without signal", percent(metrics["frac_reward_zero_std"])],
      ["Entropy", number(metrics["entropy"]), "nats per token"],
      ["KL to base", number(metrics["kl"]), "nats per token"],
      ["Staleness", number(metrics["staleness/mean"]), `updates, mean; bound ${run.max_staleness ?? "–"}`],
      ["Response length", number(metrics["completions/mean_length"]), `tokens; ${percent(metrics["completions/clipped_ratio"])} cut off`],
      metrics["expert/acceptance_rate"] === null ? null : ["Expert rollouts accepted", percent(metrics["expert/acceptance_rate"])],
      ["Generated", count(metrics["tokens/generated_per_second"]), "tokens per second"],
      ["Trained", count(metrics["tokens/trained_per_second"]), "tokens per second"],
    ]),
    run.broken_lines > 0
      ? el("p", { class: "note" }, `${count(run.broken_lines)} lines of metrics.jsonl were truncated and are omitted.`)
      : null,
    el("p", {}, el("a", { href: address("metrics", { run: run.id }) }, `All metrics of ${shortPath(run.directory)}`)),
  );
}

function tiles(entries) {
  return el(
    "dl",
    { class: "tiles" },
    entries
      .filter(entry => entry)
      .map(([name, value, note]) => el("div", {}, el("dt", {}, name), el("dd", {}, value, note ? el("small", {}, note) : null))),
  );
}

function drawEvents(node, happened) {
  const warnings = happened.events.filter(event => event.kind === "health" || event.kind === "worker-fault");
  replace(
    node,
    el("h3", {}, "Health"),
    warnings.length === 0
      ? el("p", {}, "No health rule has reported anything.")
      : el(
          "ul",
          { class: "warnings" },
          warnings.slice(0, 20).map(event => el("li", {}, el("strong", {}, `update ${event.update}`), ` ${event.text}`)),
        ),
    happened.events.length === 0
      ? null
      : table(
          `Events (newest first, ${happened.events.length} of ${happened.total})`,
          ["Time", "Kind", "#Update", "Text"],
          happened.events.map(event => [event.time, event.kind, count(event.update), event.text]),
        ),
  );
}
