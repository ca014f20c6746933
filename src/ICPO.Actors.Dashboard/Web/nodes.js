// The nodes of a run: roles, weights, work, and the faults of their workers.

import { get } from "./api.js";
import { count, el, replace, table } from "./dom.js";

export const title = "Nodes";

export async function show({ content, run, signal }) {
  const load = async () => draw(content, await get(`runs/${run}/nodes`, {}, signal));
  await load();
  return () => load().catch(() => {});
}

function draw(content, { nodes, update, time, faults, fault_count }) {
  replace(
    content,
    el("h2", {}, title),
    el(
      "p",
      {},
      "A node samples rollouts or verifies them. A run in one process has one node; a run on a cluster has those that have joined it.",
    ),
    nodes === null
      ? el("p", { role: "status" }, "This run has not recorded its nodes: it has not started yet, or a version before nodes.json wrote it.")
      : [
          table(
            `${count(nodes.filter(node => node.left === null).length)} active when weights ${count(update)} were published (${time})`,
            [
              "Node",
              "State",
              "Roles",
              "Device",
              "#Slots",
              "#Weights",
              "#Updates behind",
              "#Leases",
              "#Rollouts delivered",
              "#Cases judged",
              "#Faults",
            ],
            nodes.map(row),
          ),
          nodes
            .filter(node => node.last_fault !== null)
            .map(node => el("p", { class: "note" }, `Last fault of ${node.name}: ${node.last_fault}`)),
          el(
            "p",
            { class: "note" },
            "Nodes load new weights between two tokens, so they are up to an update behind when weights are published. " +
              "Rollouts and cases are counted since the node joined, repetitions included.",
          ),
        ],
    el("h3", {}, "Faults of workers"),
    faults.length === 0
      ? el("p", {}, "No engine and no verifier has failed.")
      : table(
          `Newest first, ${count(faults.length)} of ${count(fault_count)}`,
          ["Time", "#Update", "What happened"],
          faults.map(fault => [fault.time, count(fault.update), fault.text]),
        ),
  );
}

function row(node) {
  return [
    node.name,
    node.left === null ? el("span", { class: "good" }, `since ${node.joined}`) : el("span", { class: "state dead" }, `left ${node.left}`),
    node.roles.join(", "),
    node.device,
    count(node.slots),
    count(node.version),
    count(node.behind),
    count(node.leases),
    count(node.rollouts),
    count(node.cases),
    count(node.faults),
  ];
}
