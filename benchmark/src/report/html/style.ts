/** The page's style: system fonts, light and dark, and paper. Nothing is fetched. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --ink: #1a2230; --soft: #566175; --line: #dde2ea; --grid: #e8ecf2;
  --accent: #2459c4; --accent-soft: #a9c1ef; --second: #0d7d73; --baseline: #b45309; --good: #17704a; --good-bg: #e2f4ea;
  --bad: #a8261b; --bad-bg: #fbe6e3; --warn: #8a5200; --warn-bg: #fdf0d8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #10141b; --card: #181e28; --ink: #e6eaf1; --soft: #9ea9bc; --line: #2c3544; --grid: #252d3a;
    --accent: #82aaff; --accent-soft: #35507f; --second: #5ccbbd; --baseline: #f0a04b; --good: #7fd6a6; --good-bg: #173527;
    --bad: #ff9c91; --bad-bg: #43201d; --warn: #f2c16b; --warn-bg: #3d2f14;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 900px; margin: 0 auto; padding: 32px 20px 48px; }
header { margin-bottom: 24px; }
.eyebrow { margin: 0; color: var(--soft); font-size: 13px; letter-spacing: .04em; text-transform: uppercase; }
h1 { margin: 2px 0 4px; font-size: 28px; line-height: 1.2; overflow-wrap: anywhere; }
h2 { margin: 0 0 12px; font-size: 18px; }
h3 { margin: 20px 0 8px; font-size: 15px; }
p { margin: 8px 0; }
.soft, caption, figcaption { color: var(--soft); }
.badges { display: flex; flex-wrap: wrap; gap: 8px; margin: 12px 0 0; padding: 0; list-style: none; }
.badge { padding: 2px 10px; border-radius: 999px; font-size: 13px; border: 1px solid var(--line); background: var(--card); }
.badge.good { color: var(--good); background: var(--good-bg); border-color: transparent; }
.badge.bad { color: var(--bad); background: var(--bad-bg); border-color: transparent; font-weight: 600; }
.badge.warn { color: var(--warn); background: var(--warn-bg); border-color: transparent; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 20px 22px; margin: 16px 0; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(250px, 1fr)); gap: 12px; margin: 0; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px 16px; }
.card dt { color: var(--soft); font-size: 13px; }
.card dd { margin: 0; }
.card .figure { font-size: 24px; font-weight: 650; line-height: 1.3; font-variant-numeric: tabular-nums; }
.card .beside { color: var(--soft); font-size: 13px; }
figure { margin: 0 0 12px; overflow-x: auto; }
figcaption { font-size: 13px; }
svg { display: block; width: 100%; min-width: 560px; height: auto; font: 12px system-ui, "Segoe UI", Roboto, Arial, sans-serif; }
svg text { fill: var(--ink); }
svg .axis text, svg .note { fill: var(--soft); }
svg .grid { stroke: var(--grid); }
svg .base { stroke: var(--line); }
svg .interval { stroke: var(--accent-soft); stroke-width: 8; }
svg .point { fill: var(--accent); stroke: var(--card); stroke-width: 1.5; }
svg .baseline { stroke: var(--baseline); stroke-width: 2.5; }
svg .overall text { font-weight: 650; }
svg .value { font-variant-numeric: tabular-nums; }
svg .curve { fill: none; stroke: var(--accent); stroke-width: 2; stroke-linejoin: round; }
svg .curve.first, svg .curve.second { stroke: var(--second); stroke-dasharray: 6 3; }
svg .curve.third { stroke: var(--baseline); stroke-dasharray: 2 3; }
svg .chosen line { stroke: var(--accent); }
svg .chosen text { fill: var(--accent); font-weight: 650; }
svg .slots line { stroke: var(--baseline); stroke-dasharray: 5 4; }
svg .slots text { fill: var(--baseline); }
svg .enough { stroke: var(--soft); stroke-dasharray: 2 4; }
svg .phase { fill: var(--grid); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-size: 13px; padding-bottom: 6px; max-width: calc(100vw - 84px); }
th, td { padding: 4px 8px; text-align: right; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 500; }
thead th { color: var(--soft); font-weight: 600; font-size: 13px; white-space: nowrap; }
th:first-child, td:first-child, .words { text-align: left; }
tbody tr:last-child > * { border-bottom: 0; }
tr.overall > * { border-top: 2px solid var(--line); font-weight: 650; }
tr.chosen > * { background: color-mix(in srgb, var(--accent-soft) 25%, transparent); }
.number { white-space: nowrap; }
li.warning { color: var(--warn); }
ul.plain { margin: 8px 0; padding-left: 20px; }
.answer { white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate; text-align: left; font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 12.5px; }
dl.facts { display: grid; grid-template-columns: max-content 1fr; gap: 4px 18px; margin: 0; font-size: 14px; }
dl.facts dt { color: var(--soft); }
dl.facts dd { margin: 0; overflow-wrap: anywhere; }
code { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 12.5px; font-weight: 400; overflow-wrap: anywhere; }
footer { color: var(--soft); font-size: 13px; margin-top: 20px; }
@media (max-width: 560px) { dl.facts { grid-template-columns: 1fr; } dl.facts dd { margin-bottom: 6px; } }
@media print {
  :root {
    color-scheme: light;
    --page: #ffffff; --card: #ffffff; --ink: #000000; --soft: #444444; --line: #bbbbbb; --grid: #dddddd;
    --accent: #2459c4; --accent-soft: #a9c1ef; --second: #0d7d73; --baseline: #b45309; --good: #17704a; --good-bg: #ffffff;
    --bad: #a8261b; --bad-bg: #ffffff; --warn: #8a5200; --warn-bg: #ffffff;
  }
  @page { margin: 14mm; }
  body { font-size: 10pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  main, caption { max-width: none; }
  main { padding: 0; }
  table { font-size: 9pt; }
  th, td { padding: 3px 6px; }
  .scroll, figure { overflow: visible; }
  .cards { grid-template-columns: repeat(3, 1fr); }
  section { border: 0; padding: 0; margin: 18px 0; }
  figure, tr, .card, h2, h3 { break-inside: avoid; }
  h2, h3, caption { break-after: avoid; }
  .badge { border-color: var(--line) !important; }
}
`;
