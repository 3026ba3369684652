// SPDX-License-Identifier: EUPL-1.2

// Makes the pages a little nicer. Every page works without it.

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const lang = document.documentElement.lang;

// --- the list of services is filtered while somebody types -----------------

// fold makes a text comparable: lower case, no accents, ß as ss.
function fold(text) {
  return text.toLowerCase().replaceAll("ß", "ss").normalize("NFKD").replace(/\p{M}/gu, "");
}

// spelt is fold, and once more with the umlauts written as two letters.
function spelt(text) {
  const pairs = text.toLowerCase().replaceAll("ä", "ae").replaceAll("ö", "oe").replaceAll("ü", "ue");
  return `${fold(text)} ${fold(pairs)}`;
}

function startFilter(input) {
  const say = document.querySelector("[data-filter-say]");
  const none = document.querySelector("[data-filter-none]");
  const groups = all("[data-filter-group]");
  const items = all("[data-words]").map((element) => ({ element, words: spelt(element.dataset.words) }));
  if (groups.length === 0) return; // the page shows the results of a search
  let waiting;

  function apply() {
    const wanted = fold(input.value).split(/\s+/).filter(Boolean);
    for (const item of items) {
      item.element.hidden = !wanted.every((word) => item.words.includes(word));
    }
    let count = 0;
    for (const group of groups) {
      const open = all("[data-words]:not([hidden])", group).length;
      group.hidden = open === 0;
      count += open;
    }
    none.hidden = count > 0;
    clearTimeout(waiting);
    waiting = setTimeout(() => { // a reader should hear the last count only
      say.textContent = wanted.length === 0 ? ""
        : count === 0 ? say.dataset.none
        : say.dataset.text.replace("{n}", count);
    }, 700);
  }

  input.addEventListener("input", apply);
  if (input.value) apply(); // the browser may have kept it over a reload
}

// --- how long the reservation lasts ----------------------------------------

function startHold(box) {
  const end = Date.now() + Number(box.dataset.seconds) * 1000;
  const left = box.querySelector("[data-hold-left]");
  const say = box.querySelector("[data-hold-say]");
  const format = new Intl.NumberFormat(lang, { style: "unit", unit: "minute", unitDisplay: "long" });
  const fill = (text, minutes) => text.replace("{time}", format.format(minutes));
  let timer;

  function tick() {
    const seconds = (end - Date.now()) / 1000;
    if (seconds <= 0) {
      box.querySelector("[data-hold-until]").hidden = true;
      say.textContent = box.dataset.over;
      say.classList.remove("kern-sr-only"); // everybody should see this
      box.classList.remove("hold--soon");
      box.classList.add("hold--over");
      clearInterval(timer);
      return;
    }
    const soon = seconds <= 120;
    const place = soon ? say : left;
    const text = fill(soon ? box.dataset.soon : box.dataset.left, Math.ceil(seconds / 60));
    if (place.textContent === text) return;
    place.textContent = text;
    if (soon) {
      left.textContent = "";
      say.classList.remove("kern-sr-only");
      box.classList.add("hold--soon");
    }
  }

  timer = setInterval(tick, 1000);
  tick();
}

// --- a form is sent once ----------------------------------------------------

function sendOnce(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 8000); // no answer: let them try again
  });
}

// A page that comes back from the browser's memory can be used again.
addEventListener("pageshow", () => {
  for (const form of all("form[data-once]")) delete form.dataset.sent;
});

// --- printing ---------------------------------------------------------------

for (const button of all("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

all("[data-filter]").forEach(startFilter);
all("[data-hold]").forEach(startHold);
all("form[data-once]").forEach(sendOnce);
