/** The only style sheet. System fonts, no address of any kind; printed on A4 landscape without anything cut. */
export const STYLES = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 24px; max-width: 1180px; color: #1b1b1f; background: #fff;
  font: 14px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 24px; line-height: 1.2; margin: 0 0 4px; }
h2 { font-size: 18px; margin: 32px 0 8px; padding-top: 8px; border-top: 2px solid #1b1b1f; break-after: avoid; }
h3 { font-size: 14px; margin: 16px 0 6px; break-after: avoid; }
p { margin: 4px 0 8px; }
ul { margin: 0; padding-left: 18px; }
code { font: 12px/1.4 ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; }
time { font-variant-numeric: tabular-nums; } time span, .unbroken { white-space: nowrap; }
.none, .note { color: #5a5d66; }
.summary { font-size: 16px; margin: 0 0 2px; }
.answers { display: grid; grid-template-columns: repeat(3, 1fr); gap: 12px; margin: 16px 0; }
.answer { border: 2px solid; border-radius: 6px; padding: 10px 12px; break-inside: avoid; }
.answer h2 { all: unset; display: block; font-size: 13px; color: #1b1b1f; }
.answer .value { font-size: 22px; font-weight: 700; line-height: 1.2; margin: 2px 0 6px; }
.answer ul { font-size: 13px; color: #1b1b1f; }
.answer.good { border-color: #1b6e3c; } .answer.good .value { color: #1b6e3c; }
.answer.wait { border-color: #7a5a00; border-style: dashed; } .answer.wait .value { color: #7a5a00; }
.answer.bad { border-color: #a4161a; background: #fdf0ef; } .answer.bad .value { color: #a4161a; }
.badge { display: inline-block; padding: 0 5px; border: 1px solid; border-radius: 3px; font-size: 12px; }
.badge.good { color: #1b6e3c; } .badge.wait { color: #7a5a00; border-style: dashed; }
.badge.bad { color: #fff; background: #a4161a; border-color: #a4161a; }
table { width: 100%; table-layout: fixed; border-collapse: collapse; margin: 6px 0 12px; font-size: 13px; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th, td { text-align: left; vertical-align: top; padding: 4px 8px 4px 0; border-bottom: 1px solid #d5d8de; }
th { border-bottom: 1px solid #1b1b1f; font-weight: 600; }
dl { display: grid; grid-template-columns: 170px 1fr; gap: 3px 12px; margin: 8px 0; }
dt { color: #5a5d66; } dd { margin: 0; }
figure { margin: 10px 0 16px; break-inside: avoid; }
figure svg { display: block; width: 100%; height: auto; }
figcaption { font-size: 12px; color: #5a5d66; margin-top: 4px; }
.callout { border-left: 4px solid #1b1b1f; padding: 2px 0 2px 12px; margin: 8px 0 12px; break-inside: avoid; }
.callout.bad { border-color: #a4161a; }
footer { margin-top: 32px; border-top: 1px solid #d5d8de; padding-top: 8px; font-size: 12px; color: #5a5d66; }
@media (max-width: 800px) { .answers { grid-template-columns: 1fr; } dl { grid-template-columns: 1fr; } }
@page { size: A4 landscape; margin: 12mm; }
@media print {
  body { padding: 0; max-width: none; font-size: 12px; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  table { font-size: 11px; } code { font-size: 10.5px; }
  h2 { margin-top: 20px; }
  .answer .value { font-size: 18px; } .answer ul { font-size: 11px; }
}
`;
