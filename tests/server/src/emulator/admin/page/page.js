// Shows the emulator's state, once a second. Every text goes in as text, never as markup.
"use strict";

const at = (id) => document.getElementById(id);
const shown = new WeakMap();
let begun = false;
let timer;

/** An element with properties, `data-` attributes, and texts or elements in it. */
function make(name, { data = {}, aria, ...properties } = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  Object.assign(element.dataset, data);
  if (aria) element.setAttribute("aria-label", aria);
  element.append(...children);
  return element;
}

const cell = (className, ...children) => make("td", { className }, ...children);

/** Makes a table's rows anew where they differ; the others stay, and with them the focus. */
function fill(body, items, key, row) {
  const old = new Map([...body.rows].map((one) => [one.dataset.key, one]));
  items.forEach((item, index) => {
    const name = String(key(item));
    const text = JSON.stringify(item);
    const before = old.get(name);
    old.delete(name);
    let now = before;
    if (!before || shown.get(before) !== text) {
      now = row(item);
      now.dataset.key = name;
      now.classList.toggle("fresh", begun);
      shown.set(now, text);
      if (before) before.replaceWith(now);
    }
    if (body.rows[index] !== now) body.insertBefore(now, body.rows[index] ?? null);
  });
  old.forEach((one) => one.remove());
}

const TONES = { Approved: "good", InReview: "warn", Denied: "bad" };

function customer(one) {
  const items = one.qualifications.map((item) => qualification(one, item));
  const where = one.country ? `${one.domain} · ${one.country}` : one.domain;
  return make("tr", {},
    cell("", make("div", { className: "name" }, one.company_name), make("div", { className: "muted" }, where), make("div", { className: "id" }, one.id)),
    cell("", ...(items.length ? items : [make("span", { className: "muted" }, "none")])));
}

function qualification(one, item) {
  const line = make("div", { className: "item" }, make("span", {}, item.qualification));
  if (item.vetting_status) {
    line.append(make("span", { className: `tag ${TONES[item.vetting_status]}` }, item.vetting_status));
  }
  if (item.vetting_status === "InReview") {
    for (const [word, status] of [["Approve", "Approved"], ["Deny", "Denied"]]) {
      const decide = () => ask("POST", "decide", { customer: one.id, status });
      line.append(make("button", { type: "button", onclick: decide, aria: `${word} ${one.company_name}` }, word));
    }
  }
  if (item.vetting_reason) line.append(make("span", { className: "reason" }, item.vetting_reason));
  return line;
}

function code(one) {
  const { remaining_creates: left, max_creates: most } = one;
  const meter = make("meter", { min: 0, max: Math.max(most, 1), low: 1, value: left, aria: `${left} of ${most} uses left` });
  return make("tr", {},
    cell("name", one.organization_name),
    cell("mono code", one.validation_id ?? one.masked),
    cell("", `${left} of ${most}`, meter));
}

const id = (kind, text) => make("div", { className: "id" }, make("span", {}, `${kind} `), text ?? "–");

function request(one) {
  const { status } = one;
  const tone = status === null || status >= 500 ? "bad" : status >= 400 ? "warn" : "good";
  const query = one.parameters.map((name) => `${name}=…`).join("&");
  return make("tr", {},
    cell("time", make("time", { dateTime: one.at }, new Date(one.at).toLocaleTimeString())),
    cell("", make("span", { className: "method" }, one.method), make("span", { className: "mono" }, one.path + (query && `?${query}`))),
    cell("", make("span", { className: `tag ${tone}` }, status === null ? "no answer" : String(status))),
    cell("", id("request", one.request_id), id("correlation", one.correlation_id)));
}

// The switches are made once, by the emulator's own table.
let usual = {};

