/** Talks to the sandbox: the human API, the audience and the stream of changes. */

async function answer(request) {
  try {
    const response = await request;
    const body = await response.json().catch(() => ({}));
    return response.ok ? body : { ok: false, error: `http_${response.status}`, ...body };
  } catch {
    return { ok: false, error: "offline" };
  }
}

/** GET as JSON; `{ok: false, error}` when it fails. */
export function get(path, query = {}) {
  const search = new URLSearchParams(query).toString();
  return answer(fetch(search ? `${path}?${search}` : path, { headers: { Accept: "application/json" } }));
}

/** POST as JSON; `{ok: false, error}` when it fails. */
export function post(path, body) {
  return answer(fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }));
}

/** Calls `changed({topic, key})` for every change outside, and `back()` after the connection was lost and found. */
export function stream(changed, back, online) {
  const source = new EventSource("/page/stream");
  let lost = false;
  source.addEventListener("message", (event) => changed(JSON.parse(event.data)));
  source.addEventListener("open", () => {
    online(true);
    if (lost) back();
    lost = false;
  });
  source.addEventListener("error", () => {
    lost = true;
    online(false);
  });
}

/** A file as the human API takes it: `{name, base64, alt?}`. */
export function readFile(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve({ name: file.name, base64: reader.result.split(",", 2)[1] ?? "" }));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(file);
  });
}
