// SPDX-License-Identifier: EUPL-1.2

// Passkeys (WebAuthn), of those who work here and of citizens: shows the
// buttons for them, and speaks with the device on the page that was made for
// it. Without a script or without passkeys in the browser nothing of this is
// shown. Browsers have none for hosts that are numbers, such as 127.0.0.1; the
// page says so.

const all = (selector) => [...document.querySelectorAll(selector)];
const numbered = /^\[|^[\d.]+$/.test(location.hostname);
const able = !numbered && typeof PublicKeyCredential !== "undefined" && Boolean(navigator.credentials);

for (const offer of all("[data-passkey-offer]")) offer.hidden = !able;
for (const text of all("[data-passkey-numbered]")) text.hidden = !numbered;

// --- binary values travel as base64url without padding (RFC 4648, section 5)

function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (c) => c.charCodeAt(0));
}

function base64(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

// request is the server's JSON with the binary fields that a call needs.
function request(options) {
  const out = { ...options, challenge: bytes(options.challenge) };
  if (options.user) out.user = { ...options.user, id: bytes(options.user.id) };
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    if (options[list]) out[list] = options[list].map((c) => ({ ...c, id: bytes(c.id) }));
  }
  return out;
}

// answer is a credential as JSON for the server (WebAuthn, section 5.1.8).
function answer(credential) {
  const r = credential.response;
  const response = { clientDataJSON: base64(r.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (r[name]) response[name] = base64(r[name]);
  }
  if (r.getTransports) response.transports = r.getTransports();
  return {
    id: credential.id,
    rawId: base64(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  };
}

// --- the page on which the device is asked --------------------------------

function ceremony(form) {
  const say = form.querySelector("[data-passkey-say]");
  const button = form.querySelector("[data-passkey-start]");
  const publicKey = request(JSON.parse(form.dataset.options).publicKey);
  const register = form.dataset.passkey === "create";

  async function run() {
    button.disabled = true;
    say.textContent = say.dataset.waiting;
    try {
      const credential = register
        ? await navigator.credentials.create({ publicKey })
        : await navigator.credentials.get({ publicKey });
      form.elements.credential.value = JSON.stringify(answer(credential));
      form.submit();
    } catch (error) {
      say.textContent = error.name === "InvalidStateError" ? say.dataset.known : say.dataset.failed;
      button.disabled = false;
      button.focus();
    }
  }

  if (!able) {
    say.textContent = numbered ? "" : say.dataset.unable; // the page says why
    return;
  }
  button.hidden = false;
  button.addEventListener("click", run);
  run();
}

all("form[data-passkey]").forEach(ceremony);
