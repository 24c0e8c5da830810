// `make vendor`: writes the vendored browser files and their hashes in vendor.json. Run where node_modules is.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { PurgeCSS } from "purgecss";

const ROOT = process.argv[2];
const STATIC = join(ROOT, "frontend/static/frontend");
const VENDOR = join(STATIC, "vendor");
const APPS = ["frontend", "spaces", "tenants"];
// Classes that a template puts together: alert-{{ message.level_tag }}.
const PUT_TOGETHER = ["alert-info", "alert-success", "alert-warning", "alert-danger"];
const CLASS = /\.(-?[A-Za-z_][\w-]*)/g;

const read = (path) => readFileSync(path, "utf8");
const under = (folder, kind) => readdirSync(folder, { recursive: true }).map((name) => join(folder, name)).filter((path) => path.endsWith(kind)).sort();
const classes = (css) => new Set([...css.replace(/url\([^)]*\)/g, "").matchAll(CLASS)].map((match) => match[1]));

// Tabler's sheet without the rules, variables and keyframes of which no template, script or module holds the words.
async function purged(full) {
  const own = under(STATIC, ".css").filter((path) => !path.startsWith(VENDOR));
  const content = [...APPS.flatMap((app) => [...under(join(ROOT, app), ".html"), ...under(join(ROOT, app), ".py")]),
    ...under(STATIC, ".js").filter((path) => !path.startsWith(VENDOR))];
  const variables = own.flatMap((path) => [...read(path).matchAll(/var\((--tblr-[\w-]+)/g)].map((match) => match[1]));
  const [made] = await new PurgeCSS().purge({
    content, css: [{ raw: full }], keyframes: true, variables: true,
    safelist: { standard: PUT_TOGETHER, variables: [...new Set(variables)] },
  });
  return made.css;
}

// Read by tests/test_styles.py: a template that takes one of these needs `make vendor`.
function writeLost(full, kept) {
  const lost = [...classes(full)].filter((name) => !kept.has(name)).sort();
  writeFileSync(join(ROOT, ".ci/vendor/tabler-lost.txt"), `${lost.join("\n")}\n`);
}

function echarts() {
  const { outputFiles } = buildSync({
    stdin: { contents: read(join(ROOT, ".ci/vendor/echarts.entry.js")), resolveDir: "." },
    bundle: true, minify: true, write: false, legalComments: "none", format: "iife", globalName: "echarts", target: "chrome90",
  });
  return outputFiles[0].text;
}

const full = read("node_modules/@tabler/core/dist/css/tabler.min.css").replace(/\n?\/\*# sourceMappingURL=.*?\*\/\s*$/, "\n");
const sheet = await purged(full);
writeLost(full, classes(sheet));
const files = {
  "tabler.min.css": sheet,
  "htmx.min.js": `/*! htmx 4.0.1 (0BSD): licences/htmx.txt */\n${read("node_modules/htmx.org/dist/htmx.min.js")}\n`,
  "echarts.custom.min.js":
    `/*! Apache ECharts 6.1.0 (Apache-2.0), with zrender 6.1.0 (BSD-3-Clause) and tslib 2.3.0 (0BSD): licences/echarts.txt */\n${echarts()}`,
};
const manifest = JSON.parse(read(join(VENDOR, "vendor.json")));
for (const [name, text] of Object.entries(files)) {
  writeFileSync(join(VENDOR, name), text);
  manifest.files[name].sha256 = createHash("sha256").update(text).digest("hex");
}
writeFileSync(join(VENDOR, "vendor.json"), `${JSON.stringify(manifest, null, 2)}\n`);
