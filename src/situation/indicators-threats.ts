import type {Bilingual} from "../model/format.ts";
import type {AssetCondition, IndicatorDefinition} from "../model/indicator.ts";

const ADDRESSES: Bilingual = {zh: "个IP地址", en: "IP addresses"};
const SITES: Bilingual = {zh: "个网站", en: "sites"};
const PAGES: Bilingual = {zh: "个页面", en: "pages"};
const DOMAINS: Bilingual = {zh: "个域名", en: "domains"};
const URLS: Bilingual = {zh: "个URL", en: "URLs"};

/** Below this share of assets with a known address, the number of addresses would say more of the feeds than of the threat. */
const LEAST_KNOWN = 0.9;

const isClass = (...is: readonly string[]): AssetCondition => ({column: "class", is});
const DOMESTIC: AssetCondition = {column: "scope", is: ["domestic"]};
const HAS_IP: AssetCondition = {column: "ip", isFilled: true};
const GOVERNMENT: AssetCondition = {column: "isGov", is: [1]};
const IS_PAGE: AssetCondition = {column: "assetKind", is: ["url"]};
const AIMED: AssetCondition = {column: "isAimedAtConstituency", is: [1]};

const HOSTS: readonly IndicatorDefinition[] = [
  {
    id: "host.trojan_bot",
    version: 1,
    title: {zh: "境内被木马或僵尸程序控制的主机", en: "Trojan- or bot-controlled domestic hosts"},
    meaning: {
      zh: "一周内被报告受木马或僵尸程序控制、位于境内的不同IP地址数，网络蠕虫除外；同一地址一周只计一次。",
      en: "Distinct domestic IP addresses that were reported in the week as controlled by a trojan or bot, worms left out; an address counts once a week.",
    },
    unit: ADDRESSES,
    counting: {
      how: "counted",
      distinct: "ip",
      where: [isClass("mal.bot"), DOMESTIC],
      by: ["province", "sector", "family"],
    },
    mayBeEntered: true,
  },
  {
    id: "host.conficker",
    version: 1,
    title: {zh: "境内感染飞客蠕虫的主机", en: "Conficker-infected domestic hosts"},
    meaning: {
      zh: "一周内被报告感染网络蠕虫（如飞客）、位于境内的不同IP地址数；同一地址一周只计一次。",
      en: "Distinct domestic IP addresses that were reported in the week as infected by a network worm such as Conficker; an address counts once a week.",
    },
    unit: ADDRESSES,
    zero: {when: "fed", classes: ["mal.bot", "mal.worm"]}, // the same sinkholes tell of both
    counting: {
      how: "counted",
      distinct: "ip",
      where: [isClass("mal.worm"), DOMESTIC],
      by: ["province", "sector"],
    },
    mayBeEntered: true,
  },
  {
    id: "host.infected",
    version: 1,
    title: {zh: "境内感染网络病毒的主机", en: "Infected domestic hosts"},
    meaning: {
      zh: "境内被木马或被僵尸程序控制的主机数与境内感染飞客蠕虫的主机数之和；两者都有的地址计两次。",
      en: "The sum of domestic hosts controlled by trojans or bots and of those infected by Conficker; an address with both counts twice.",
    },
    unit: ADDRESSES,
    counting: {how: "sum", of: ["host.trojan_bot", "host.conficker"], by: ["province", "sector"]},
    mayBeEntered: true,
  },
  {
    id: "c2.ips",
    version: 1,
    title: {zh: "木马或僵尸网络控制服务器", en: "Control servers of trojans and botnets"},
    meaning: {
      zh: "一周内被报告为木马或僵尸网络控制服务器的不同IP地址数，境内境外合计。",
      en: "Distinct IP addresses that were reported in the week as control servers of trojans or botnets, at home and abroad together.",
    },
    unit: ADDRESSES,
    counting: {
      how: "counted",
      distinct: "ip",
      where: [isClass("mal.c2")],
      by: ["scope", "country", "province", "family"],
    },
    mayBeEntered: true,
  },
];

