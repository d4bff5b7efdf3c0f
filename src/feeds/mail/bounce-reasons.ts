import type {BounceReason} from "../../model/complaint.ts";

/**
 * What mail servers say when they do not take a mail, as data: the first row that fits decides. The words are those that
 * servers use; the numbers of RFC 3463 come after, because many servers send 5.0.0 or a wrong one.
 */
const WORDS: readonly (readonly [BounceReason, RegExp])[] = [
  [
    "authentication",
    /\b(spf|dkim|dmarc)\b[^.\n]{0,60}(fail|not pass|reject|policy|invalid|hard ?fail)|unauthenticated (email|mail)|(fail(ed|s|ure)?|not pass(ed)?)[^.\n]{0,40}\b(spf|dkim|dmarc|authentication checks?)\b|sender id \(pra\) not permitted|per (it'?s|its) spf record|spf[^.\n]{0,40}record\b/i,
  ],
  ["network", /hop count|too many hops|mail loop|loop detected|loops back/i],
  [
    "mailbox_full",
    /(mail ?box|mailfolder|maildir|account|user|recipient)[^.\n]{0,40}\b(is |was |would be )?(full|over(\s|-)?quota|exceed(ed|s)? (its |the )?(mail)?(box )?(storage|quota|size|disk|space|limit))|over (the )?(disk )?quota|quota (is )?(exceeded|full|violation)|exceeded?[^.\n]{0,20}(storage|quota|mailbox size)|not enough (storage|disk|free) space|insufficient (system )?(storage|disk)|disk quota|mailbox_?full|out of (disk )?(space|storage)|delivery failed: over quota|number of messages in [^.\n]{0,30}exceeded|邮箱(已满|空间不足)|メールボックスが一杯/i,
  ],
  [
    "too_large",
    /(message|mail)( size)?( is| was)? (too (large|big|long)|exceeds? (the )?(fixed )?(maximum|limit|size|administrative)|over(size| the (size )?limit))|(size|message) limit exceeded|exceeded the maximum incoming message size|message file too big|max(imum)? message size/i,
  ],
  [
    "no_such_host",
    /(host|domain|server)( name)?( \S+)? (was )?(not found|unknown|does not exist|is not known|isn't known)|unknown (host|domain)|unrouteable (mail )?domain|no such (domain|host)|name service error|host or domain name not found|nxdomain|non-?existent domain|couldn't find any host|domain (does not|doesn't) exist|all relevant mx records point to non-existent hosts|bad destination host|no dns|dns (error|failure|lookup failed)|unable to resolve|domain is not reachable/i,
  ],
  [
    "moved",
    /(user|recipient|account|mailbox|address)[^.\n]{0,30}(has )?(moved|been replaced|changed (his|her|its|their) address)|no longer (at|with) (this|that)|is no longer (in use|used)|has left the (company|organi[sz]ation)/i,
  ],
  [
    "spam",
    /(appears?|looks?|classified|detected|considered|identified|rejected|tagged|refused|blocked)[^.\n]{0,40}\b(as|to be|like|for)?\s*(a )?(spam|junk|ube|unsolicited|bulk)|spam (message|mail|content|detected|filter|score|reject|check)|\bspam\b[^.\n]{0,30}(reject|refused|blocked|not accepted|denied)|high probability of (being )?spam|message content rejected|垃圾邮件/i,
  ],
  [
    "too_many",
    /too many (connections?|concurrent|messages|mails?|recipients|sessions|errors|emails|hops from)|(rate|connection|frequency|session)s?[ -](limit|is limited|limited)|frequency limited|throttl|(sending|receiving|mail)[^.\n]{0,40}(too (fast|quickly|rapidly|much))|exceeded? (its |the |your )?(max|hourly|daily|sending|message|rate|allowed)[^.\n]{0,20}(emails|messages|limit|rate)|too much mail|connection rate/i,
  ],
  [
    "blocked",
    /banned (sending )?ip|use the smtp server of your isp|(ip|address|host|server|client|domain|sender)[^.\n]{0,60}\b((black|block|deny|dnsbl|rbl)[ -]?list|blocked|banned|blacklisted|listed (in|by|at|on))|(black|block)ed? (using|by) [\w.-]*|\b(rbl|dnsbl|spamhaus|spamcop|senderbase|barracuda(central)?)\b|(reverse dns|ptr|rdns)[^.\n]{0,40}(require|fail|missing|not|does)|(no|bad|poor|low|invalid)[^.\n]{0,20}(reputation|ptr|reverse dns)|client host[^.\n]{0,60}(rejected|blocked)|cannot find your (reverse )?hostname|access from ip address|connection refused by policy|dynamic ip/i,
  ],
  [
    "inactive",
    /(account|mailbox|user|recipient|address)[^.\n]{0,50}(is |has been |was |temporarily |currently )*(suspended|frozen|disabled|inactive|deactivated|locked|closed|not active|inactivated|expired)|(inactive|disabled|suspended|locked) (account|user|mailbox|recipient)|mailbox (is )?currently unavailable|account (that you tried to reach )?is (over|disabled|inactive)|not (been )?activated/i,
  ],
  [
    "no_such_user",
    /(user|recipient|mail ?box|account|address(ee)?|alias|name|e?-?mail ?(address|box)?|person|rcpt|contact)s?[^\n]{0,70}\b(unknown|not (be )?(found|listed|known|recogni[sz]ed|exist|valid|local|registered|available here|resolved|deliverable)|does(n't| not) exist|do not exist|doesn't have (an?|this) |no such|invalid|non-?existent|isn't (known|local)|couldn't be found|wasn't found|(is|are) not (a )?valid|not our|undeliverable)|(unknown|invalid|no such|non-?existent|bad destination|bad|illegal|undeliverable|unrout(e)?able) (local )?(part|user|recipient|mail ?box|address|account|alias|person|e-?mail|rcpt|addressee)|user[\s_-]*unknown|no (mail ?box|user|account|such|recipient)[^.\n]{0,30}(here|by that name|found|with that name|exists?|at this)|not (our|a (local|valid|known)) (user|customer|recipient|mailbox|address)|there is no (one|account|user)|(mail ?box|address|user|account) (name )?not allowed|delivery to the following recipients? failed permanently|unrouteable address|(recipient|address|user) (address )?rejected: (user|recipient|no such|unknown|undeliverable|invalid|access denied)|recipnotfound|account that you tried to reach does not exist|(invalid|unknown)[^.\n]{0,20}(userid|user id)|不存在|查无此人|宛先が|not listed in [\w. ]*directory|存在しません/i,
  ],
  [
    "refused",
    /refus(ed|al|es|ing)?[^.\n]{0,30}(mail|message|delivery|recipient|by)|(user|recipient|account|mailbox)[^.\n]{0,40}(reject(ed|s)|refus|restrict|does not accept|doesn't accept|not accept|denied|only accept)|not (allowed|permitted|authori[sz]ed) to (send|post|mail)|(only|must be) (members|subscribers)|you are not allowed to|delivery not allowed|resources restricted|rejected by (the )?recipient|does not (want|like)|filtered/i,
  ],
  [
    "network",
    /(connection|network|session|socket)[^.\n]{0,40}(refused|timed? ?out|timeout|reset|lost|failed|unreachable|dropped|closed|aborted|broken)|could not connect|couldn't connect|no route to host|(unable|failed|cannot|can't|couldn't) (to )?(connect|contact|establish)|network (error|problem|unreachable)|no smtp (connection|service)|host is unreachable/i,
  ],
  [
    "delayed",
    /in the queue too long|(delivery|message|mail|queue|retry|retr(y|ies)|attempts?)[^.\n]{0,60}(time ?out|timed out|expired|too long|give up|gave up|given up|exceeded|been delayed|delayed)|(has|have) (not )?been (undelivered|in the queue)|could not be delivered (within|for|in)\b|will (keep|continue|be) (trying|retri)|still (being )?(tried|trying|undelivered)|unable to deliver[^.\n]{0,60}(hours?|days?)|for (more than )?\d+ (hours|days)|retry time not reached/i,
  ],
  [
    "policy",
    /polic(y|ies)|security|prohibited|not (acceptable|accept(ed)?|comply|allowed|permitted)|violat|virus|malware|executable|attachment|phish|relay(ing)? (access )?(denied|not|is not)|unable to relay|access denied|administrat|authentication (is )?required|sender (address )?(rejected|denied|refused|verif)|(bad|invalid|unknown) sender|(encrypt|tls)[^.\n]{0,30}(required|needed|necessary)|headers?[^.\n]{0,30}(invalid|missing|duplicate|rfc)|rfc ?\d{3,4}/i,
  ],
  [
    "system",
    /(system|server|internal|configuration|config|local|software|program|command|script|filter|disk|\bi\/o\b|fatal|resource)[^.\n]{0,40}(error|failure|failed|problem|misconfig|crash|down|trouble|unavailable|busy)|exit(ed)? (status|code|with)|(service|mailbox|server) (is )?((temporar|current)\w+ )?(unavailable|not available|busy)|temporar(y|ily)[^.\n]{0,30}(fail|error|problem|unavailable|reject|defer)|died with (status|signal)|can't create|cannot (create|open|write|append)|pipe to|out of memory|try (again )?later/i,
  ],
];

/** Source: RFC 3463 and the IANA registry of enhanced status codes. Without its class, the first digit. */
const NUMBERS: Readonly<Record<string, BounceReason>> = {
  "1.0": "no_such_user",
  "1.1": "no_such_user",
  "1.2": "no_such_host",
  "1.3": "no_such_user",
  "1.4": "no_such_user",
  "1.6": "moved",
  "1.7": "policy",
  "1.8": "policy",
  "1.10": "no_such_host",
  "2.1": "inactive",
  "2.2": "mailbox_full",
  "2.3": "too_large",
  "2.4": "no_such_user",
  "3.1": "mailbox_full",
  "3.2": "system",
  "3.4": "too_large",
  "3.5": "system",
  "4.0": "network",
  "4.1": "network",
  "4.2": "network",
  "4.3": "network",
  "4.4": "network",
  "4.5": "network",
  "4.6": "network",
  "4.7": "delayed",
  "5.3": "too_many",
  "7.0": "policy",
  "7.1": "policy",
  "7.13": "inactive",
  "7.17": "moved",
  "7.20": "authentication",
  "7.23": "authentication",
  "7.25": "blocked",
  "7.26": "authentication",
  "7.28": "too_many",
};

/** The address is gone: nothing sent to it will ever arrive. */
const GONE: readonly BounceReason[] = ["no_such_user", "no_such_host", "moved"];

/** Returns the reason that the words of a server give, else the number; null when neither tells. */
export function bounceReason(words: string, status: string | null): BounceReason | null {
  const flat = words.slice(0, 4000).replace(/\s+/g, " ");
  const number = NUMBERS[status?.slice(2) ?? ""] ?? null;
  return WORDS.find(([, pattern]) => pattern.test(flat))?.[0] ?? number;
}

/** Returns what the reason means for the address; "other" when nothing tells. */
export function bounceKind(reason: BounceReason | null, status: string | null): "hard" | "soft" | "other" {
  if (reason !== null) return GONE.includes(reason) && !status?.startsWith("4") ? "hard" : "soft";
  return status?.startsWith("4") ? "soft" : "other";
}
