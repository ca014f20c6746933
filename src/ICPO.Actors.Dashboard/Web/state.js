// What is shown is in the address (after #), so that a view can be bookmarked, sent and reloaded.

export function read() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  return { view: path || "runs", parameters: new URLSearchParams(query) };
}

export function address(view, parameters = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null && value !== undefined && value !== "") query.set(name, value);
  }
  return `#/${view}${query.size > 0 ? `?${query}` : ""}`;
}

/// Changes parameters of the current view without a new entry in the browser's history.
export function change(parameters) {
  const now = read();
  const all = Object.fromEntries(now.parameters);
  history.replaceState(null, "", address(now.view, { ...all, ...parameters }));
}