const MALWARE_SITES: readonly IndicatorDefinition[] = [
  {
    id: "msite.urls",
    version: 1,
    title: {zh: "放马站点URL", en: "Malware distribution URLs"},
    meaning: {
      zh: "一周内被报告传播恶意程序的不同URL、站点或地址数。",
      en: "Distinct URLs, sites or addresses that were reported in the week as distributing malware.",
    },
    unit: URLS,
    counting: {how: "counted", distinct: "asset", where: [isClass("mal.site")], by: ["scope", "tld", "family"]},
  },
  {
    id: "msite.urls_with_ip",
    version: 1,
    title: {zh: "已知地址的放马站点URL", en: "Malware distribution URLs with a known address"},
    meaning: {
      zh: "放马站点URL中，报告给出了IP地址的数量；用来判断“放马站点IP地址”是否可计。",
      en: "Those of the malware distribution URLs whose IP address is known; it decides whether the addresses can be counted.",
    },
    unit: URLS,
    zero: {when: "part", of: "msite.urls"},
    counting: {how: "counted", distinct: "asset", where: [isClass("mal.site"), HAS_IP], by: []},
  },
  {
    id: "msite.domains",
    version: 1,
    title: {zh: "放马站点域名", en: "Domains of malware sites"},
    meaning: {
      zh: "一周内被报告传播恶意程序的站点所属的不同注册域名数。",
      en: "Distinct registered domains of the sites that were reported in the week as distributing malware.",
    },
    unit: DOMAINS,
    zero: {when: "part", of: "msite.urls"},
    counting: {
      how: "counted",
      distinct: "domain",
      where: [isClass("mal.site")],
      by: ["scope", "tld", "country"],
    },
    mayBeEntered: true,
  },
  {
    id: "msite.ips",
    version: 1,
    title: {zh: "放马站点IP地址", en: "Addresses of malware sites"},
    meaning: {
      zh: "一周内被报告传播恶意程序的站点的不同IP地址数；九成以上站点的地址已知时才计。",
      en: "Distinct IP addresses of the sites that were reported in the week as distributing malware; counted only when the address of at least nine in ten is known.",
    },
    unit: ADDRESSES,
    zero: {when: "part", of: "msite.urls"},
    counting: {
      how: "counted",
      distinct: "ip",
      where: [isClass("mal.site")],
      by: ["scope", "country", "province"],
      known: {share: "msite.urls_with_ip", of: "msite.urls", least: LEAST_KNOWN},
    },
    mayBeEntered: true,
  },
  {
    id: "msite.direct_ips",
    version: 1,
    title: {zh: "通过IP直接访问的放马站点", en: "Malware sites used by address"},
    meaning: {
      zh: "放马站点URL中主机部分直接写为IP地址的不同IP地址数。",
      en: "Distinct IP addresses that stand in malware distribution URLs in place of a host name.",
    },
    unit: ADDRESSES,
    zero: {when: "part", of: "msite.urls"},
    counting: {
      how: "counted",
      distinct: "ip",
      where: [isClass("mal.site"), {column: "hasDirectIp", is: [1]}],
      by: ["scope", "country"],
    },
    mayBeEntered: true,
  },
];

/**
 * The four site indicators differ in the kind of harm and in whether only government sites count, as a part of all. A
 * report may name the page: then its site counts.
 */
function site(
  id: string,
  text: {title: Bilingual; meaning: Bilingual},
  what: {where: readonly AssetCondition[]; whole?: string},
): IndicatorDefinition {
  return {
    id,
    version: 2,
    ...text,
    unit: SITES,
    counting: {
      how: "counted",
      distinct: "site",
      where: [...what.where, DOMESTIC],
      by: ["province", "tld", "sector"],
    },
    mayBeEntered: true,
    ...(what.whole === undefined ? {} : {zero: {when: "part", of: what.whole}}),
  };
}

const WEB_SITES: readonly IndicatorDefinition[] = [
  site(
    "web.defaced",
    {
      title: {zh: "境内被篡改网站", en: "Defaced domestic websites"},
      meaning: {
        zh: "一周内被报告遭篡改、位于境内的不同网站数；网站以去掉“www.”的主机名计，没有主机名的以IP地址计。",
        en: "Distinct domestic sites that were reported in the week as defaced; a site is its host name without “www.”, or its IP address when it has no name.",
      },
    },
    {where: [isClass("web.deface")]},
  ),
  site(
    "web.gov_defaced",
    {
      title: {zh: "境内被篡改政府网站", en: "Defaced domestic government websites"},
      meaning: {
        zh: "境内被篡改网站中的政府网站数，政府网站按域名后缀和名单认定。",
        en: "The government sites among the domestic sites defaced, told by domain suffix and list.",
      },
    },
    {where: [isClass("web.deface"), GOVERNMENT], whole: "web.defaced"},
  ),
  site(
    "web.backdoored",
    {
      title: {zh: "境内被植入后门的网站", en: "Backdoored domestic websites"},
      meaning: {
        zh: "一周内被报告植入后门、位于境内的不同网站数；网站以去掉“www.”的主机名计，没有主机名的以IP地址计。",
        en: "Distinct domestic sites that were reported in the week as carrying a backdoor; a site is its host name without “www.”, or its IP address when it has no name.",
      },
    },
    {where: [isClass("web.backdoor")]},
  ),
  site(
    "web.gov_backdoored",
    {
      title: {zh: "境内被植入后门的政府网站", en: "Backdoored domestic government websites"},
      meaning: {
        zh: "境内被植入后门网站中的政府网站数，政府网站按域名后缀和名单认定。",
        en: "The government sites among the domestic sites carrying a backdoor, told by domain suffix and list.",
      },
    },
    {where: [isClass("web.backdoor"), GOVERNMENT], whole: "web.backdoored"},
  ),
];

