import { get } from "./api.js";
import { count, el, problem, replace, table } from "./dom.js";

export const title = "Ledger";

export async function show({ content, run, signal }) {
  const load = async () => draw(content, await get(`runs/${run}/ledger`, {}, signal));
  await load();
  return () => load().catch(() => {});
}

function draw(content, ledger) {
  const groups = ledger.groups;
  replace(
    content,
    el("h2", {}, title),
    ledger.closes
      ? el("p", { class: "good", role: "status" }, "The ledger closes: every rollout and token that was generated is accounted for.")
      : ledger.faults.map(fault => problem(fault)),
    el(
      "p",
      {},
      `Committed updates: ${count(ledger.committed)}. Groups: ${count(groups.admitted)} admitted = ` +
        `${count(groups.consumed)} consumed + ${count(groups.buffered)} buffered + ${count(groups.stale)} stale` +
        `${groups.waited_too_long > 0 ? ` + ${count(groups.waited_too_long)} that waited too long` : ""}; ` +
        `${count(groups.rejected)} rejected; ${count(groups.open)} open.`,
    ),
    table(
      "Rollouts and tokens by fate",
      ["Fate", "#Policy rollouts", "#tokens", "#Expert rollouts", "#tokens", "#All rollouts", "#tokens", "Share of tokens"],
      ledger.rows.map((row, i) => [
        `${["", "= "][i] ?? "+ "}${row.name}`,
        count(row.policy_rollouts),
        count(row.policy_tokens),
        count(row.expert_rollouts),
        count(row.expert_tokens),
        count(row.rollouts),
        count(row.tokens),
        el("meter", { min: "0", max: String(Math.max(1, ledger.rows[0].tokens)), value: String(row.tokens), "aria-label": row.name }),
      ]),
    ),
    table(
      "Starts",
      ["Start", "Updates", "#Groups admitted", "#Groups rejected", "#Rollouts", "#Tokens"],
      ledger.starts.map(start => [
        String(start.epoch),
        `${count(start.from)} to ${count(start.to)}`,
        count(start.admitted),
        count(start.rejected),
        count(start.rollouts),
        count(start.tokens),
      ]),
    ),
    el(
      "p",
      { class: "note" },
      "Payloads are not compared with their events here; icpo ledger does that.",
      ledger.begins_at === null
        ? ""
        : ` The events before update ${count(ledger.begins_at)} are deleted (journal.keep = checkpoint); their counts are included.`,
    ),
  );
}
