import { get } from "./api.js";
import { count, el, number, problem, replace, table } from "./dom.js";
import { address, change } from "./state.js";
import { showGroup } from "./group.js";

export const title = "Rollouts";

const filters = ["origin", "verdict", "fate", "update", "version", "group", "text", "order"];
const verdicts = ["correct", "wrong", "unparseable", "timedout", "crashed"];

export async function show({ content, run, parameters, signal }) {
  const values = Object.fromEntries(filters.map(name => [name, parameters.get(name) ?? ""]));
  const list = el("section", { "aria-label": "Rollouts found" });
  const detail = el("section", { id: "group", tabindex: "-1", "aria-label": "Group" });
  const starts = [0];
  let latest = null;

  const choice = (name, label, options) =>
    el(
      "label",
      {},
      `${label} `,
      el(
        "select",
        { onchange: event => search(name, event.target.value) },
        ["", ...options].map(option =>
          el("option", { value: option, selected: option === values[name] }, option || (name === "order" ? "newest" : "any")),
        ),
      ),
    );
  const field = (name, label, type) =>
    el("label", {}, `${label} `, el("input", { type, min: "0", value: values[name], onchange: event => search(name, event.target.value) }));

  replace(
    content,
    el("h2", {}, title),
    el(
      "form",
      { class: "controls", role: "search", "aria-label": "Filters", onsubmit: event => event.preventDefault() },
      choice("origin", "Origin", ["policy", "expert"]),
      choice("verdict", "Verdict", verdicts),
      choice("fate", "Group", ["consumed", "prepared", "buffered", "rejected", "open"]),
      field("update", "Update", "number"),
      field("version", "Weights", "number"),
      field("text", "Text", "search"),
      choice("order", "Order", ["oldest"]),
    ),
    list,
    detail,
  );

  async function search(name, value) {
    values[name] = value;
    values.group = "";
    change({ [name]: value, group: null, shown: null });
    starts.length = 0;
    starts.push(0);
    await load();
  }

  async function load() {
    list.setAttribute("aria-busy", "true");
    const request = (latest = {});
    try {
      let page = await get(`runs/${run}/rollouts`, { ...values, start: starts.at(-1), limit: 50 }, signal);
      // A rare hit may be far away: every request searches a bounded part.
      while (page.groups.length === 0 && page.next !== null && request === latest) {
        replace(list, el("p", { role: "status" }, `Searching: ${count(page.next)} groups …`));
        page = await get(`runs/${run}/rollouts`, { ...values, start: page.next, limit: 50 }, signal);
      }
      if (request === latest) draw(page);
    } catch (error) {
      if (error.name !== "AbortError") replace(list, problem(error.message));
    }
    list.removeAttribute("aria-busy");
  }

  function draw(page) {
    const rows = page.groups.flatMap(group => [
      ...(group.error ? [[open(group), "", "", "", "", "", "", problem(group.error)]] : []),
      ...group.rollouts.map(rollout => [
        open(group),
        `${rollout.origin} ${rollout.sibling}`,
        verdict(rollout.verdict),
        number(rollout.reward),
        number(rollout.advantage),
        rollout.versions.map(one => one.version).join("→"),
        count(rollout.tokens),
        snippet(rollout.text),
      ]),
      ...group.dropped.map(rollout => [
        open(group),
        `${rollout.origin} ${rollout.sibling}`,
        [rollout.verdict ? verdict(rollout.verdict) : "", ` dropped: ${rollout.reason}`],
        number(rollout.reward),
        "",
        "",
        count(rollout.tokens),
        rollout.text === null ? el("i", {}, "not kept") : snippet(rollout.text),
      ]),
    ]);
    const go = (label, enabled, action) => el("button", { type: "button", disabled: !enabled, onclick: action }, label);
    replace(
      list,
      rows.length === 0
        ? el("p", { role: "status" }, "No rollout passes these filters.")
        : table(
            `${count(rows.length)} on this page`,
            ["Group", "Rollout", "Verdict", "#Reward", "#Advantage", "#Weights", "#Tokens", "Response"],
            rows,
          ),
      el(
        "p",
        { class: "pages" },
        go("Previous page", starts.length > 1, () => {
          starts.pop();
          load();
        }),
        go("Next page", page.next !== null, () => {
          starts.push(page.next);
          load();
        }),
      ),
    );
  }

  function open(group) {
    return el(
      "a",
      {
        href: address("rollouts", { run, ...values, shown: group.group }),
        onclick: event => {
          event.preventDefault();
          change({ shown: group.group });
          show(group.group);
        },
      },
      `${group.group}`,
      el("small", {}, ` ${group.fate}${group.update === null ? "" : ` ${group.update}`}`),
    );
  }

  async function show(group) {
    await showGroup(detail, run, group, signal);
    detail.scrollIntoView({ block: "start" });
    detail.focus({ preventScroll: true });
  }

  await load();
  const shown = parameters.get("shown") ?? parameters.get("group");
  if (shown) await showGroup(detail, run, shown, signal);
  // Pages of an active run stay as they are; a new search sees new groups.
  return null;
}

function snippet(text) {
  return el("span", { class: "snippet" }, text.trim().replaceAll("\n", "⏎"));
}

export function verdict(name) {
  return el("span", { class: `verdict ${name}` }, name);
}