const PHISHING: readonly IndicatorDefinition[] = [
  {
    id: "web.phishing_pages",
    version: 1,
    title: {zh: "针对境内网站的仿冒页面", en: "Phishing pages aimed at domestic websites"},
    meaning: {
      zh: "一周内被报告、仿冒境内品牌或网站的不同页面（URL）数，页面可在境外；品牌不明时，以数据源是否面向境内为准。",
      en: "Distinct pages (URLs) reported in the week that imitate a domestic brand or site, wherever they are hosted; where the brand is not known, the feed's own aim decides.",
    },
    unit: PAGES,
    counting: {
      how: "counted",
      distinct: "asset",
      where: [isClass("web.phish"), AIMED, IS_PAGE],
      by: ["brand", "sector", "scope", "country", "tld"],
    },
    mayBeEntered: true,
  },
  {
    id: "phish.pages_with_ip",
    version: 1,
    title: {zh: "已知地址的仿冒页面", en: "Phishing pages with a known address"},
    meaning: {
      zh: "仿冒页面中，报告给出了IP地址的数量；用来判断“仿冒页面IP地址”是否可计。",
      en: "Those of the phishing pages whose IP address is known; it decides whether the addresses can be counted.",
    },
    unit: PAGES,
    zero: {when: "part", of: "web.phishing_pages"},
    counting: {how: "counted", distinct: "asset", where: [isClass("web.phish"), AIMED, IS_PAGE, HAS_IP], by: []},
  },
  {
    id: "phish.domains",
    version: 1,
    title: {zh: "仿冒页面涉及域名", en: "Domains of phishing pages"},
    meaning: {
      zh: "仿冒页面所属的不同注册域名数。",
      en: "Distinct registered domains of the phishing pages.",
    },
    unit: DOMAINS,
    zero: {when: "part", of: "web.phishing_pages"},
    counting: {
      how: "counted",
      distinct: "domain",
      where: [isClass("web.phish"), AIMED, IS_PAGE],
      by: ["scope", "tld", "brand", "sector"],
    },
    mayBeEntered: true,
  },
  {
    id: "phish.ips",
    version: 1,
    title: {zh: "仿冒页面涉及IP地址", en: "Addresses of phishing pages"},
    meaning: {
      zh: "仿冒页面所在的不同IP地址数；九成以上页面的地址已知时才计。",
      en: "Distinct IP addresses of the phishing pages; counted only when the address of at least nine in ten is known.",
    },
    unit: ADDRESSES,
    zero: {when: "part", of: "web.phishing_pages"},
    counting: {
      how: "counted",
      distinct: "ip",
      where: [isClass("web.phish"), AIMED, IS_PAGE],
      by: ["scope", "country", "province"],
      known: {share: "phish.pages_with_ip", of: "web.phishing_pages", least: LEAST_KNOWN},
    },
    mayBeEntered: true,
  },
  {
    id: "phish.pages_per_ip",
    version: 1,
    title: {zh: "每个IP地址承载的仿冒页面", en: "Phishing pages for each address"},
    meaning: {
      zh: "仿冒页面数除以其涉及的IP地址数，不取整。",
      en: "The phishing pages divided by their IP addresses, not rounded.",
    },
    unit: PAGES,
    counting: {how: "ratio", of: "web.phishing_pages", to: "phish.ips"},
  },
];

/** What threatens: hosts, control servers, malware sites, web sites, phishing. */
export const THREATS: readonly IndicatorDefinition[] = [...HOSTS, ...MALWARE_SITES, ...WEB_SITES, ...PHISHING];
