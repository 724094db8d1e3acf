"use strict";
// Filters, sorting and printing. The page is complete without this: it only hides, orders and opens what is already there.
(() => {
  const id = (name) => document.getElementById(name);
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const later = (work) => {
    let timer = 0;
    return () => { clearTimeout(timer); timer = setTimeout(work, 120); };
  };
  const texts = new WeakMap();
  const text = (element) => {
    if (!texts.has(element)) texts.set(element, element.textContent.toLowerCase());
    return texts.get(element);
  };
  const words = (input) => input.value.toLowerCase().split(/\s+/).filter(Boolean);
  const plural = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;
  const wire = (form, apply) => {
    form.hidden = false;
    form.addEventListener("input", later(apply));
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(apply));
    apply();
  };

  const table = id("account-table");
  if (table) {
    const body = table.tBodies[0];
    const rows = Array.from(body.rows);
    const search = id("account-text"), verdict = id("account-verdict"), subscription = id("account-subscription");
    wire(id("account-filter"), () => {
      const wanted = words(search);
      let shown = 0;
      for (const row of rows) {
        row.hidden = !(wanted.every((word) => text(row).includes(word)) &&
          (!verdict.value || row.dataset.verdict === verdict.value) &&
          (!subscription.value || row.dataset.subscription === subscription.value));
        shown += row.hidden ? 0 : 1;
      }
      id("account-count").textContent = `${shown} of ${plural(rows.length, "account")} shown`;
    });
    const collator = new Intl.Collator(undefined, { numeric: true });
    const heads = all("thead th", table);
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const key = (row) => row.cells[column].dataset.sort ?? row.cells[column].textContent.trim();
        const sorted = rows.map((row) => [key(row), row]).sort((a, b) => collator.compare(a[0], b[0]));
        if (down) sorted.reverse();
        body.append(...sorted.map(([, row]) => row));
      });
    });
  }

  const filter = id("result-filter");
  const results = all(".r"), rules = all(".rule");
  const search = id("result-text"), outcome = id("result-outcome"), severity = id("result-severity");
  const initial = new Map(all("#results details").map((part) => [part, part.open]));
  const isOpen = (word) => word === "fail" || word === "unknown" || word === "manual";
  const nameOf = (rank) => document.querySelector(`#a-${rank} th bdi`)?.textContent ?? rank;
  let account = null;
  const apply = () => {
    const wanted = words(search);
    const active = Boolean(wanted.length || outcome.value || severity.value || account !== null);
    let shown = 0;
    for (const row of results) {
      const own = row.dataset;
      const kind = !outcome.value || outcome.value === own.outcome || (outcome.value === "open" && isOpen(own.outcome));
      const of = account === null || account === own.a;
      const match = kind && of && (!severity.value || severity.value === own.severity) &&
        wanted.every((word) => text(row).includes(word) || text(row.closest(".rule").firstElementChild).includes(word));
      row.hidden = !match;
      shown += match ? 1 : 0;
    }
    for (const part of all(".rule, .settled", id("results"))) {
      const some = !active || part.querySelector(".r:not([hidden])") !== null;
      part.hidden = !some;
      part.open = active ? some : initial.get(part);
    }
    for (const axis of all(".axis")) axis.hidden = !axis.querySelector(".rule:not([hidden])");
    const of = account === null ? "" : ` of the account ${nameOf(account)}`;
    id("result-count").textContent = active ? `${shown} of ${plural(results.length, "result")} shown${of}` : `${plural(results.length, "result")} shown`;
  };
  wire(filter, apply);
  filter.addEventListener("reset", () => { account = null; });
  id("expand").addEventListener("click", () => { for (const rule of rules) if (!rule.hidden) rule.open = true; });
  id("collapse").addEventListener("click", () => { for (const rule of rules) rule.open = false; });
  for (const link of all("[data-account]")) {
    link.addEventListener("click", () => {
      filter.reset();
      setTimeout(() => { account = link.dataset.account; outcome.value = "open"; apply(); });
    });
  }

  const reveal = () => {
    const target = location.hash.length > 1 ? id(decodeURIComponent(location.hash.slice(1))) : null;
    for (let part = target?.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
    target?.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  if (location.hash) reveal();

  let before = [];
  addEventListener("beforeprint", () => {
    before = all("details:not([open])");
    for (const part of before) part.open = true;
  });
  addEventListener("afterprint", () => { for (const part of before) part.open = false; });
})();
