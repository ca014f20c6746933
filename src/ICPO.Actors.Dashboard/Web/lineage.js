// This update <- these groups <- these rollouts <- these weights.

import { get } from "./api.js";
import { count, el, number, problem, replace, table } from "./dom.js";
import { address } from "./state.js";
import { verdict } from "./rollouts.js";

export const title = "Lineage";

export async function show({ content, run, parameters, signal }) {
  const detail = el("section", { tabindex: "-1", "aria-label": "Update" });
  const list = el("section", {});
  replace(
    content,
    el("h2", {}, title),
    el("p", {}, "An update trains on groups; a group has rollouts; every token of a rollout was sampled by one version of the weights."),
    detail,
    list,
  );
  await page(list, run, parameters.get("before"), signal);
  const wanted = parameters.get("update");
  if (wanted) await update(detail, run, wanted, signal);
  return null;
}

async function page(node, run, before, signal) {
  const answer = await get(`runs/${run}/updates`, { before, limit: 50 }, signal);
  replace(
    node,
    answer.updates.length === 0
      ? el("p", {}, "No committed update is in the journal yet.")
      : table(
          "Updates, newest first",
          ["Update", "#Groups", "#Rollouts", "#Tokens", "#Staleness in flight", "#in the queue", "SHA-256 of the weights"],
          answer.updates.map(one => [
            el("a", { href: address("lineage", { run, update: one.update, before }) }, String(one.update)),
            count(one.group_count),
            count(one.rollouts),
            count(one.tokens),
            number(one.in_flight),
            number(one.in_queue),
            el("code", { title: one.weights }, one.weights.slice(0, 12)),
          ]),
        ),
    answer.next === null
      ? null
      : el("p", { class: "pages" }, el("a", { href: address("lineage", { run, before: answer.next }) }, "Earlier updates")),
  );
}

async function update(node, run, number_, signal) {
  try {
    const one = await get(`runs/${run}/updates/${number_}`, {}, signal);
    const weights = new Map();
    for (const group of one.groups) {
      for (const rollout of group.rollouts) {
        for (const part of rollout.versions) weights.set(part.version, (weights.get(part.version) ?? 0) + part.tokens);
      }
    }
    replace(
      node,
      el("h3", {}, `Update ${one.update}`),
      el(
        "p",
        {},
        "Weights ",
        el("code", {}, one.weights),
        ` = weights ${one.update - 1} trained on ${count(one.group_count)} groups, `,
        `${count(one.rollouts)} rollouts, ${count(one.tokens)} tokens.`,
      ),
      weights.size === 0
        ? null
        : table(
            "Sampled by",
            ["Weights", "#Tokens", "#Updates before"],
            [...weights]
              .sort((a, b) => b[0] - a[0])
              .map(([version, tokens]) => [
                el("a", { href: address("rollouts", { run, version, update: one.update }) }, String(version)),
                count(tokens),
                count(one.update - 1 - version),
              ]),
          ),
      el(
        "ul",
        { class: "tree" },
        one.groups.map(group =>
          el(
            "li",
            {},
            el(
              "details",
              {},
              el(
                "summary",
                {},
                `Group ${group.group}: ${count(group.rollouts.length)} rollouts`,
                group.dropped.length > 0 ? `, ${count(group.dropped.length)} dropped` : "",
                group.in_flight === null
                  ? ""
                  : ` (dispatched at ${group.dispatched_at}, ${group.in_flight} in flight, ${group.in_queue} in the queue)`,
                el("span", { class: "snippet" }, ` ${(group.question ?? "").trim()}`),
              ),
              group.error ? problem(group.error) : null,
              el("p", {}, el("a", { href: address("rollouts", { run, update: one.update, shown: group.group }) }, "Show side by side")),
              el(
                "ul",
                {},
                group.rollouts.map(rollout =>
                  el(
                    "li",
                    {},
                    `${rollout.origin} ${rollout.sibling} `,
                    verdict(rollout.verdict),
                    ` advantage ${number(rollout.advantage)}, ${count(rollout.tokens)} tokens by weights `,
                    rollout.versions.map(part => part.version).join("→"),
                  ),
                ),
              ),
            ),
          ),
        ),
      ),
    );
  } catch (error) {
    if (error.name !== "AbortError") replace(node, problem(error.message));
  }
}
