// SPDX-License-Identifier: EUPL-1.2

// Builds what the program serves under /assets/: style sheet, script and icon
// with the hash of their content in the name, compressed beside the plain
// file, and manifest.json with the plain names. Run by `npm run build`.
//
// The packages used are KERN and, for what is printed as PDF, DejaVu Sans
// Condensed: it has every letter of DIN 91379. KERN's fonts are left out: the
// pages use the fonts of the visitor's device.

import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const kern = new URL("../node_modules/@kern-ux/native/", import.meta.url);
const source = new URL("./", import.meta.url);
const dejavu = new URL("../node_modules/dejavu-fonts-ttf/ttf/", import.meta.url);
const dist = new URL("../internal/web/assets/dist/", import.meta.url);

const manifest = {};

await clean();
await write("site.css", await styles());
for (const name of await own(".js")) await write(name, await text(name));
for (const name of await own(".css")) {
  if (name !== "site.css") await write(name, withoutComments(await text(name)));
}
await write("favicon.svg", await text("favicon.svg"));
// Nobody fetches the font: the program draws with it. It names its makers and
// licence itself.
await copyFile(new URL("DejaVuSansCondensed.ttf", dejavu), new URL("print.ttf", dist));
await writeFile(new URL("manifest.json", dist), JSON.stringify(manifest, null, 2) + "\n");

// clean removes what an earlier run left; the file that keeps the folder in
// the repository stays.
async function clean() {
  await mkdir(dist, { recursive: true });
  for (const name of await readdir(dist)) {
    if (name !== ".gitignore") await rm(new URL(name, dist));
  }
}

// own lists our files of a kind: those of all pages are named site, passkey is
// for whoever logs in, the others are for those who work here.
async function own(ending) {
  return (await readdir(source)).filter((name) => name.endsWith(ending)).sort();
}

function text(name) {
  return readFile(new URL(name, source), "utf8");
}

// styles is KERN followed by our own rules in one file. The first comment
// carries KERN's licence; @charset is dropped because it may only stand at
// the very beginning and the server names the encoding.
async function styles() {
  const { version, license } = JSON.parse(await readFile(new URL("package.json", kern), "utf8"));
  const theirs = await readFile(new URL("dist/kern.min.css", kern), "utf8");
  const ours = await text("site.css");
  const note = `/* Contains KERN UX (@kern-ux/native) ${version}, Lizenziert unter der EUPL (${license}), https://kern-ux.de */`;
  const css = withoutFonts(theirs).replace(/^\uFEFF?@charset "[^"]*";/i, "");
  return `${note}\n${css}\n${withoutComments(ours)}`;
}

// withoutFonts drops @font-face rules, which never contain braces inside.
function withoutFonts(css) {
  return css.replace(/@font-face\s*\{[^}]*\}/g, "");
}

// withoutComments also drops the indentation; compression does the rest.
function withoutComments(css) {
  return css.replace(/\/\*[\s\S]*?\*\//g, "").replace(/\n\s+/g, "\n").replace(/\n{2,}/g, "\n").trim() + "\n";
}

async function write(name, content) {
  const bytes = Buffer.from(content);
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  const hashed = name.replace(/(\.[^.]+)$/, `.${hash}$1`);
  const gz = gzipSync(bytes, { level: 9 });
  const br = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  await writeFile(new URL(hashed, dist), bytes);
  await writeFile(new URL(`${hashed}.gz`, dist), gz);
  await writeFile(new URL(`${hashed}.br`, dist), br);
  manifest[name] = hashed;
  console.log(`${hashed}: ${bytes.length} bytes, ${gz.length} gzip, ${br.length} brotli`);
}
