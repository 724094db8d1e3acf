// What an HTML report must be, seen from inside a browser. Prints one line per report and every complaint; exits with 1 if any.
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { launch, require } from "./browser.mjs";

const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const DESKTOP = { viewport: { width: 1280, height: 900 } };
const PHONE = { viewport: { width: 360, height: 780 } };

/** Opens the report; whatever the page does that it must not do becomes a complaint. */
async function open(browser, url, options, complain) {
  const context = await browser.newContext(options);
  await context.addInitScript(() => {
    globalThis.violations = [];
    document.addEventListener("securitypolicyviolation", (event) => globalThis.violations.push(event.violatedDirective));
  });
  const page = await context.newPage();
  page.on("console", (message) => complain(`console: ${message.text()}`));
  page.on("pageerror", (error) => complain(`script error: ${error.message}`));
  page.on("dialog", (dialog) => { complain("a dialog opened"); dialog.dismiss(); });
  page.on("request", (request) => { if (request.url().split("#")[0] !== url) complain(`request: ${request.url()}`); });
  await page.goto(url, { waitUntil: "load" });
  return page;
}

async function injectsNothing(page, check) {
  const found = await page.evaluate(() => {
    const all = Array.from(document.querySelectorAll("*"));
    const own = new Set(["https:", "file:"]);
    return {
      scripts: document.scripts.length,
      styles: document.querySelectorAll("style").length,
      loading: all.filter((element) => element.matches("img, iframe, object, embed, link, base, audio, video, source, image, foreignObject")).map((element) => element.outerHTML),
      attributes: all.flatMap((element) => element.getAttributeNames().filter((name) => name.startsWith("on") || name === "style" || name === "srcdoc")),
      targets: Array.from(document.links, (link) => link.href).filter((href) => !own.has(new URL(href).protocol)),
      ids: all.map((element) => element.id).filter((id, place, ids) => id && ids.indexOf(id) !== place),
      hidden: document.body.textContent.match(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/u)?.index,
      violations: globalThis.violations,
    };
  });
  check(found.scripts === 1 && found.styles === 1, `${found.scripts} scripts and ${found.styles} styles instead of one each`);
  check(found.loading.length === 0, `elements that load something: ${found.loading.slice(0, 3)}`);
  check(found.attributes.length === 0, `attributes that run or style: ${found.attributes.slice(0, 3)}`);
  check(found.targets.length === 0, `links that are not https: ${found.targets.slice(0, 3)}`);
  check(found.ids.length === 0, `ids twice: ${found.ids.slice(0, 3)}`);
  check(found.hidden === undefined, `a control or direction character at ${found.hidden} of the text`);
  check(found.violations.length === 0, `policy violations: ${found.violations}`);
}

/** The policy is in force: what somebody would inject does not run. Breaks the rules on purpose, so it comes last. */
async function policyHolds(browser, url, check) {
  const page = await open(browser, url, DESKTOP, () => {});
  const ran = await page.evaluate(async () => {
    const script = document.createElement("script");
    script.textContent = "globalThis.pwned = true";
    document.body.append(script);
    const image = document.createElement("img");
    image.setAttribute("onerror", "globalThis.pwned = true");
    image.src = "data:,x";
    document.body.append(image);
    await new Promise((resolve) => setTimeout(resolve, 100));
    return { pwned: globalThis.pwned === true, violations: globalThis.violations.length };
  });
  check(!ran.pwned && ran.violations >= 2, "the content security policy lets an injected script or image through");
  await page.context().close();
}

async function keyboardWorks(page, check) {
  if (await page.locator("#account-table").count() === 0) return;
  const rows = page.locator("#account-table tbody tr");
  const visible = () => rows.evaluateAll((all) => all.filter((row) => row.checkVisibility()).length);
  const total = await rows.count();
  const tabTo = async (matches) => {
    for (let step = 0; step < 400; step++) {
      await page.keyboard.press("Tab");
      if (await page.evaluate(matches)) return true;
    }
    return false;
  };
  await page.evaluate(() => { document.activeElement?.blur(); scrollTo(0, 0); });
  check(await tabTo(() => document.activeElement.id === "account-text"), "Tab does not reach the search field");
  await page.keyboard.type("no account has this name");
  await page.waitForFunction(() => document.getElementById("account-count").textContent.startsWith("0 of"));
  check(await visible() === 0, "the filter hides nothing");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.press("Delete");
  await page.waitForFunction((count) => document.getElementById("account-count").textContent.startsWith(`${count} of`), total);
  check(await visible() === total, "an empty filter does not show all accounts");
  check(await page.locator("#account-count").getAttribute("aria-live") === "polite", "the count is not announced");

  check(await tabTo(() => document.activeElement.matches("#account-table thead button")), "Tab does not reach the sort buttons");
  const names = () => page.locator("#account-table tbody th > :first-child").allTextContents();
  const sort = () => page.locator("#account-table thead th").first().getAttribute("aria-sort");
  await page.keyboard.press("Enter");
  const up = await names();
  check(await sort() === "ascending", "Enter does not sort");
  await page.keyboard.press("Space");
  const down = await names();
  check(await sort() === "descending" && String(down) === String([...up].reverse()), "Space does not turn the order round");
  const collator = new Intl.Collator("en-US", { numeric: true });
  check(up.every((name, place) => place === 0 || collator.compare(up[place - 1], name) <= 0), "the accounts are not sorted");

  const focus = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  check(focus !== "none", "the focus is not visible");
}

