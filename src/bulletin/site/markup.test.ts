import assert from "node:assert/strict";
import test from "node:test";
import {html} from "./markup.ts";

test("text that goes into a template is escaped; markup that a template made is not escaped twice", () => {
  const inner = html`<b>${"<script>&\"'"}</b>`;
  assert.equal(
    html`<p title="${'a"b'}">${inner}</p>`.markup,
    '<p title="a&quot;b"><b>&lt;script&gt;&amp;&quot;&#39;</b></p>',
  );
});

test("null and false stand for nothing, zero for 0, lists for their items", () => {
  assert.equal(html`<i>${null}${false}${0}${["a", html`<b>b</b>`]}</i>`.markup, "<i>0a<b>b</b></i>");
});
