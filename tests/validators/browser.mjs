// A headless Chromium of the machine, driven through the playwright-core in target/validators.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const known = [
  process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

export const require = createRequire(path.resolve("target/validators") + path.sep);

export function launch() {
  const executablePath = known.find((candidate) => candidate && existsSync(candidate));
  if (!executablePath) throw new Error("no Chromium found; install one or set CHROMIUM to its path");
  // Containers have no user namespaces, which Chromium's sandbox needs; the pages are our own and load nothing.
  return require("playwright-core").chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-quic"] });
}
