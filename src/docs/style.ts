/** The look of every page: the fonts of the machine, its light or dark, and ink on paper. */
export const style = `
:root{color-scheme:light dark;--ink:#1d2430;--soft:#586273;--line:#d8dde5;--ground:#fff;--panel:#f5f7fa;--link:#0b5cad;--mark:#8a4b00;--note:#fff6e5}
@media (prefers-color-scheme:dark){:root{--ink:#e4e8ef;--soft:#9aa6b8;--line:#333c4a;--ground:#14181f;--panel:#1c222c;--link:#7ab8ff;--mark:#f0b35a;--note:#2b2415}}
*{box-sizing:border-box}
html{font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;color:var(--ink);background:var(--ground)}
body{margin:0;display:grid;grid-template-columns:minmax(0,1fr);max-width:84rem;margin-inline:auto;padding:0 1.25rem}
a{color:var(--link);text-underline-offset:.3em;text-decoration-thickness:1px}
a:focus-visible,summary:focus-visible,input:focus-visible,pre:focus-visible,.scroll:focus-visible{outline:2px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--ground);padding:.25rem .75rem}
header{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;align-items:baseline;padding:1rem 0;border-bottom:1px solid var(--line)}
header strong{font-size:1.05rem;overflow-wrap:anywhere}
header ul,aside ul{list-style:none;margin:0;padding:0}
header ul{display:flex;flex-wrap:wrap;gap:.25rem 1.1rem}
[aria-current]{color:inherit;text-decoration:none;font-weight:600}
main{min-width:0;padding:1.5rem 0 3rem;overflow-wrap:anywhere}
h1{font-size:1.75rem;line-height:1.2;margin:0 0 .75rem}
h2{font-size:1.2rem;margin:2.25rem 0 .6rem;padding-bottom:.25rem;border-bottom:1px solid var(--line)}
h3{font-size:1rem;margin:1.5rem 0 .5rem}
p{margin:.6rem 0;white-space:pre-line;max-width:46rem}
.note{background:var(--note);border-left:4px solid var(--mark);padding:.6rem .9rem;max-width:46rem}
code,pre,kbd{font:.875em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
code{background:var(--panel);border-radius:3px;padding:.1em .3em}
pre{background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:.75rem .9rem;overflow:auto;white-space:pre-wrap;overflow-wrap:anywhere;max-height:32rem;margin:.6rem 0}
pre code{background:none;padding:0}
.scroll{overflow-x:auto;margin:.6rem 0}
table{border-collapse:collapse;width:100%;font-size:.925rem;overflow-wrap:normal}
caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
th,td{text-align:left;vertical-align:top;padding:.4rem .9rem .4rem 0;border-bottom:1px solid var(--line);min-width:5rem;max-width:30rem}
th{color:var(--soft);font-weight:600;white-space:nowrap}
th:last-child,td:last-child{padding-right:0}
td code{overflow-wrap:anywhere}
td:first-child code{white-space:nowrap}
details{margin:.6rem 0}summary{cursor:pointer;color:var(--soft)}
.search{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center;margin:.8rem 0}.search[hidden]{display:none}
.search input{font:inherit;color:inherit;background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:.35rem .6rem;width:22rem;max-width:100%}
.search output{color:var(--soft);font-size:.9rem}
aside{padding:1rem 0;border-top:1px solid var(--line);font-size:.9rem;min-width:0;overflow-wrap:anywhere}
aside h2{font-size:.85rem;color:var(--soft);border:0;margin:0 0 .4rem;padding:0}
aside li{margin:.2rem 0}aside a{text-decoration:none}aside a:hover{text-decoration:underline}
footer{padding:1rem 0 2rem;color:var(--soft);font-size:.85rem;border-top:1px solid var(--line)}
@media (min-width:64rem){body{grid-template-columns:15rem minmax(0,1fr);column-gap:3rem}header,footer{grid-column:1/-1}main{grid-column:2;grid-row:2}aside{grid-column:1;grid-row:2;border-top:0;padding-top:1.75rem}}
@media (max-width:40rem){.list thead{display:none}.list table,.list tbody{display:block}.list tr:not([hidden]){display:block;padding:.6rem 0;border-bottom:1px solid var(--line)}.list td{display:inline;border:0;padding:0;color:var(--soft)}.list td:nth-child(-n+2){display:block;color:inherit}.list td:nth-child(n+3)::before{content:attr(data-name)": "}.list td:nth-child(n+4)::before{content:" · "attr(data-name)": "}}
@media print{:root{color-scheme:light;--ink:#000;--soft:#444;--line:#bbb;--ground:#fff;--panel:#f6f6f6;--link:#000;--note:#fff}header ul,aside,.search,.skip{display:none}body{display:block;padding:0;max-width:none}pre{max-height:none}.scroll{overflow:visible}h2,h3{break-after:avoid}tr,pre{break-inside:avoid}}
`.trim()

/** Looks for words in the rows of a table; without it the table is whole, and the box is not there. */
export const script = `
for(const box of document.querySelectorAll('.search')){
const input=box.querySelector('input'),count=box.querySelector('output');
const rows=[...box.nextElementSibling.querySelectorAll('tbody tr')].map(row=>[row,row.textContent.toLowerCase()]);
const look=()=>{const words=input.value.toLowerCase().split(/\\s+/).filter(Boolean);let found=0;
for(const [row,text] of rows){const fits=words.every(word=>text.includes(word));row.hidden=!fits;if(fits)found++}
count.textContent=words.length===0?'':found+' of '+rows.length};
box.hidden=false;input.addEventListener('input',look);look()}
`.trim()
