// The phone works without this script: each of its keys is a button of a form. With it, a key
// changes the phone and not the page, and the keyboard works as the keys of the phone.
"use strict";

const view = document.getElementById("phone-view");
const choice = document.querySelector(".phone-choice");
// A letter is finished after this time, so that the same key writes another one.
const LETTER_MILLISECONDS = 1200;
const KEYS = {
  ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right",
  Enter: "select", Escape: "back", F1: "soft1", F2: "soft2", F3: "soft3", F4: "soft4",
};
let last = Promise.resolve();
let timer = 0;

function refresh() {
  view.querySelector(".phone-hint").hidden = false;
  clearTimeout(timer);
  timer = setTimeout(() => {
    view.querySelector(".phone input[name=tapped]")?.remove();
  }, LETTER_MILLISECONDS);
}

async function press(key) {
  const query = new URLSearchParams(new FormData(view.querySelector(".phone")));
  query.set("press", key);
  const url = `?${query}`;
  const response = await fetch(url);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.getElementById("phone-view");
  if (!response.ok || !fresh) {
    location.assign(url);
    return;
  }
  const focused = view.contains(document.activeElement) ? document.activeElement : null;
  const isOpen = view.querySelector("#phone-xml")?.open;
  view.dataset.link = fresh.dataset.link;
  view.replaceChildren(...fresh.childNodes);
  if (isOpen) view.querySelector("#phone-xml")?.setAttribute("open", "");
  choice.elements.path.value = page.querySelector(".phone-choice").elements.path.value;
  history.replaceState(null, "", view.dataset.link);
  const same = focused?.value && view.querySelector(`.key[value="${CSS.escape(focused.value)}"]:enabled`);
  const next = same || view.querySelector(".display-field.chosen input");
  next?.focus();
  if (next?.setSelectionRange) next.setSelectionRange(next.value.length, next.value.length);
  const said = view.querySelector(".display .chosen") || view.querySelector(".display");
  document.getElementById("phone-said").textContent = said.innerText;
  refresh();
}

function enqueue(key) {
  last = last.then(() => press(key)).catch(() => location.reload());
}

view.addEventListener("submit", (event) => {
  event.preventDefault();
  enqueue(event.submitter?.value || "select");
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const target = event.target;
  if (target.closest("select, summary, pre, a")) return;
  const isText = target.matches("input");
  const isButton = target.matches("button");
  let key = KEYS[event.key] || (/^[0-9*#]$/.test(event.key) ? event.key : "");
  if (isText && !/^(up|down|back|soft.)$/.test(key)) return;
  if (isButton && key === "select") return;
  if (!key) return;
  event.preventDefault();
  enqueue(key);
});

choice.querySelector("button").hidden = true;
choice.addEventListener("change", () => choice.requestSubmit());
refresh();
