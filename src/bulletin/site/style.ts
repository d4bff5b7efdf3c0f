/**
 * The one style sheet of all pages: screen light and dark, narrow and wide, and A4 paper. Class names are those of
 * blocks.ts, frame.ts and the pages of this folder. Fonts are the reader's own; nothing is fetched.
 */
import {PAINTS} from "../charts/paint.ts";
import {CHART_CSS} from "../charts.ts";
import {PRINT} from "./style-print.ts";

const SANS =
  '"Noto Sans SC","Source Han Sans SC","PingFang SC","Hiragino Sans GB","Microsoft YaHei","Noto Sans CJK SC",system-ui,sans-serif';
const SERIF = '"Noto Serif SC","Source Han Serif SC","Songti SC","Noto Serif CJK SC",STSong,SimSun,Georgia,serif';
const LATIN_SANS = '"Inter","Segoe UI",Roboto,"Helvetica Neue",Arial,"Noto Sans CJK SC",sans-serif';
const LATIN_SERIF = '"Source Serif 4",Charter,"Iowan Old Style",Georgia,"Noto Serif","Noto Serif CJK SC",serif';

function grades(shade: "light" | "dark"): string {
  return [PAINTS.g1, PAINTS.g2, PAINTS.g3, PAINTS.g4, PAINTS.g5]
    .map((paint, index) => `--g${index + 1}:${paint[shade]}`)
    .concat(`--on-grade:${PAINTS.onGrade[shade]}`)
    .join(";");
}

const COLOURS = `
:root{--paper:#fff;--desk:#eef1f4;--ink:#17212b;--soft:#4d5a67;--line:#d5dce3;--hair:#e6eaee;--wash:#f5f7f9;--deep:#123f73;--link:#17549a;
--seal:#a8321f;--up:#a3271c;--down:#1b6e41;--gap:#7a5200;--gap-wash:#fdf5e2;--seal-wash:#fcefec;${grades("light")}}
@media screen and (prefers-color-scheme:dark){:root{--paper:#12181f;--desk:#0b0f14;--ink:#e8edf2;--soft:#a9b4bf;--line:#323d48;--hair:#232c35;
--wash:#19212a;--deep:#a9cdf3;--link:#86b9e9;--seal:#f08b7a;--up:#f59085;--down:#6fcf97;--gap:#e8bd5d;--gap-wash:#2a230f;--seal-wash:#2e1a17;${grades("dark")}}}
`;

const BASE = `
*{box-sizing:border-box}
html{font-size:106.25%;-webkit-text-size-adjust:100%;scroll-behavior:smooth;scroll-padding-top:1rem}
body{margin:0;background:var(--desk);color:var(--ink);font-family:${LATIN_SANS};line-height:1.65;overflow-wrap:break-word}
html:lang(zh) body{font-family:${SANS};line-height:1.85;line-break:strict;text-autospace:normal;text-spacing-trim:normal}
h1,h2,h3,.step,dd,.home{font-family:${LATIN_SERIF};font-weight:700;text-wrap:balance}
html:lang(zh) :is(h1,h2,h3,.step,.home){font-family:${SERIF}}
a{color:var(--link);text-decoration-thickness:1px;text-underline-offset:.22em}
a:hover{text-decoration-thickness:2px}
:focus-visible{outline:3px solid var(--link);outline-offset:3px;border-radius:2px}
main:focus{outline:none}
.unseen{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:1rem;top:-4rem;z-index:2;background:var(--paper);color:var(--link);padding:.5rem 1rem;border:2px solid var(--link)}
.skip:focus{top:.5rem}
nav ul{list-style:none;margin:0;padding:0}
`;

