/** The five grades in words, and the strip that shows one of them. */
import {GRADES, type Grade} from "../model/indicator.ts";
import {TAXONOMY} from "../model/taxonomy.ts";
import type {Language, RatingStrip} from "./document.ts";
import {textOf} from "./text/index.ts";

/** Returns the name of a grade: 良, "Good". */
export function gradeName(grade: Grade, language: Language): string {
  return TAXONOMY.gradeNames.find(({zh}) => zh === grade)?.[language] ?? grade;
}

/** Returns the strip of the five grades with this one marked; null marks none. */
export function ratingStrip(grade: Grade | null, language: Language): RatingStrip {
  const {figures} = textOf(language);
  const [excellent, good, fair, poor, critical] = GRADES;
  const name = (each: Grade): string => gradeName(each, language);
  return {
    kind: "rating",
    grade,
    label: figures.rating,
    names: [name(excellent), name(good), name(fair), name(poor), name(critical)],
    description: grade === null ? figures.notRated : figures.rated(name(grade), GRADES.indexOf(grade) + 1),
  };
}
