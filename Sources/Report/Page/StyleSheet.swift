/// Colours that people with any colour vision tell apart (Okabe and Ito 2008), for light, dark and paper.
let styleSheet: HTML = """
  :root{color-scheme:light dark;--paper:#fcfcfb;--card:#fff;--ink:#1b1f24;--soft:#5b6570;--rule:#dfe3e7;--blue:#0072b2;\
  --orange:#d55e00;--green:#00795a;--grey:#8a939c;--warn:#fff4e5;--warnrule:#d98200;--good:#00795a;--bad:#b3261e}
  @media (prefers-color-scheme:dark){:root{--paper:#14171a;--card:#1c2024;--ink:#e8eaed;--soft:#a3adb8;--rule:#343b42;\
  --blue:#56b4e9;--orange:#f09040;--green:#2fbf95;--grey:#7c8690;--warn:#33270f;--warnrule:#e6a23c;--good:#2fbf95;--bad:#ff8a80}}
  *{box-sizing:border-box}
  body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
  main{max-width:1000px;margin:0 auto;padding:28px 20px 56px}
  h1{font-size:1.75rem;line-height:1.2;margin:.1em 0 .3em;overflow-wrap:anywhere}
  h2{font-size:1.2rem;margin:2.2em 0 .2em}
  p{margin:.35em 0 .8em;max-width:70ch}
  .kicker{color:var(--soft);font-size:.9rem;margin:0}
  .lead{font-size:1.08rem}
  .soft,figcaption{color:var(--soft);font-size:.9rem}
  .verdict{font-weight:650}.verdict.good{color:var(--good)}.verdict.bad{color:var(--bad)}
  .cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(132px,1fr));gap:12px;margin:20px 0}
  .cards>div{background:var(--card);border:1px solid var(--rule);border-radius:10px;padding:12px 14px}
  .cards b{display:block;font-size:1.45rem;font-weight:650;font-variant-numeric:tabular-nums;letter-spacing:-.01em}
  .cards span{color:var(--soft);font-size:.85rem}
  .charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,400px),1fr));gap:16px}
  figure{margin:0;background:var(--card);border:1px solid var(--rule);border-radius:10px;padding:12px 12px 10px;break-inside:avoid}
  figure h3{font-size:.98rem;margin:0 4px 6px}
  figcaption{margin:6px 4px 0}
  svg{display:block;width:100%;height:auto}
  svg text{font-size:10.5px;fill:var(--soft);font-variant-numeric:tabular-nums}
  svg text.name{font-size:11px}
  svg .grid{stroke:var(--rule);stroke-width:.7}svg .axis{stroke:var(--grey);stroke-width:1}
  svg rect.int8{fill:var(--blue)}svg rect.weights{fill:var(--orange)}
  svg rect.genuine{fill:var(--blue);opacity:.5}svg rect.impostor{fill:var(--orange);opacity:.5}
  svg polyline{fill:none;stroke-width:1.8;stroke-linejoin:round}svg polyline.step{stroke-width:1.2}
  svg polyline.genuine,svg polyline.int8,svg polyline.activations{stroke:var(--blue)}
  svg polyline.impostor,svg polyline.weights{stroke:var(--orange)}svg polyline.whole{stroke:var(--ink)}
  svg polyline.activations{stroke-dasharray:5 3}svg polyline.weights{stroke-dasharray:1.5 2.5}
  svg circle.int8,svg circle.activations{fill:var(--blue)}svg circle.impostor,svg circle.weights{fill:var(--orange)}
  svg circle.whole{fill:var(--ink)}
  svg line.gate{stroke:var(--bad);stroke-width:1.4;stroke-dasharray:4 3}svg text.gate{fill:var(--bad);font-weight:600}
  .key{display:flex;flex-wrap:wrap;gap:2px 16px;list-style:none;margin:4px 4px 0;padding:0;color:var(--soft);font-size:.86rem}
  .key li::before{content:"";display:inline-block;width:14px;height:4px;border-radius:2px;margin:0 6px 3px 0;background:var(--grey)}
  .key .blue::before{background:var(--blue)}.key .orange::before{background:var(--orange)}.key .ink::before{background:var(--ink)}
  .split{display:flex;height:16px;border-radius:8px;overflow:hidden;margin:10px 0 6px;background:var(--rule);max-width:640px}
  .split i{display:block}.split .w{background:var(--orange)}.split .a{background:var(--blue)}
  .warning{background:var(--warn);border-left:4px solid var(--warnrule);border-radius:6px;padding:10px 14px;margin:10px 0;break-inside:avoid}
  .warning b{display:block}
  table{border-collapse:collapse;width:100%;font-size:.86rem;font-variant-numeric:tabular-nums}
  th,td{padding:3px 8px 3px 0;text-align:right;border-bottom:1px solid var(--rule);vertical-align:baseline}
  th{color:var(--soft);font-weight:600;vertical-align:bottom}
  th:first-child,td:first-child{text-align:left}tbody td:first-child{white-space:nowrap}td:last-child,th:last-child{padding-right:0}
  table.small{max-width:640px;margin-bottom:16px}
  td .bar{display:inline-block;width:56px;height:7px;border-radius:4px;background:var(--rule);margin-right:6px;vertical-align:middle}
  td .bar i{display:block;height:7px;border-radius:4px;background:var(--blue)}
  .flag{color:var(--bad);font-weight:650}
  .faces{display:grid;grid-template-columns:repeat(5,1fr);gap:12px;margin:10px 0}
  .faces figure{padding:8px}.faces img{display:block;width:100%;aspect-ratio:1;object-fit:cover;border-radius:6px;background:var(--rule)}
  .faces figcaption{margin:6px 0 0;font-size:.78rem;line-height:1.3;overflow-wrap:anywhere}
  .faces b{display:block;color:var(--ink);font-size:.95rem;font-variant-numeric:tabular-nums}
  dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 18px;font-size:.9rem;margin:10px 0}
  dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
  @media (max-width:560px){main{padding:18px 14px 40px}h1{font-size:1.4rem}.cards{grid-template-columns:repeat(2,1fr);gap:8px}\
  .cards b{font-size:1.2rem}.cards>:last-child:nth-child(odd){grid-column:1/-1}.faces{grid-template-columns:repeat(2,1fr);gap:8px}dl{grid-template-columns:1fr;gap:0}dd{margin:0 0 8px}\
  .wide,td .bar{display:none}table{font-size:.8rem}}
  @media print{:root{color-scheme:light;--paper:#fff;--card:#fff;--ink:#000;--soft:#444;--rule:#ccc;--blue:#0072b2;--orange:#d55e00;\
  --green:#00795a;--grey:#777;--warn:#fff4e5;--warnrule:#d98200;--good:#00603f;--bad:#a01010}
  body{font-size:10.5pt}main{max-width:none;padding:0}h2,section>p{break-after:avoid}tr{break-inside:avoid}thead{display:table-header-group}\
  .charts{grid-template-columns:1fr 1fr}.cards{grid-template-columns:repeat(5,1fr)}.faces{grid-template-columns:repeat(5,1fr)}\
  *{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
  """
