import type {ReplyStatement} from "../../model/complaint.ts";

/**
 * What parties write when they answer, as data. Only clear sentences: what says two things, or something with "not", is for
 * a person. "done" is only what the party says; the probe looks.
 */
const PHRASES: readonly (readonly [Exclude<ReplyStatement, "unclear">, RegExp])[] = [
  [
    "not_ours",
    /\b(?:not|isn't|aren't|no longer) (?:hosted|registered|operated|owned|managed|located|under|within|part of|one of|our|a customer|in our|on our|with us|by us)\b|\b(?:we|i) (?:do not|don't|are not|aren't) (?:host|own|operate|manage|control|the (?:host|registrar|owner|operator|provider))|\bwrong (?:contact|address|department|provider|company)|\bplease contact (?:the )?(?:registrar|hosting|host|owner|provider|customer|isp)|非我(?:司|公司|单位|方|局|校|院)|不属于我(?:司|公司|单位|方|们)|不是我(?:司|公司|单位|方|们)的?|不在我(?:司|公司|单位|方)|与我(?:司|单位|公司)无关/i,
  ],
  [
    "done",
    /\b(?:has|have|had|was|were|is|are) (?:now )?(?:been )?(?:already )?(?:taken down|removed|suspended|disabled|blocked|deleted|terminated|deactivated|cleaned(?: up)?|fixed|resolved|closed|shut down|null-?routed|patched|mitigated|put on (?:client)?hold)\b|\b(?:we|i) (?:have |'ve )?(?:now |already |just )?(?:took down|taken down|removed|suspended|disabled|blocked|deleted|terminated|cleaned|fixed|resolved|closed|shut down|patched)\b|已(?:经)?(?:于[^，。]{0,20})?(?:处置|处理(?:完毕|完成|好)|下线|关停|关闭|删除|封禁|封停|封堵|清除|清理|整改(?:完毕|完成)?|修复|暂停解析|停止解析|停止服务|下架|解决|断网)|(?:处置|处理|整改|修复|清理)(?:完毕|完成|完了)/i,
  ],
  [
    "acknowledged",
    /\b(?:we|i) (?:have |'ve )?(?:received|got|noted) (?:your|the|this)|\b(?:we|i)(?:'re| are| am|'m| will| 'll| have (?:started|begun|opened|forwarded|passed|informed|notified|contacted))[^.\n]{0,30}\b(?:investigat\w*|look(?:ing)? into|check(?:ing)?|handl\w*|process(?:ing)?|review\w*|forward\w*|work(?:ing)? on|contact\w* (?:the|our) (?:customer|client)|(?:the|our) (?:customer|client))|\bunder investigation\b|\bthank(?:s| you) for (?:your|the) (?:report|notification|notice|information|message)|\b(?:a |your )?ticket[^.\n]{0,30}(?:has been )?(?:opened|created|assigned)|收到(?:，|,|。|！|!|\s|$|贵|您|你|通报|邮件)|已(?:收悉|知悉|转(?:交|发|给|办)|通知(?:用户|客户|业主))|正在(?:处理|处置|核实|核查|整改|调查|排查|跟进)|(?:我们|我司|我单位)?(?:将|会)(?:尽快|立即|马上)(?:处理|处置|核实|核查|整改|排查)/i,
  ],
  [
    "asks",
    /\b(?:could|can|would) you (?:please )?(?:provide|send|share|give|confirm|clarify|tell|forward|let)|\bplease (?:provide|send|share|clarify|specify|confirm (?:the|which|whether))|\b(?:we|i) (?:need|require|would need) (?:more|further|additional|the)|\bwhich (?:url|ip|domain|file|site|page|server)\b[^.\n]{0,60}\?|\bmore (?:information|details|evidence|logs)\b|请(?:您|贵方|贵单位|贵中心)?(?:进一步)?(?:提供|补充|说明|告知|确认(?:一下)?)|(?:能否|可否|是否可以|麻烦)(?:再)?(?:提供|补充|说明|发|告知)|需要(?:更多|进一步|详细)/i,
  ],
];
/** Takes back what a sentence says, or puts it off: it is then unclear. */
const DOUBT =
  /\b(?:not|never|un(?:able|til)|cannot|can't|couldn't|haven't|hasn't|hadn't|wasn't|weren't|if|once|when|before|unless|after (?:it|this|the \w+) (?:has been|is)|still|why|should be)\b|未(?:能)?|尚未|没有|没能|无法|不能|还没|如果|若|是否已|(?:将|会)被|仍(?:然|在)/i;
/** A thing done beats that it was seen; "not ours" and a question stand for themselves. */
const BEATS: readonly (readonly [ReplyStatement, ReplyStatement])[] = [
  ["done", "acknowledged"],
  ["asks", "acknowledged"],
  ["not_ours", "acknowledged"],
];

/** Returns what the new text of a reply says; "unclear" when it says nothing of the table, or several things. */
export function statementOf(text: string): ReplyStatement {
  const sentences = text
    .slice(0, 5000)
    .split(/(?<=[.!?])\s+|[\n。！？!?；;]+/)
    .filter((sentence) => sentence.trim() !== "");
  const asked = text.slice(0, 5000).match(/[^\n。！？!?]*[?？]/g) ?? [];
  const said = new Set<ReplyStatement>();
  for (const sentence of sentences) for (const statement of statementsIn(sentence)) said.add(statement);
  for (const question of asked)
    if (/\b(?:which|what|where|could|can|would|do|is|are)\b|[哪何吗呢么]/i.test(question)) said.add("asks");
  for (const [winner, loser] of BEATS) if (said.has(winner)) said.delete(loser);
  const [only, ...others] = [...said];
  return only === undefined || others.length > 0 ? "unclear" : only;
}

function statementsIn(sentence: string): ReplyStatement[] {
  return PHRASES.flatMap(([statement, pattern]) => {
    if (!pattern.test(sentence)) return [];
    return statement === "done" && DOUBT.test(sentence) ? (["unclear"] as const) : [statement];
  });
}
