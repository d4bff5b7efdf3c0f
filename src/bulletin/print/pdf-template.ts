/**
 * The printed page as a Typst document. It reads one file, /edition.json (see pdf.ts), and the pictures named in it;
 * no text of an edition is ever part of this source. Only the shipped font is used, without any fallback.
 */
export const PDF_TEMPLATE = `
#let edition = json("/edition.json")
#let isChinese = edition.language == "zh"

#let navy = rgb("#17406f")
#let accent = rgb("#b8442c")
#let ink = rgb("#17212b")
#let muted = rgb("#52606d")
#let hairline = rgb("#c9d1d9")
#let tint = rgb("#f3f6f9")
#let tones = (
  info: (bar: rgb("#5b7791"), ground: rgb("#f1f5f9")),
  gap: (bar: rgb("#a86a00"), ground: rgb("#fbf5e9")),
  correction: (bar: rgb("#a61b29"), ground: rgb("#fbeeee")),
)

#set document(title: edition.title, author: edition.publisher, date: auto)
#set text(
  font: "Noto Sans SC", size: 10.5pt, fill: ink, fallback: false, hyphenate: not isChinese,
  lang: edition.language, region: if isChinese { "cn" } else { none },
)
#set par(
  justify: true, leading: if isChinese { 0.86em } else { 0.72em }, spacing: if isChinese { 0.95em } else { 0.9em },
  first-line-indent: if isChinese { (amount: 2em, all: true) } else { 0pt },
)

#let plain(body) = { set par(first-line-indent: 0pt, justify: false); body }
#let stamp = if edition.stamp == none { none } else {
  box(stroke: 0.8pt + accent, radius: 2pt, inset: (x: 5pt, y: 2.6pt), text(8pt, accent, weight: "bold", edition.stamp))
}

#set page(
  paper: "a4",
  margin: (x: 22mm, top: 23mm, bottom: 19mm),
  header: context {
    set text(8.5pt, muted)
    if here().page() > 1 {
      plain(grid(
        columns: (1fr, auto, 1fr), align: (left + bottom, center + bottom, right + bottom),
        edition.series, stamp, [#edition.issue#h(0.8em)#edition.period],
      ))
      v(-0.55em)
      line(length: 100%, stroke: 0.5pt + hairline)
    } else if stamp != none { align(center, stamp) }
  },
  footer: context {
    set text(8.5pt, muted)
    let (page, pages) = (counter(page).get().first(), counter(page).final().first())
    plain(grid(
      columns: (1fr, auto), align: (left, right),
      edition.publisher,
      edition.words.page.replace("{page}", str(page)).replace("{pages}", str(pages)),
    ))
  },
  background: if edition.stamp != none {
    context {
      let natural = measure(text(10pt, weight: "bold", edition.stamp)).width
      let size = calc.min(96pt, 10pt * (400pt / natural))
      rotate(-32deg, text(size, rgb("#f4f1f0"), weight: "bold", edition.stamp))
    }
  },
)

#show heading: set par(first-line-indent: 0pt, justify: false)
// a title that is a little too long is set smaller rather than broken
#show heading.where(level: 1): it => layout(size => {
  let natural = measure(text(25pt, weight: "bold", it.body)).width
  let fitting = if natural > size.width { 24.8pt * (size.width / natural) } else { 25pt }
  text(if fitting < 19pt { 25pt } else { fitting }, navy, weight: "bold", it.body)
})
#show heading.where(level: 2): it => block(
  above: 1.75em, below: 0.95em, sticky: true,
  grid(
    columns: (3.4pt, 1fr), column-gutter: 7pt, align: horizon,
    rect(width: 3.4pt, height: 13.5pt, fill: accent), text(13.5pt, navy, weight: "bold", it.body),
  ),
)

#show figure.caption: it => { set text(9pt, muted, hyphenate: false); plain(it.body) }
#show figure.where(kind: table): set figure.caption(position: top)
#show figure.where(kind: table): set block(breakable: true)
#set figure(supplement: none, numbering: none, gap: 0.75em)

#let run(span) = {
  let words = if span.at("strong", default: false) { strong(span.text) } else { span.text }
  let body = if "lang" in span { text(lang: span.lang, words) } else { words }
  let target = span.at("link", default: none)
  if target == none { body } else { link(target, text(navy, body)) }
}
#let runs(spans) = spans.map(run).join()
#let side(column) = if column.align == "end" { right } else { left }

#let trends = (up: rgb("#a61b29"), down: rgb("#197a48"), same: muted)
#let cell(block, row, index) = {
  let body = row.cells.at(index, default: "")
  let indented = row.at("isIndented", default: false)
  let trend = row.at("trend", default: none)
  if index == 0 and indented { pad(left: 1.5em, text(muted.darken(15%), body)) }
  else if trend != none and index == block.columns.len() - 1 { text(trends.at(trend), body) }
  else if index == 1 and not indented and block.at("look", default: none) == "front" { strong(body) }
  else { body }
}

// numbers take what they need; columns of words share the rest by the length of what stands in them
#let widths(block) = block.columns.enumerate().map(((index, column)) => {
  if column.align == "end" { return auto }
  let longest = calc.max(..(column.heading, ..block.rows.map(row => row.cells.at(index, default: ""))).map(text => text.clusters().len()))
  calc.pow(calc.clamp(longest, 8, 120), 0.7) * 1fr
})

#let listing(block) = figure(
  kind: table, caption: block.caption,
  {
    set text(9.5pt, hyphenate: false)
    set par(first-line-indent: 0pt, justify: false, leading: 0.55em)
    set table.cell(breakable: false)
    table(
      columns: widths(block),
      align: (column, row) => side(block.columns.at(column)) + horizon,
      inset: (x, y) => (left: if x == 0 { 6pt } else { 9pt }, right: 6pt, y: 5.6pt),
      stroke: (x, y) => if y > 0 { (bottom: 0.5pt + hairline) },
      table.hline(stroke: 1.3pt + navy),
      table.header(..block.columns.map(column => strong(text(navy, column.heading)))),
      table.hline(stroke: 0.8pt + navy),
      ..block.rows.map(row => range(block.columns.len()).map(index => cell(block, row, index))).flatten(),
      table.hline(stroke: 1.3pt + navy),
    )
  },
)

#let keyFigures(block) = figure(
  kind: table, caption: block.caption,
  {
    set text(hyphenate: false)
    set par(first-line-indent: 0pt, justify: false, leading: 0.5em, spacing: 0.75em)
    grid(
      columns: (1fr,) * calc.min(block.rows.len(), 5), gutter: 7pt, align: center,
      fill: tint, stroke: (top: 1.6pt + navy), inset: (x: 6pt, y: 8pt),
      ..block.rows.map(row => {
        par(text(17pt, navy, weight: "bold", row.cells.at(1, default: "")))
        par(text(8.5pt, muted, row.cells.at(0, default: "")))
      }),
    )
  },
)

// figures beside each other have one height, so that their captions stand on one line
#let picture(item) = figure(
  kind: image, caption: item.caption,
  layout(size => block(height: size.width * item.tall, align(top, image(item.image, width: 100%, alt: item.alt)))),
)

#let draw(part) = {
  if part.kind == "paragraph" { par(runs(part.spans)) }
  else if part.kind == "rating" { block(above: 1.1em, below: 1.3em, image(part.image, width: 100%, alt: part.alt)) }
  else if part.kind == "table" { block(above: 1.4em, below: 1.5em, breakable: part.rows.len() > 12, listing(part)) }
  else if part.kind == "keyFigures" { block(above: 1.4em, below: 1.5em, breakable: false, keyFigures(part)) }
  else if part.kind == "figures" {
    block(width: 100%, above: 1.4em, below: 1.5em, breakable: false, align(center, block(width: part.share * 100%, grid(
      columns: (1fr,) * part.items.len(), column-gutter: 9mm, ..part.items.map(picture),
    ))))
  }
  else if part.kind == "beside" {
    block(width: 100%, above: 1.2em, below: 1.5em, breakable: false, grid(
      columns: (1fr, 1fr), column-gutter: 9mm, part.words.map(spans => par(runs(spans))).join(), picture(part.item),
    ))
  }
  else if part.kind == "list" {
    set par(first-line-indent: 0pt, justify: false)
    set text(hyphenate: false)
    list(marker: text(accent, "•"), indent: 0.4em, body-indent: 0.7em, spacing: 0.8em, ..part.items.map(runs))
  }
  else if part.kind == "note" {
    let tone = tones.at(part.tone)
    block(
      width: 100%, above: 1.2em, below: 1.2em, inset: (x: 9pt, y: 7.5pt), fill: tone.ground, stroke: (left: 2.4pt + tone.bar),
      { set text(9pt); set par(first-line-indent: 0pt, leading: 0.65em); runs(part.spans) },
    )
  }
}

#block(below: 1.7em, heading(level: 1, edition.series))
#plain(grid(
  columns: (1fr, auto), align: (left, right),
  text(11.5pt, weight: "bold", [#edition.issue#h(0.9em)#edition.period]),
  text(9.5pt, muted, [#edition.publisher#if edition.publishedOn != none [#h(0.9em)#edition.publishedOn]]),
))
#v(-0.1em)
#line(length: 100%, stroke: 2pt + navy)

#for section in edition.sections {
  heading(level: 2, section.heading)
  for part in section.parts { draw(part) }
}
`;
