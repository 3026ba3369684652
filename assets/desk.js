// SPDX-License-Identifier: EUPL-1.2

// Makes the list of the day quicker: it follows what others do, and single
// keys take the next step. Every page works without it.

const day = document.querySelector("[data-day]");
if (day) startDay(day);

function startDay({ dataset: { live, gone } }) {
  const main = document.querySelector("main");
  const say = document.querySelector("[data-day-say]");
  let waiting = false; // for the list as it is now
  let again = false;   // it has changed since it was asked for
  let pressed = false; // something is held down that must not go away under the finger
  let released = () => {};

  follow();
  startKeys();
  document.getElementById(location.hash.slice(1))?.closest("[data-row]")?.focus();

  // --- what others do --------------------------------------------------------

  function follow() {
    const source = new EventSource(live);
    source.addEventListener("changed", refresh);
    source.addEventListener("over", () => source.close()); // logged out, or the right is gone
    source.addEventListener("error", () => {
      if (source.readyState === EventSource.CLOSED) announce(gone);
    });
    addEventListener("pagehide", () => source.close());
    addEventListener("pageshow", (event) => { if (event.persisted) location.replace(address()); });
    addEventListener("pointerdown", (event) => { pressed = event.button === 0; });
    for (const end of ["pointerup", "pointercancel"]) {
      addEventListener(end, () => setTimeout(() => { pressed = false; released(); })); // after the click
    }
  }

  // address is where the list is. That of the page may be a form's, when
  // somebody else was quicker and the list came as the answer.
  function address() {
    return document.querySelector("[data-day] [data-key=refresh]").href;
  }

  async function refresh() {
    if (waiting) {
      again = true;
      return;
    }
    waiting = true;
    try {
      const answer = await fetch(address(), { headers: { Accept: "text/html" } });
      if (!answer.ok || answer.redirected) throw new Error("not the list");
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const list = page.querySelector("[data-day]");
      if (!list) throw new Error("not the list");
      if (pressed) await new Promise((done) => { released = done; setTimeout(done, 3000); }); // a menu may swallow the release
      replace(list);
    } catch {
      announce(gone);
    } finally {
      waiting = false;
      if (again) {
        again = false;
        refresh();
      }
    }
  }

  // replace puts the new list in the place of the old one. Focus stays on the
  // same button, or on its row, and what was chosen in a field stays as well.
  function replace(list) {
    const old = document.querySelector("[data-day]");
    const before = texts(old);
    const at = document.activeElement;
    const key = old.contains(at) ? at.dataset.key : undefined;
    const row = old.contains(at) ? at.closest("[data-row]")?.id : undefined;
    const top = key && at.getBoundingClientRect().top;
    for (const field of old.querySelectorAll("select, input:not([type=hidden])")) {
      const same = field.id && list.querySelector(`#${CSS.escape(field.id)}`);
      if (same) same.value = field.value;
    }
    old.replaceWith(list);
    if (key || row) {
      const next = document.querySelector(`[data-key="${CSS.escape(key ?? "")}"]`) ?? document.getElementById(row);
      if (next) {
        next.focus({ preventScroll: true });
        if (key) scrollBy(0, next.getBoundingClientRect().top - top); // nothing moves under the finger
      }
    }
    showKeys();
    const changes = [...texts(list)].filter(([id, text]) => before.get(id) !== text).map(([, text]) => text);
    if (changes.length > 0) announce(changes.length > 3 ? list.dataset.changed : changes.join(". "));
  }

  // texts says of each row, by its id, who comes when and how far it is.
  function texts(list) {
    return new Map([...list.querySelectorAll("[data-row]")].map((row) =>
      [row.id, [".desk-time", "th", ".desk-state"].map((part) => row.querySelector(part).textContent).join(" ")]));
  }

  // --- single keys (WCAG 2.1, 2.1.4) -----------------------------------------

  function startKeys() {
    showKeys();
    addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
      if (event.target.closest("input, select, textarea, [contenteditable]")) return;
      if (!keysOn()) return;
      if (event.key === "j" || event.key === "k") return step(event.key === "j" ? 1 : -1, event);
      const button = event.target.closest("[data-row]")?.querySelector(`button[data-shortcut="${CSS.escape(event.key.toLowerCase())}"]`);
      if (!button) return;
      event.preventDefault();
      button.click();
    });
  }

  // step goes to the next row, or the one before.
  function step(by, event) {
    const rows = [...document.querySelectorAll("[data-row]")];
    if (rows.length === 0) return;
    const here = rows.indexOf(document.activeElement.closest?.("[data-row]"));
    const next = here < 0 ? 0 : here + by;
    rows[Math.min(Math.max(next, 0), rows.length - 1)].focus();
    event.preventDefault();
  }

  // showKeys shows what says which keys there are, and the way to turn them
  // off and on, which is a parameter of the address.
  function showKeys() {
    const list = document.querySelector("[data-day]");
    list.classList.toggle("day--keys", keysOn());
    for (const part of list.querySelectorAll("[data-day-keys]")) part.hidden = false;
  }

  function keysOn() {
    return document.querySelector("[data-day]").dataset.keys === "on";
  }

  function announce(text) {
    say.textContent = "";
    setTimeout(() => { say.textContent = text; }, 100); // the same words again are news, too
  }
}
