/** The tables as TypeScript sees them; migrations/ makes them. A `date` is a string, `timestamptz` a Date, `bigint` a number. */
import type {Generated} from "kysely";
import type {DraftState, EditionLanguage, EditionVariant, ReviewStepName} from "../../model/edition.ts";
import type {Grade, InfraEvent} from "../../model/indicator.ts";
import type {CaseTables} from "./schema-cases.ts";
import type {FetchSchema} from "./schema-fetches.ts";
import type {NoticeTables} from "./schema-notices.ts";
import type {PartySchema} from "./schema-parties.ts";

interface Entered {
  entered_by: string;
  entered_at: Date;
}

interface Figures extends Entered {
  id: Generated<number>;
  week: string;
  indicator: string;
  value: number | null;
}

interface InfraEvents extends Entered {
  id: Generated<number>;
  day: string;
  level: InfraEvent["level"];
  reach: InfraEvent["reach"];
  title_zh: string;
  title_en: string;
}

interface InfraWithdrawals extends Entered {
  infra_event: number;
  reason: string;
}

interface RatingOverrides extends Entered {
  id: Generated<number>;
  week: string;
  grade: Grade | null;
  reason_zh: string | null;
  reason_en: string | null;
}

/** `situation` is the canonical JSON that was hashed: as text, because jsonb would give other bytes back. */
interface Drafts {
  week: string;
  version: number;
  state: DraftState;
  number_year: number | null;
  number_issue: number | null;
  variant: EditionVariant;
  reason_zh: string | null;
  reason_en: string | null;
  situation: string | null;
  situation_hash: string | null;
  content_hash: string | null;
  submitted_by: string | null;
  submitted_at: Date | null;
  approved_by: string | null;
  approved_at: Date | null;
}

interface DraftTexts extends Entered {
  id: Generated<number>;
  week: string;
  version: number;
  language: EditionLanguage;
  paragraph: string;
  text: string | null;
  composed: string | null;
}

interface DraftNews extends Entered {
  id: Generated<number>;
  week: string;
  version: number;
  title_zh: string | null;
  title_en: string | null;
  words_zh: string | null;
  words_en: string | null;
  source: string;
  link: string | null;
}

interface DraftNewsRemovals extends Entered {
  news: number;
}

interface Reviews {
  id: Generated<number>;
  week: string;
  version: number;
  step: ReviewStepName;
  from_state: DraftState | null;
  to_state: DraftState;
  note: string | null;
  done_by: string;
  done_at: Date;
}

interface Publications {
  week: string;
  version: number;
  year: number;
  issue: number;
  entry: string;
  published_at: Date;
}

/** Every table of the product. */
export interface Schema extends CaseTables, NoticeTables, FetchSchema, PartySchema {
  migrations: {id: string; applied_at: Generated<Date>};
  figures: Figures;
  infra_events: InfraEvents;
  infra_withdrawals: InfraWithdrawals;
  rating_overrides: RatingOverrides;
  drafts: Drafts;
  draft_texts: DraftTexts;
  draft_news: DraftNews;
  draft_news_removals: DraftNewsRemovals;
  reviews: Reviews;
  publications: Publications;
}
