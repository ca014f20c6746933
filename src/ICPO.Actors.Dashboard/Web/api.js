// Reading requests. The newest request of a view cancels its earlier ones.

export class ApiError extends Error {}

export async function get(path, parameters = {}, signal = undefined) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== undefined && one !== "") query.append(name, one);
    }
  }
  let response;
  try {
    response = await fetch(`api/${path}${query.size > 0 ? `?${query}` : ""}`, { signal, cache: "no-store" });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError("The dashboard does not answer; start it again with icpo dashboard.");
  }
  if (response.ok) return response.json();
  const text = await response.text();
  let message = text;
  try {
    message = JSON.parse(text).error ?? text;
  } catch {
    // A plain text is the message.
  }
  throw new ApiError(message || `The dashboard answered ${response.status}.`);
}

/// Calls back with the overview of a run whenever it changes, while the page is visible. Returns a function that ends it.
export function follow(run, changed, connected) {
  let source = null;
  const open = () => {
    source = new EventSource(`api/runs/${run}/stream`);
    source.addEventListener("run", event => changed(JSON.parse(event.data)));
    source.onopen = () => connected(true);
    source.onerror = () => connected(false);
  };
  const close = () => {
    source?.close();
    source = null;
  };
  const visibility = () => {
    if (document.hidden) close();
    else if (source === null) open();
  };
  document.addEventListener("visibilitychange", visibility);
  visibility();
  return () => {
    document.removeEventListener("visibilitychange", visibility);
    close();
  };
}
