// A headless Chromium of the machine, driven by packages that are installed into target/validators when they are missing.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const PACKAGES = { "playwright-core": "1.65.1", "axe-core": "4.14.1" };
const BROWSERS = [
  process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
const folder = path.join(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), "../../target/validators");

function installed([name, version]) {
  const file = path.join(folder, "node_modules", name, "package.json");
  return existsSync(file) && JSON.parse(readFileSync(file, "utf8")).version === version;
}

if (!Object.entries(PACKAGES).every(installed)) {
  mkdirSync(folder, { recursive: true });
  const wanted = Object.entries(PACKAGES).map((own) => own.join("@"));
  const quiet = ["--no-save", "--no-fund", "--no-audit", "--loglevel=error"];
  execFileSync("npm", ["install", "--prefix", folder, ...quiet, ...wanted], { stdio: ["ignore", "ignore", "inherit"] });
}

export const require = createRequire(folder + path.sep);

export function launch() {
  const executablePath = BROWSERS.find((candidate) => candidate && existsSync(candidate));
  if (!executablePath) throw new Error("no Chromium found; install one or set CHROMIUM to its path");
  // Containers have no user namespaces, which Chromium's sandbox needs; the pages are our own and load nothing.
  return require("playwright-core").chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-quic"] });
}