const FRAME = `
.top{background:var(--paper);border-bottom:1px solid var(--line);border-top:4px solid var(--deep)}
.top-inner{max-width:74rem;margin:auto;padding:.55rem clamp(1rem,3vw,2rem);display:flex;flex-wrap:wrap;gap:.2rem 1.6rem;align-items:baseline}
.home{color:var(--ink);text-decoration:none;margin-right:auto;font-size:1.02rem}
.top ul{display:flex;flex-wrap:wrap;gap:0 1.2rem;font-size:.88rem}
.top li a{color:var(--soft);text-decoration:none;display:inline-block;padding:.3rem 0}
.top li a:hover,.top li a[aria-current]{color:var(--ink);box-shadow:0 2px 0 var(--seal)}
.foot{max-width:74rem;margin:auto;padding:1.6rem clamp(1rem,3vw,2rem) 3rem;color:var(--soft);font-size:.84rem}
.foot p{margin:.15rem 0}
.desk{max-width:74rem;margin:auto;padding:0 0 1.5rem;display:grid;grid-template-columns:minmax(0,1fr)}
.sheet{background:var(--paper);padding:clamp(1.2rem,4.5vw,3.6rem) clamp(1rem,5vw,4rem);min-width:0}
.side{padding:1.4rem clamp(1rem,5vw,4rem);font-size:.88rem;background:var(--paper);border-top:1px solid var(--hair)}
.side h2{font-size:.8rem;font-weight:700;color:var(--soft);margin:0 0 .35rem;letter-spacing:.06em}
.side nav+nav{margin-top:1.3rem}
.side a{display:block;padding:.22rem 0;color:var(--ink);text-decoration:none}
.side a:hover,.side a[aria-current]{color:var(--link)}
.side a[aria-current]{font-weight:700}
@media (max-width:63.99rem){.side nav[aria-labelledby=contents-heading]{display:none}}
@media (min-width:64rem){
.desk{grid-template-columns:minmax(0,1fr) 13.5rem;gap:0 2.2rem;padding:2.2rem 2rem 2rem;align-items:start}
.sheet{border:1px solid var(--line);border-radius:3px;box-shadow:0 1px 2px rgb(10 30 50/.05),0 12px 32px -18px rgb(10 30 50/.25)}
.side{background:none;border:0;padding:.4rem 0;position:sticky;top:1.4rem}
.desk.alone{grid-template-columns:minmax(0,1fr)}
.side nav ul{border-left:2px solid var(--line)}
.side nav li a{padding-left:.9rem;margin-left:-2px;border-left:2px solid transparent}
.side nav li a:hover,.side nav li a[aria-current]{border-left-color:var(--seal)}
}
`;

const TEXT = `
.masthead{border-top:3px solid var(--deep);padding-top:1.1rem;margin-bottom:1.9rem}
.masthead .by{margin:0;display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 1.5rem;font-size:.88rem;color:var(--soft)}
.masthead h1{margin:.5rem 0 .9rem;line-height:1.25;color:var(--deep);font-size:clamp(1.55rem,1.05rem + 2.9vw,2.7rem);letter-spacing:.01em}
html:lang(zh) .masthead h1{letter-spacing:.04em}
.masthead h1 .issue{display:block;font-size:.56em;color:var(--ink);margin-top:.35em;letter-spacing:0}
.masthead h1 .period{color:var(--soft);font-weight:400}
.masthead .rule{border:0;border-top:1px solid var(--deep);margin:0}
.stamp{display:inline-block;margin:0 0 1.2rem;padding:.15rem .8rem;border:2px solid var(--seal);color:var(--seal);font-weight:700;border-radius:3px}
section>h2,.part-heading{font-size:1.32rem;line-height:1.4;margin:2.9rem 0 1rem;padding:0 0 .45rem;border-bottom:1px solid var(--line);color:var(--deep)}
section>h2::before,.part-heading::before{content:"";display:inline-block;width:.34em;height:.98em;background:var(--seal);margin-right:.55em;vertical-align:-.1em}
section p{margin:.9rem 0}
html:lang(en) :is(section p,.list){max-width:46rem}
html:lang(zh) section p{text-indent:2em;text-align:justify}
html:lang(zh) p.note,html:lang(zh) .plain-text p{text-indent:0}
section p,.list li{text-wrap:pretty}
.list{padding:0;margin:.9rem 0;list-style:none}
.list li{padding:.34rem 0 .34rem 1.15rem;position:relative}
.list li::before{content:"";position:absolute;left:.1rem;top:1.05em;width:.38rem;height:.38rem;background:var(--seal)}
.list.review li{border-bottom:1px solid var(--hair)}
.note{border-left:4px solid var(--gap);background:var(--gap-wash);padding:.6rem 1rem;margin:.8rem 0}
.note.correction{border-color:var(--seal);background:var(--seal-wash)}
.note.info{border-color:var(--deep);background:var(--wash)}
.turn{display:grid;grid-template-columns:1fr 1fr;gap:1rem;margin-top:2.6rem;padding-top:1.2rem;border-top:1px solid var(--deep)}
.turn a{text-decoration:none;color:var(--ink);line-height:1.5}
.turn a:hover b{text-decoration:underline}
.turn b{display:block;font-weight:400;color:var(--soft);font-size:.84rem}
.turn .next{text-align:right;grid-column:2}
`;

