import type {HandledWhen} from "../model/cases/case.ts";
import type {Bilingual} from "../model/format.ts";

/** What the method note of a week says whose numbers hold cases that were imported from an earlier system. */
export const WITH_IMPORTED: Bilingual = {
  zh: "本周事件数含从原有系统导入的历史数据，处理时间以原有系统的记录为准。",
  en: "The incidents of this week include those imported from an earlier system, with the times recorded there.",
};

/** What a site means by handled, as the method note says it. */
export const HANDLED_MEANS: Readonly<Record<HandledWhen, Bilingual>> = {
  answered: {
    zh: "“处理”指：已通报被通报单位，且其后已获其确认、已处置、经核验已消除或由其说明理由后结案。",
    en: "“Handled” means: the responsible party was notified and has since acknowledged the incident, resolved it or closed it with a reason, or it was verified as gone.",
  },
  notified: {
    zh: "“处理”指：已向被通报单位发出通报。",
    en: "“Handled” means: the responsible party was notified.",
  },
  verified: {
    zh: "“处理”指：经两次探测核验，威胁已消除。",
    en: "“Handled” means: two looks of our own saw that the threat is gone.",
  },
};
