/** Pages on A4 paper: black on white, no navigation, nothing cut in two, the stamp of drafts and samples on every sheet. */
export const PRINT = `
@page{size:A4;margin:17mm 18mm 18mm}
@media print{
html{font-size:10.5pt}
body{background:#fff}
.top,.skip,.side,.turn,.foot,summary,.feeds{display:none}
.desk{display:block;max-width:none;padding:0}
.sheet{padding:0;border:0;box-shadow:none}
section>h2{break-after:avoid;margin-top:1.6rem}
figure,table,.rating,.key,.note{break-inside:avoid}
.figures{grid-template-columns:1fr 1fr;gap:.8rem}
section p{max-width:none;orphans:3;widows:3}
.list{max-width:none}
a{color:inherit;text-decoration:none}
.stamp::after{content:attr(data-words);position:fixed;left:0;right:0;top:42%;text-align:center;font-size:46pt;opacity:.09;transform:rotate(-24deg)}
.chart.alone svg{max-height:54mm}
.step,section>h2::before,.list li::before,.front thead th,.key dl,.note{-webkit-print-color-adjust:exact;print-color-adjust:exact}
.chart{border:0;padding:.4rem 0}
}
`;
