// A group: its rollouts side by side, and their tokens colored by probability, weights or advantage.

import { get } from "./api.js";
import { count, el, number, problem, replace, table } from "./dom.js";
import { address } from "./state.js";

const overlays = { text: "text", probability: "probability", version: "weights", advantage: "advantage", table: "a table of tokens" };

// What the colors of an overlay mean: the ends of its scale and the styles between them.
const scales = {
  probability: ["improbable", ["p0", "p1", "p2", "p3", "p4", "p5"], "probable"],
  version: ["oldest weights", ["v0", "v1", "v2", "v3", "v4", "v5"], "5 updates newer or more"],
  advantage: ["below -1", ["p0", "p1", "p5", "p4", "v3"], "above 1"],
};

export async function showGroup(node, run, number_, signal) {
  try {
    const group = await get(`runs/${run}/groups/${number_}`, {}, signal);
    draw(node, run, group, signal);
  } catch (error) {
    if (error.name !== "AbortError") replace(node, problem(error.message));
  }
}

function draw(node, run, group, signal) {
  const cards = [...group.rollouts.map(rollout => trained(rollout)), ...group.dropped.map(rollout => dropped(rollout))];
  const scale = el("span", { class: "scale", "aria-hidden": "true" });
  const overlay = el(
    "select",
    {
      onchange: event => {
        const [low, styles, high] = scales[event.target.value] ?? ["", [], ""];
        replace(
          scale,
          `${low} `,
          styles.map(style => el("i", { class: style }, "\u00a0\u00a0")),
          ` ${high}`,
        );
        for (const card of cards) card.overlay?.(event.target.value);
      },
    },
    Object.entries(overlays).map(([value, label]) => el("option", { value }, label)),
  );
  replace(
    node,
    el("h3", {}, `Group ${group.group}`),
    el("p", {}, fate(run, group)),
    group.question === null
      ? el("p", { class: "note" }, "The question is not stored: no payload was written, or it was deleted since.")
      : [
          el("h4", {}, `Question${group.question_id ? ` ${group.question_id}` : ""}`),
          el("pre", { class: "text" }, group.question),
          el("p", {}, "Reference answer: ", el("code", {}, group.answer ?? "–")),
        ],
    group.rollouts.length > 0 ? el("p", { class: "controls" }, el("label", {}, "Show responses as ", overlay), " ", scale) : null,
    el(
      "div",
      { class: "siblings" },
      cards.map(card => card.node),
    ),
  );

  function trained(rollout) {
    const body = el("div", {}, el("pre", { class: "text" }, rollout.text));
    const extracted = rollout.extracted === null ? "" : ["extracted ", el("code", {}, rollout.extracted)];
    return {
      node: el(
        "article",
        { class: `sibling ${rollout.origin}` },
        el("h4", {}, `${rollout.origin} ${rollout.sibling} `, el("span", { class: `verdict ${rollout.verdict}` }, rollout.verdict)),
        el("p", {}, `reward ${number(rollout.reward)}, advantage ${number(rollout.advantage)} `, extracted),
        rollout.detail ? el("p", { class: "note" }, rollout.detail) : null,
        rollout.demonstrations.length > 0
          ? el(
              "p",
              {},
              "demonstrations ",
              rollout.demonstrations.map(id => el("code", {}, id)),
              rollout.context_tokens > 0 ? "; trains under the prompt with them" : "; trains under the question alone",
            )
          : null,
        body,
        el(
          "p",
          { class: "note" },
          `${count(rollout.tokens)} tokens after ${count(rollout.prompt_tokens)} of the prompt, ended by ${rollout.finish}; `,
          `weights ${rollout.versions.map(one => `${one.version} (${count(one.tokens)} tokens)`).join(", ")}; `,
          staleness(rollout),
          `mean log-probability ${number(rollout.mean_log_prob)}`,
        ),
      ),
      overlay: kind => (kind === "text" ? replace(body, el("pre", { class: "text" }, rollout.text)) : tokens(body, rollout, kind)),
    };
  }

  function dropped(rollout) {
    return {
      node: el(
        "article",
        { class: `sibling dropped ${rollout.origin}` },
        el(
          "h4",
          {},
          `${rollout.origin} ${rollout.sibling} `,
          rollout.verdict ? el("span", { class: `verdict ${rollout.verdict}` }, rollout.verdict) : null,
        ),
        el("p", {}, `dropped: ${rollout.reason}; reward ${number(rollout.reward)}`),
        rollout.detail ? el("p", { class: "note" }, rollout.detail) : null,
        rollout.text === null
          ? el("p", { class: "note" }, "The text was not kept (metrics.rejected-per-update).")
          : el("pre", { class: "text" }, rollout.text),
      ),
    };
  }

  async function tokens(body, rollout, kind, from = 0) {
    try {
      const page = await get(
        `runs/${run}/groups/${group.group}/${rollout.origin}/${rollout.sibling}/tokens`,
        { from, count: 1500 },
        signal,
      );
      const end = from + page.ids.length;
      const rows = page.ids.map((id, i) => ({
        id,
        text: page.texts === null ? ` ${id}` : page.texts[i],
        probability: Math.exp(page.log_probs[i] ?? 0),
        version: page.versions[i],
      }));
      const parts = [
        kind === "table"
          ? values(rows, from, rollout)
          : el(
              "pre",
              { class: "text" },
              rows.map(token => colored(token, kind, rollout)),
            ),
      ];
      if (page.texts === null) parts.unshift(el("p", { class: "note" }, "The model's tokenizer cannot be read here; these are token ids."));
      if (from > 0)
        parts.unshift(
          el("button", { type: "button", onclick: () => tokens(body, rollout, kind, Math.max(0, from - 1500)) }, "Earlier tokens"),
        );
      if (end < page.total)
        parts.push(
          el(
            "button",
            { type: "button", onclick: () => tokens(body, rollout, kind, end) },
            `Later tokens (${count(end)} of ${count(page.total)})`,
          ),
        );
      replace(body, parts);
    } catch (error) {
      if (error.name !== "AbortError") replace(body, problem(error.message));
    }
  }
}

