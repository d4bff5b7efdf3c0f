/** The words by which a plain mail says what it complains about, as data. */
const WORDS: readonly (readonly [string, RegExp])[] = [
  [
    "web.fakeapp",
    /\b(?:fake|counterfeit|rogue|cloned) (?:mobile )?app(?:lication)?s?\b|仿冒(?:的)?(?:app|应用|客户端)|假冒(?:的)?(?:app|应用)|山寨(?:app|应用)/i,
  ],
  [
    "web.phish",
    /\bphish(?:ing|ed|er)?\b|credential (?:harvest|theft|steal)\w*|fake (?:login|bank|web ?site|page)|impersonat\w+ (?:our|the|a) (?:web ?site|bank|brand|login)|仿冒(?!(?:的)?(?:app|应用|客户端))|钓鱼|釣魚|假冒网站|假网站|フィッシング/i,
  ],
  [
    "mal.c2",
    /\bc2\b|\bc&c\b|\bc ?and ?c server|command[ -](?:and|&)[ -]control|控制服务器|控制端|远控(?:端|服务器)|僵尸网络控制/i,
  ],
  ["mal.ransom", /\bransom(?:ware)?\b|勒索/i],
  ["mal.mine", /\bcrypto ?min(?:er|ing)\b|\bcoin ?miner\b|挖矿/i],
  [
    "mal.bot",
    /\bbot(?:net)? (?:infect\w*|drone|host|client|node)s?\b|\b(?:infected|compromised) (?:hosts?|machines?|computers?|systems?)\b|\bbots\b|\bzombie\b|\bbotware\b|受控主机|僵尸主机|肉鸡|木马感染/i,
  ],
  [
    "mal.site",
    /\bmalware\b|\bmalicious (?:software|file|download|code|content|url)\b|\bvirus(?:es)?\b|\btrojans?\b|\bexploit kit\b|恶意(?:程序|代码|软件|文件|样本)|木马(?!感染)|病毒|挂马|放马/i,
  ],
  ["web.deface", /\bdefac(?:ed?|ement|ing)\b|网页篡改|被篡改|篡改/i],
  ["web.darklink", /\bhidden link|暗链|黑链/i],
  ["web.backdoor", /\bweb ?shell\b|\bbackdoor(?:ed)?\b|网站后门|后门|网马/i],
  ["net.ddos", /\bddos\b|distributed denial|流量攻击|拒绝服务攻击|分布式拒绝服务/i],
  [
    "att.brute",
    /\bbrute[ -]?forc\w*|\b(?:failed|repeated|unauthori[sz]ed) (?:ssh |ftp |imap |pop3? |rdp )?log ?in(?: attempt)?s?\b|\blogin attacks?\b|password guess\w*|暴力破解|口令猜解|爆破/i,
  ],
  [
    "att.scan",
    /\b(?:port|network|vulnerability) ?scan\w*|\bscann(?:ing|ed) (?:my|our|the|a|your)?\s?(?:ports?|network|hosts?|servers?)|\bport ?sweep|扫描(?:攻击|行为|端口|探测)?|端口探测/i,
  ],
  [
    "att.exploit",
    /\bsql injection\b|\bexploit(?:ation)? attempts?\b|\bremote code execution\b|sql ?注入|漏洞利用|注入攻击/i,
  ],
  [
    "abuse.spam",
    /\bspam(?:ming|mer|vertised|s)?\b|\bunsolicited (?:bulk |commercial )?(?:e-?mails?|messages?)\b|\bube\b|\bcomment spam|垃圾(?:邮件|短信|信息)|垃圾郵件/i,
  ],
  [
    "abuse.fraud",
    /\bscams?\b|\bfraud(?:ulent)?\b|\b(?:investment|lottery|romance) (?:scam|fraud)|诈骗|欺诈|詐騙|刷单|虚假投资/i,
  ],
  ["data.leak", /\bdata (?:leak|breach)\b|\bleaked (?:data|database|credentials)\b|数据泄[露漏]|信息泄[露漏]/i],
  [
    "vuln.exposed",
    /\bopen (?:resolver|relay|proxy|memcached|redis|elasticsearch)\b|\bexposed (?:service|database|port)\b|未授权访问|暴露(?:服务|端口)/i,
  ],
];

/** What one class says already, so that naming the other too takes nothing away. */
const SAYS_MORE: Readonly<Record<string, readonly string[]>> = {
  "web.phish": ["abuse.fraud", "abuse.spam"],
  "web.fakeapp": ["web.phish", "mal.site"],
  "mal.c2": ["mal.site", "mal.bot"],
  "mal.ransom": ["mal.site", "mal.bot"],
  "mal.mine": ["mal.site", "mal.bot"],
  "mal.bot": ["mal.site"],
  "web.backdoor": ["mal.site"],
  "att.brute": ["att.scan"],
};

/**
 * Returns the class that the words name: those of the subject first, else those of the text. Null when they name none, or
 * several that do not say the same: that is for a person.
 */
export function classOfWords(subject: string, text: string): string | null {
  return decided(named(subject)) ?? (named(subject).length > 1 ? null : decided(named(text.slice(0, 20_000))));
}

function named(text: string): string[] {
  return WORDS.filter(([, pattern]) => pattern.test(text)).map(([code]) => code);
}

function decided(codes: readonly string[]): string | null {
  const said = new Set(codes.flatMap((code) => SAYS_MORE[code] ?? []));
  const [only, ...others] = codes.filter((code) => !said.has(code));
  return only === undefined || others.length > 0 ? null : only;
}
