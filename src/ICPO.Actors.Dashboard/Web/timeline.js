import { get } from "./api.js";
import { Chart, legend } from "./chart.js";
import { el, replace } from "./dom.js";

export const title = "Timeline";

const parts = ["engines", "verifiers", "learner"];

export async function show({ content, run, signal }) {
  const busy = new Chart({ title: "Busy share of the time between two updates", percent: true, zero: true });
  const stale = new Chart({ title: "Staleness of the groups of each update, in updates (stacked)", stacked: true });
  const missing = el("p", { class: "note" });
  replace(
    content,
    el("h2", {}, title),
    el(
      "p",
      {},
      "What is busy for less than its share of the time waits for the others: idle engines mean that dispatch is at its bound or ",
      "the verifiers are slow, an idle learner that rollouts arrive too slowly.",
    ),
    legend(parts.map((name, color) => ({ name, color }))),
    busy.node,
    missing,
    el(
      "p",
      {},
      "In flight: updates committed between a group's dispatch and its admission (sampling and verification). ",
      "In the queue: updates committed while it waited in the buffer.",
    ),
    legend([
      { name: "in flight", color: 0 },
      { name: "in the queue", color: 1 },
    ]),
    stale.node,
  );
  const load = async () => {
    const answer = await get(`runs/${run}/timeline`, { points: 600 }, signal);
    busy.set(parts.map((name, color) => ({ name, color, ...answer.busy[name] })).filter(one => one.x));
    const absent = parts.filter(name => !answer.busy[name]);
    missing.textContent = absent.length === 0 ? "" : `Not recorded by this run: ${absent.join(", ")}.`;
    const line = (name, color, data) => ({ name, color, x: data.x, y: data.y });
    stale.set(
      answer.staleness === null
        ? []
        : [line("in flight", 0, answer.staleness.in_flight), line("in the queue", 1, answer.staleness.in_queue)],
    );
  };
  await load();
  return () => load().catch(() => {});
}