const RATING = `
.rating{display:flex;align-items:center;gap:1.1rem;margin:1.4rem 0 1.5rem;flex-wrap:wrap}
.rating-label{color:var(--soft);font-size:.92rem}
.steps{display:flex;flex:1 1 20rem;gap:4px;align-items:stretch;min-width:0}
.step{flex:1 1 0;min-width:0;text-align:center;padding:.5rem 0 .42rem;background:var(--wash);color:var(--soft);border-top:4px solid;font-weight:400;font-size:clamp(.56rem,.2rem + 2.1vw,.98rem);line-height:1.35;overflow-wrap:normal}
html:lang(zh) .step{font-size:1.15rem}
${[1, 2, 3, 4, 5].map((step) => `.step.g${step}{border-color:var(--g${step})}.step.g${step}.on{background:var(--g${step})}`).join("")}
.step.on{flex-grow:1.55;color:var(--on-grade);font-weight:700;margin:-.28rem 0;padding-top:.76rem;padding-bottom:.7rem;border-radius:2px}
html:lang(zh) .step.on{font-size:1.5rem;line-height:1;padding:.72rem 0 .9rem}
`;

const TABLES = `
table{border-collapse:collapse;width:100%;font-size:.94rem;font-variant-numeric:tabular-nums lining-nums;margin:1.2rem 0;line-height:1.5}
caption{caption-side:bottom;padding:.7rem 0 0;color:var(--soft);font-size:.86rem;text-align:center}
th,td{padding:.5rem .7rem;text-align:start;vertical-align:baseline;border-bottom:1px solid var(--hair)}
th{font-weight:400}
.end{text-align:end;white-space:nowrap}
thead th{color:var(--soft);font-size:.84rem;border-bottom:1px solid var(--line);white-space:nowrap}
.front{border-top:2px solid var(--deep);border-bottom:1px solid var(--deep)}
.front thead th{background:var(--wash);color:var(--ink)}
.front tbody tr:last-child :is(th,td){border-bottom:0}
.front tbody td:nth-child(2){font-weight:700;font-size:1.04rem}
.front tbody th{width:52%}
.part th{padding-left:2.1rem;color:var(--soft)}
.front .part td:nth-child(2){font-weight:400;font-size:inherit}
.trend.up{color:var(--up)}.trend.down{color:var(--down)}.trend.same{color:var(--soft)}
.scroll{overflow-x:auto;margin:1.2rem 0}
.scroll table{margin:0}
.scroll th[scope=row]{min-width:7.5rem}
#t-reports :is(th,td){white-space:nowrap}
#t-trends :is(tbody th,thead th:first-child){position:sticky;left:0;background:var(--paper);white-space:nowrap}
#t-trends thead th{white-space:normal;min-width:5.5rem;vertical-align:bottom}
.plain td,.plain th{font-size:.9rem}
#t-reports td:last-child{font-family:ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.8rem}
.key{margin:1.5rem 0}
.key dl{display:flex;flex-wrap:wrap;gap:1px;margin:0;background:var(--line);border-top:2px solid var(--deep);border-bottom:1px solid var(--deep)}
.key dl div{flex:1 1 7rem;background:var(--paper);padding:.85rem .9rem .75rem;display:flex;flex-direction:column-reverse;justify-content:flex-end}
.key dd{margin:0;font-size:1.95rem;line-height:1.15;color:var(--deep);font-variant-numeric:tabular-nums lining-nums}
.key dt{color:var(--soft);font-size:.84rem;line-height:1.45;margin-top:.3rem}
figcaption,caption{text-wrap:balance}
figcaption{color:var(--soft);font-size:.86rem;text-align:center;padding-top:.7rem}
@media (max-width:30rem){html:lang(zh) section p{text-align:start}.front{font-size:.84rem}.front :is(th,td){padding:.45rem .25rem}.front thead th{white-space:normal}.front tbody td:nth-child(2){font-size:inherit}.front .part th{padding-left:.9rem}.front tbody th{width:auto}
#t-definitions :is(th,td){padding-inline:.25rem;overflow-wrap:anywhere}#t-definitions th[scope=row]{width:34%}#t-definitions .end{white-space:normal}}
@media (max-width:22rem){.plain :is(th,td){padding-inline:.3rem}.front{font-size:.74rem}.front :is(th,td){padding-inline:.15rem}}
`;

