/** The end of an edition: the five issues before, and who publishes it. */
import type {Section} from "../document.ts";
import {titleOf} from "../titles.ts";
import {type Context, paragraph, present} from "./context.ts";

/** Composes the list of the five issues before, newest first; null when the week is not known. */
export function composeReview(context: Context): Section | null {
  const {input, text, wording, language} = context;
  if (input.review.length === 0) return null;
  const items = input.review.map(({issue, week, link}) => {
    const title = titleOf(text, wording.title[language], {issue, week}).full;
    return [link === null ? {text: title} : {text: title, link}];
  });
  return {id: "review", heading: text.headings.review, blocks: [{kind: "list", id: "review", items}]};
}

/** Composes the about block. */
export function composeAbout(context: Context): Section {
  const {about, contact} = context.profile.publisher;
  const blocks = present([
    paragraph(context, "about", [about[context.language]]),
    paragraph(context, "contact", [contact[context.language]]),
  ]);
  return {id: "about", heading: context.text.headings.about, blocks};
}
