/** Why a person has to decide, in words: what `waitsFor` of a case and the reasons of its hand-overs mean. */
import type {Bilingual} from "../model/format.ts";

/** Every reason for which a case waits for a person, or goes on to another party. */
const WAITING: Readonly<Record<string, Bilingual>> = {
  responsible: {zh: "责任单位", en: "it is responsible"},
  no_answer: {zh: "多次催办仍未答复", en: "the party did not answer, reminders included"},
  no_takedown: {zh: "已答复但未处置", en: "the party answered, but the asset is still there"},
  false_claims: {zh: "两次称已处置，经核验均未处置", en: "the party said twice that it is gone, and it was not"},
  undeliverable: {zh: "联系方式无法送达", en: "the contact of the party cannot be reached"},
  not_sent: {zh: "通报一天内未能发出", en: "the notification was not sent for a day"},
  nobody_known: {zh: "没有已知的责任单位", en: "no party is known that answers for it"},
  chain_exhausted: {zh: "应通报的单位均已通报", en: "every party of the rule was asked"},
  claim_unchecked: {
    zh: "单位称已处置，两天内无人核验",
    en: "nobody looked for two days whether it is gone as its party says",
  },
  person_late: {zh: "已交人工处理，逾期未动", en: "a person has it, and it has not moved in time"},
  "needs-second-person": {zh: "受保护对象，需第二人放行", en: "it is protected: a second person has to release it"},
  "tlp-forbids": {zh: "共享级别不允许通报", en: "its sharing mark does not let it be told"},
  "no-template": {zh: "没有可用的通报模板", en: "there is no template for the notification"},
  "look-unclear": {zh: "多次查看仍无法判定", en: "looks could not tell for days whether it is there"},
};

/** Returns the reason in words; a code that is not known stays as it is. */
export function waitingText(code: string): Bilingual {
  return WAITING[code] ?? {zh: code, en: code};
}