const FIGURES = `
figure{margin:1.5rem 0}
.chart{border:1px solid var(--hair);border-radius:3px;padding:1.1rem clamp(.6rem,2.4vw,1.4rem) .8rem;container-type:inline-size;background:var(--paper)}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));gap:1.2rem;margin:1.5rem 0}
.figures .chart{margin:0;display:flex;flex-direction:column}
.figures .plot{flex:1}
.figures .alone{grid-column:1/-1}
.plot .narrow{display:none}
@container (max-width:33rem){.plot .wide{display:none}.plot .narrow{display:block}}
.plot :is(.wide,.narrow)>svg{margin:auto}
.plot>svg{max-width:27rem;margin:auto}
.plot .ring>svg{max-width:35rem}
.plot .narrow>svg{max-width:27rem}
details{font-size:.86rem;margin-top:.3rem}
summary{cursor:pointer;color:var(--link);text-align:center;list-style:none;padding:.2rem}
summary::-webkit-details-marker{display:none}
summary::after{content:" ▾";font-size:.8em}
details[open] summary::after{content:" ▴"}
details table{margin:.6rem 0 .2rem}
details caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
`;

const ARCHIVE = `
.lead{font-size:1.02rem;color:var(--soft);max-width:46rem;margin:0 0 1.6rem}
.latest{margin:2rem 0 0}
.latest h2{margin:.1rem 0 .4rem;border:0;padding:0;font-size:1.45rem}
.latest h2::before{display:none}
.latest h2 a{color:var(--deep);text-decoration:none}
.latest h2 a:hover{text-decoration:underline}
html:lang(zh) .latest p{text-indent:0}
.latest .more{color:var(--soft)}
.latest .eyebrow{margin:0;color:var(--seal);font-weight:700;font-size:.84rem;letter-spacing:.08em}
.issues{list-style:none;margin:1rem 0;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(8.9rem,1fr));gap:.55rem}
.issues a{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 .6rem;padding:.5rem .7rem;height:100%;align-content:start;border:1px solid var(--hair);border-left:4px solid var(--line);text-decoration:none;color:var(--ink);border-radius:2px;line-height:1.5}
.issues a:hover{border-color:var(--link);background:var(--wash)}
.issues b{font-weight:700;white-space:nowrap}
.issues small{flex-basis:100%;color:var(--soft);font-size:.82rem}
.issues .mark{font-weight:700;font-size:.9rem}
${[1, 2, 3, 4, 5].map((step) => `.issues .g${step}{border-left-color:var(--g${step})}.issues .g${step} .mark{color:var(--g${step})}`).join("")}
.feeds{display:flex;flex-wrap:wrap;gap:.3rem 1.2rem}
.trends{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,17.5rem),1fr));gap:1.2rem;margin:1.5rem 0}
.trends .chart{margin:0}
:is(.trends,#trend-rating) h2{font-size:1.02rem;margin:0;line-height:1.4}
:is(.trends,#trend-rating) .now{margin:0 0 .8rem;color:var(--soft);font-size:.86rem;text-indent:0}
`;

/** The style sheet, without line breaks that would cost bytes. */
export const STYLE = [COLOURS, BASE, FRAME, TEXT, RATING, TABLES, FIGURES, ARCHIVE, CHART_CSS, PRINT]
  .join("\n")
  .replace(/\n+/g, "\n")
  .trim();
