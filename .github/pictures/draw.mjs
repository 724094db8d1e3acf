// Draws terminal.svg from ANSI text and report.png from the HTML report. Usage: node draw.mjs SCRATCH TARGET
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { launch } from "../../tests/validators/browser.mjs";

const COLUMNS = 100, LINES = 45, CELL = 8.4, LINE = 19, MARGIN = 20, BAR = 34;
const COLOURS = { 31: "#ff7b72", 32: "#56d364", 33: "#e3b341", 34: "#79c0ff", 35: "#d2a8ff", 36: "#56d4dd" };

const escape = (text) => text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);

/** The style after one SGR sequence; only what the program uses. */
function styled(style, codes) {
  let next = { ...style };
  for (const code of codes.split(";").map(Number)) {
    if (code === 0) next = {};
    else if (code === 1) next.bold = true;
    else if (code === 2) next.dim = true;
    else if (code === 3) next.italic = true;
    else if (code === 4) next.underline = true;
    else if (COLOURS[code % 60]) next.colour = COLOURS[code % 60];
    else throw new Error(`the picture knows no colour ${code}`);
  }
  return next;
}

/** One line as text elements, each at the column where it starts. */
function line(text, y) {
  let style = {}, column = 0, out = "";
  for (const part of text.split(/(\x1b\[[0-9;]*m)/)) {
    const codes = /^\x1b\[([0-9;]*)m$/.exec(part);
    if (codes) {
      style = styled(style, codes[1] || "0");
      continue;
    }
    const width = [...part].length;
    const from = width - [...part.trimStart()].length;
    const shown = part.trim();
    if (shown) {
      const looks = [
        style.colour && `fill="${style.colour}"`, style.bold && 'font-weight="600"', style.dim && 'opacity="0.65"',
        style.italic && 'font-style="italic"', style.underline && 'text-decoration="underline"',
      ].filter(Boolean).join(" ");
      const x = (MARGIN + (column + from) * CELL).toFixed(1), length = ([...shown].length * CELL).toFixed(1);
      out += `<text x="${x}" y="${y}" textLength="${length}" xml:space="preserve" ${looks}>${escape(shown)}</text>\n`;
    }
    column += width;
  }
  return out;
}

function terminal(text) {
  const lines = text.trimEnd().split("\n");
  const shown = ["\x1b[2m$\x1b[0m \x1b[1mzdr-check scan --demo\x1b[0m", ...lines.slice(0, LINES)];
  if (lines.length > LINES) shown.push("", `\x1b[2m… and ${lines.length - LINES} more lines\x1b[0m`);
  const width = Math.ceil(COLUMNS * CELL + 2 * MARGIN), height = BAR + shown.length * LINE + MARGIN;
  const dots = ["#ff5f57", "#febc2e", "#28c840"].map((fill, place) => `<circle cx="${20 + place * 20}" cy="17" r="6" fill="${fill}"/>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="What zdr-check scan --demo prints"
 font-family="ui-monospace, 'Cascadia Mono', 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="#e6edf3">
<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>
${dots.join("")}
${shown.map((text, place) => line(text, BAR + (place + 1) * LINE - 5)).join("")}</svg>
`;
}

async function page(report, target) {
  const browser = await launch();
  const page = await browser.newPage({ viewport: { width: 1200, height: 1180 } });
  await page.goto(pathToFileURL(report).href);
  await page.screenshot({ path: target });
  await browser.close();
}

const [scratch, target] = process.argv.slice(2);
writeFileSync(path.join(target, "terminal.svg"), terminal(readFileSync(path.join(scratch, "terminal.txt"), "utf8")));
await page(path.join(scratch, "report.html"), path.join(target, "report.png"));