function colored(token, kind, rollout) {
  const style = {
    probability: () => `p${Math.min(5, Math.floor(6 * token.probability))}`,
    version: () => `v${Math.min(5, token.version - (rollout.versions[0]?.version ?? 0))}`,
    advantage: () => advantageStyle(rollout.advantage ?? 0),
  }[kind]();
  return el(
    "span",
    {
      class: style,
      title:
        `token ${token.id}, probability ${number(token.probability)}, ` +
        `weights ${token.version}, advantage ${number(rollout.advantage)}`,
    },
    token.text,
  );
}

/// All tokens of a rollout have its advantage.
function advantageStyle(advantage) {
  if (advantage === 0) return "p5";
  if (advantage < 0) return advantage < -1 ? "p0" : "p1";
  return advantage > 1 ? "v3" : "p4";
}

function values(rows, from, rollout) {
  return table(
    `Tokens from ${count(from)}, advantage ${number(rollout.advantage)} each`,
    ["#Place", "Token", "#Id", "#Probability", "#Weights"],
    rows.map((token, i) => [
      count(from + i),
      el("code", {}, JSON.stringify(token.text)),
      String(token.id),
      number(token.probability),
      String(token.version),
    ]),
  );
}

function staleness(rollout) {
  const parts =
    rollout.in_flight === null || rollout.in_queue === null ? "" : ` = ${rollout.in_flight} in flight + ${rollout.in_queue} in the queue`;
  return `staleness ${rollout.staleness}${parts}; `;
}

function fate(run, group) {
  const dispatched =
    group.dispatched_at === null
      ? ""
      : ` Dispatched at weights ${group.dispatched_at}${group.admitted_at === null ? "" : `, admitted at ${group.admitted_at}`}.`;
  if (group.update !== null) {
    const verb = group.fate === "consumed" ? "Trained by" : "Prepared for";
    return [`${verb} `, el("a", { href: address("lineage", { run, update: group.update }) }, `update ${group.update}`), `.${dispatched}`];
  }
  const others = { buffered: "Waits for its update", open: "Not decided yet", rejected: `Rejected: ${group.rejection}` };
  return `${others[group.fate] ?? group.fate}.${dispatched}`;
}
