import { count, duration, el, percent, problem, replace, shortPath, table } from "./dom.js";
import { address } from "./state.js";

export const title = "Runs";

export async function show({ content, runs }) {
  const draw = list =>
    replace(
      content,
      el("h2", {}, title),
      list.length === 0
        ? el("p", {}, "No runs in the directories that the dashboard shows; this page updates when one starts.")
        : rows(list),
      list.flatMap(run => (run.problems ?? []).map(problem)),
      list.length > 1
        ? el(
            "p",
            {},
            el(
              "a",
              {
                href: address("metrics", {
                  run: list[0].id,
                  runs: list
                    .slice(0, 8)
                    .map(run => run.id)
                    .join(","),
                }),
              },
              "Compare the metrics of these runs",
            ),
          )
        : null,
    );
  draw(runs);
  return now => draw(now.runs);
}

function rows(list) {
  return table(
    `${count(list.length)} ${list.length === 1 ? "run" : "runs"}, by directory`,
    ["Run", "State", "Preset", "Task", "#Seed", "#Update", "#Accuracy", "#Time", "#Time left"],
    list.map(run => [
      el("a", { href: address("overview", { run: run.id }), title: run.directory }, shortPath(run.directory)),
      el("span", { class: `state ${run.state}` }, run.state),
      run.preset ?? "–",
      run.task ?? "–",
      String(run.seed ?? "–"),
      `${count(run.update)} / ${count(run.updates)}`,
      run.accuracy === null || run.accuracy === undefined ? "–" : percent(run.accuracy),
      duration(run.seconds),
      run.state === "running" ? duration(run.seconds_left) : "–",
    ]),
  );
}
