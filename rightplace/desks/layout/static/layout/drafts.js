// Keeps what is typed into a form on this device until it was sent, so that a phone without a connection loses nothing.
// Without this script the form works as any other. Drafts older than fourteen days are removed.

const FOR_DAYS = 14;
const SKIPPED = new Set(["once", "version", "csrfmiddlewaretoken"]);

for (const form of document.querySelectorAll("form[data-draft]")) keep(form);
for (const shown of document.querySelectorAll("[data-draft-sent]")) settle(shown);
forget_old();

function keep(form) {
  const key = `draft:${form.dataset.draft}`;
  const state = document.getElementById(form.dataset.draftState);
  const version = form.elements.version?.value;
  const held = read(key);
  if (held && held.version === version && !document.querySelector(".govuk-error-summary")) {
    fill(form, held.entries);
    say(state, `What you typed on ${new Date(held.at).toLocaleString("en-GB")} is here again. It was not sent yet.`);
  } else if (held && held.version !== version) {
    localStorage.removeItem(key);
  }
  let once = held && held.version === version ? held.once : form.elements.once?.value;
  let waits = Boolean(held?.waits);
  let sending = false;
  if (once && form.elements.once) form.elements.once.value = once;

  const save = () => {
    try {
      localStorage.setItem(key, JSON.stringify({ at: Date.now(), version, once, waits, entries: entries_of(form) }));
      if (!waits) say(state, "Kept on this device. Not sent yet.");
    } catch {
      say(state, "This device has no room to keep a draft. Stay on this page until it is sent.");
    }
  };
  form.addEventListener("input", save);
  form.addEventListener("change", save);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await send();
  });
  window.addEventListener("online", () => waits && send());
  if (waits && navigator.onLine) send();

  // One at a time: the connection's return and the opened page may both ask for it, and a second one cut off by
  // the page's going would keep again what was just sent.
  async function send() {
    if (sending) return;
    sending = true;
    await post();
    sending = false;
  }

  async function post() {
    say(state, "Sending …");
    let answer;
    try {
      answer = await fetch(form.action || location.href, { method: "POST", body: new FormData(form), credentials: "same-origin" });
    } catch {
      waits = true;
      save();
      say(state, "No connection. It is kept on this device and sent by itself when the connection is back. Keep this page open.");
      return;
    }
    waits = false;
    if (answer.redirected && !new URL(answer.url).pathname.startsWith("/sign-in/")) {
      localStorage.removeItem(key);
      location.assign(answer.url);
      return new Promise(() => {}); // the page goes: nothing of it is sent or kept again
    }
    save();
    if (answer.redirected || answer.status === 403) {
      say(state, "You are signed out. Sign in again in another tab, open this page anew and send it: nothing is lost.");
      return;
    }
    // The server says what is wrong: show its page, which has every entry in it.
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const main = page.querySelector("main");
    if (!main) {
      say(state, "It could not be sent. It is kept on this device: try again.");
      return;
    }
    document.querySelector("main").replaceWith(main);
    main.querySelector(".govuk-error-summary")?.scrollIntoView();
    for (const fresh of main.querySelectorAll("form[data-draft]")) {
      localStorage.removeItem(key);
      keep(fresh);
      fresh.dispatchEvent(new Event("input"));
    }
  }
}

// What was sent is shown: a phone that lost the answer lets its draft go. Words that were never sent stay and are shown.
function settle(shown) {
  const key = `draft:${shown.dataset.draftSent}`;
  const held = read(key);
  if (!held) return;
  const words = held.entries.find(([name]) => name === "words")?.[1] ?? "";
  const as_one = (text) => text.replace(/\s+/g, " ").trim();
  if (!words || as_one(words) === as_one(shown.textContent)) {
    localStorage.removeItem(key);
    return;
  }
  say(document.getElementById(shown.dataset.draftState), `This device keeps other words about this, which were not sent: ${words}`);
}

function entries_of(form) {
  return [...new FormData(form)].filter(([name, value]) => !SKIPPED.has(name) && typeof value === "string");
}

function fill(form, entries) {
  for (const [name, value] of entries) {
    for (const input of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (input.type === "radio" || input.type === "checkbox") input.checked = input.checked || input.value === value;
      else input.value = value;
    }
  }
  for (const radio of form.querySelectorAll("input[type=radio]")) {
    const chosen = entries.find(([name]) => name === radio.name);
    if (chosen) radio.checked = radio.value === chosen[1];
  }
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function say(state, words) {
  if (!state) return;
  state.hidden = false;
  state.textContent = words;
}

function forget_old() {
  const oldest = Date.now() - FOR_DAYS * 24 * 60 * 60 * 1000;
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith("draft:") && (read(key)?.at ?? 0) < oldest) localStorage.removeItem(key);
  }
}