async function resultFilterWorks(page, check) {
  const results = page.locator(".r");
  const total = await results.count();
  for (const outcome of await page.locator("#result-outcome option").evaluateAll((all) => all.map((option) => option.value))) {
    await page.locator("#result-outcome").selectOption(outcome);
    await page.waitForTimeout(300);
    const shown = await results.evaluateAll((all) => all.filter((row) => !row.hidden && row.closest("[hidden]") === null).map((row) => row.dataset.outcome));
    const wanted = await results.evaluateAll((all, word) => all.filter((row) => !word || row.dataset.outcome === word || (word === "open" && ["fail", "unknown", "manual"].includes(row.dataset.outcome))).length, outcome);
    check(shown.length === wanted, `the outcome filter ${outcome || "any"} shows ${shown.length} of ${wanted} results`);
    const said = await page.locator("#result-count").textContent();
    check(said.startsWith(String(shown.length)) && said.includes(String(total)), `the count says ${said}`);
  }
}

/** The link from an account to its open results, by keyboard; the number it names is the number it shows. */
async function accountLeadsToItsResults(page, check) {
  const link = page.locator("[data-account]").first();
  if (await link.count() === 0) return;
  const wanted = parseInt(await link.textContent(), 10);
  await link.focus();
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.getElementById("result-count").textContent.includes("account"));
  const said = await page.locator("#result-count").textContent();
  check(said.startsWith(`${wanted} of`), `the account has ${wanted} open results, the list says: ${said}`);
  const seen = await page.locator(".r").evaluateAll((all) => all.filter((row) => row.checkVisibility()).length);
  check(seen === wanted, `the account has ${wanted} open results, ${seen} are visible`);
  await page.locator("#result-filter [type=reset]").press("Enter");
  await page.waitForFunction(() => !document.getElementById("result-count").textContent.includes("account"));
}

const overflows = (page) => page.evaluate(() => {
  for (const part of document.querySelectorAll("details")) part.open = true;
  return document.documentElement.scrollWidth - document.documentElement.clientWidth;
});

async function accessible(page, name, check) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  for (const own of found.violations.filter((violation) => ["serious", "critical"].includes(violation.impact))) {
    check(false, `axe, ${name}: ${own.id} (${own.impact}) at ${own.nodes.slice(0, 3).map((node) => node.target).join(", ")}`);
  }
  const headings = await page.locator("h1, h2, h3, h4").evaluateAll((all) => all.map((heading) => Number(heading.tagName[1])));
  check(headings.filter((level) => level === 1).length === 1, "there is not exactly one h1");
  check(headings.every((level, place) => place === 0 || level - headings[place - 1] <= 1), "a heading level is left out");
}

async function completeWithoutScript(browser, url, complain, check) {
  const page = await open(browser, url, { ...DESKTOP, javaScriptEnabled: false }, complain);
  const text = readFileSync(new URL(url), "utf8");
  const counted = (await page.locator(".totals .b").allTextContents()).map((own) => parseInt(own, 10)).reduce((a, b) => a + b, 0);
  const rows = await page.locator("[data-rule][data-resource][data-outcome]").count();
  check(rows === counted && rows === text.split(" data-rule=").length - 1, `${rows} of ${counted} results are there without JavaScript`);
  check(await page.locator(".controls:visible").count() === 0, "filters that do not work are visible without JavaScript");
  const closed = page.locator(".rule:not([open])").first();
  if (await closed.count() > 0) {
    const id = await closed.locator("> summary").getAttribute("id");
    await page.locator(`#${id}`).click();
    check(await page.locator(`.rule[open] > #${id}`).count() === 1, "a closed rule does not open without JavaScript");
  }
  await page.context().close();
  return rows;
}

async function printsEverything(browser, url, complain, check) {
  const page = await open(browser, url, DESKTOP, complain);
  await page.emulateMedia({ media: "print" });
  const hidden = await page.locator(".r").evaluateAll((all) => all.filter((row) => !row.checkVisibility()).length);
  check(hidden === 0, `${hidden} results are not on paper`);
  check(await page.locator(".controls:visible").count() === 0, "controls are on paper");
  await page.context().close();
}

async function inspect(browser, file) {
  const url = pathToFileURL(file).href;
  const complaints = [];
  const complain = (text) => complaints.push(text);
  const check = (good, text) => { if (!good) complain(text); };

  const page = await open(browser, url, DESKTOP, complain);
  await injectsNothing(page, check);
  await keyboardWorks(page, check);
  await resultFilterWorks(page, check);
  await accountLeadsToItsResults(page, check);
  await accessible(page, "light", check);
  await page.context().close();
  const dark = await open(browser, url, { ...DESKTOP, colorScheme: "dark" }, complain);
  await accessible(dark, "dark", check);
  await dark.context().close();
  const phone = await open(browser, url, PHONE, complain);
  await accessible(phone, "phone", check);
  const over = await overflows(phone);
  check(over <= 0, `the page is ${over} px wider than a phone of 360 px`);
  await phone.context().close();
  const rows = await completeWithoutScript(browser, url, complain, check);
  await printsEverything(browser, url, complain, check);
  await policyHolds(browser, url, check);
  console.log(`${complaints.length === 0 ? "ok  " : "FAIL"} ${path.basename(file)}: ${rows} results`);
  for (const text of complaints) console.log(`     ${text}`);
  return complaints.length === 0;
}

const folder = process.argv[2];
const files = readdirSync(folder).filter((name) => name.endsWith(".html")).sort();
if (files.length === 0) {
  console.error(`no .html file in ${folder}`);
  process.exit(1);
}
const browser = await launch();
let good = true;
for (const name of files) good = (await inspect(browser, path.join(folder, name))) && good;
await browser.close();
process.exit(good ? 0 : 1);
