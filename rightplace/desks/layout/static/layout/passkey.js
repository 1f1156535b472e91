// Passkeys: asks this site what to ask the browser, and the browser for it; then the form goes its usual way.
// A form says what it wants by data-passkey="make" or "show". Where a browser knows no passkeys its parts stay hidden.
const forms = document.querySelectorAll("form[data-passkey]");
const json = window.webauthnJSON;

async function fill(form) {
  const wanted = form.dataset.passkey;
  const sent = new FormData();
  sent.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  if (form.elements.once) sent.set("once", crypto.randomUUID());
  sent.set("to", wanted);
  const answer = await fetch("/sign-in/passkey-options/", { method: "POST", body: sent, credentials: "same-origin" });
  if (!answer.ok) throw new Error(`The site answered ${answer.status}`);
  const options = await answer.json();
  const credential = wanted === "make" ? await json.create(options) : await json.get(options);
  form.elements.credential.value = JSON.stringify(credential);
  form.submit();
}

function say(form, words) {
  const place = form.querySelector("[data-passkey-words]");
  if (place) place.textContent = words;
}

for (const form of window.PublicKeyCredential && json ? forms : []) {
  form.classList.add("rp-passkey--known");
  form.closest("[data-passkey-part]")?.classList.add("rp-passkey--known");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    say(form, "");
    fill(form).catch((error) => {
      const left = error.name === "NotAllowedError" || error.name === "AbortError";
      say(form, left ? "Nothing was chosen. Try again when you are ready." : "This did not work here. Use a code instead, or try again.");
    });
  });
}