function addSwitch({ name, about, values }, now) {
  const change = (value) => ask("PATCH", "switches", { [name]: value });
  const number = (member, value) =>
    make("input", { type: "number", min: 0, step: 1, required: true, value, data: { member }, aria: `${name} ${member}` });
  const controls = make("span", { className: "controls" });
  if (values.length) {
    const options = values.map((value) => make("option", { value }, value));
    const select = make("select", { aria: name }, ...options);
    select.onchange = () => change(select.value);
    controls.append(select);
  } else if (typeof now === "object") {
    const inputs = [number("next"), number("permille")];
    inputs[1].max = 1000;
    const both = () => inputs.every((one) => one.reportValidity()) &&
      change({ next: inputs[0].valueAsNumber, permille: inputs[1].valueAsNumber });
    inputs.forEach((one) => { one.onchange = both; });
    controls.append(make("label", {}, "next ", inputs[0]), make("label", {}, "‰ ", inputs[1]));
  } else {
    const input = number("");
    input.setAttribute("aria-label", name);
    input.onchange = () => input.reportValidity() && change(input.valueAsNumber);
    controls.append(input);
  }
  at("switches").append(make("fieldset", { data: { name } },
    make("legend", {}, name), controls, make("span", { className: "about" }, about)));
}

function showSwitches(now) {
  for (const one of at("switches").elements) {
    if (one.localName !== "fieldset") continue;
    const value = now[one.dataset.name];
    one.classList.toggle("changed", JSON.stringify(value) !== JSON.stringify(usual[one.dataset.name]));
    for (const control of one.querySelectorAll("input, select")) {
      const text = String(control.dataset.member ? value[control.dataset.member] : value);
      if (control !== document.activeElement || control.localName === "select") control.value = text;
    }
  }
}

function show(state) {
  at("url").textContent = state.url;
  at("applied").textContent = state.applied;
  at("applied-word").textContent = state.applied === 1 ? "change applied" : "changes applied";
  const { customers, customers_found: found, customers_in_all: all } = state;
  const part = found === all ? `${all}` : `${found} of ${all}`;
  at("customers-count").textContent = customers.length < found ? `${part}, the first ${customers.length} shown` : part;
  fill(at("customers"), customers, (one) => one.id, customer);
  const codes = state.validation_codes.map((one, index) => ({ ...one, index }));
  fill(at("codes"), codes, (one) => one.index, code);
  fill(at("requests"), state.requests, (one) => `${one.number} ${one.at}`, request);
  for (const name of ["customers", "codes", "requests"]) at(`no-${name}`).hidden = at(name).rows.length > 0;
  showSwitches(state.switches);
  begun = true;
}

async function fetched(method, call, body) {
  const options = { method, cache: "no-store" };
  if (body) Object.assign(options, { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const response = await fetch(`/emulator/${call}`, options);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

function problem(text) {
  at("problem").textContent = text;
  at("problem").hidden = !text;
}

/** Has something done, and shows what has become of it. */
async function ask(method, call, body) {
  try {
    await fetched(method, call, body);
    problem("");
  } catch (error) {
    problem(error.message);
  }
  await refresh();
}

let latest = 0;

async function refresh() {
  clearTimeout(timer);
  const mine = ++latest;
  const query = new URLSearchParams({ find: at("find").value });
  if (at("show-codes").checked) query.set("show", "codes");
  let state;
  try {
    state = await fetched("GET", `state?${query}`);
  } catch {
    state = null;
  }
  // Another one was asked for meanwhile, and knows more.
  if (mine !== latest) return;
  const reached = state ? "running" : "not reachable";
  // What is set anew is read out anew.
  if (at("reached").textContent !== reached) at("reached").textContent = reached;
  at("reached").className = state ? "up" : "down";
  if (state) show(state);
  if (!document.hidden) timer = setTimeout(refresh, 1000);
}

async function start() {
  const known = await fetched("GET", "behaviours");
  usual = known.usual;
  known.switches.forEach((one) => addSwitch(one, usual[one.name]));
  at("find").oninput = refresh;
  at("show-codes").onchange = refresh;
  at("usual").onclick = () => ask("PUT", "switches", {});
  at("reset").onclick = () => at("sure").showModal();
  at("sure").onclose = () => at("sure").returnValue === "reset" && ask("POST", "reset", {});
  at("switches").onsubmit = (event) => event.preventDefault();
  document.onvisibilitychange = () => document.hidden || refresh();
  await refresh();
}

start().catch((error) => problem(`The page cannot start: ${error.message}`));
