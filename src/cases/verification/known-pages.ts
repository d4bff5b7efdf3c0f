import type {PageFacts, ReasonCode} from "../../model/verification.ts";

/** A kind of page that is not the thing itself but a notice in its place. */
export interface KnownPage {
  readonly reason: Extract<
    ReasonCode,
    | "challenge"
    | "geo-block"
    | "login-wall"
    | "access-denied"
    | "too-many-requests"
    | "maintenance"
    | "warning-page"
    | "parking-page"
    | "suspended"
    | "gone"
  >;
  /** Where the words have to stand. */
  readonly where: "title" | "text" | "title or text";
  /** Any of these, in small letters. */
  readonly phrases: readonly string[];
  /** A notice is short: a page with more words only speaks of such a thing. */
  readonly mostWords: number;
}

/**
 * What notices say, in our own selection of their usual words. Those that mean nothing come first: where two fit, the page
 * says nothing. So a wrong entry costs a takedown that a person has to see, never a false one.
 */
const KNOWN_PAGES: readonly KnownPage[] = [
  {
    reason: "challenge",
    where: "title or text",
    mostWords: 300,
    phrases: [
      "just a moment",
      "attention required",
      "checking your browser",
      "checking if the site connection is secure",
      "verify you are human",
      "verifying you are human",
      "are you a robot",
      "not a robot",
      "captcha",
      "security check",
      "unusual traffic",
      "enable javascript and cookies",
      "ddos protection",
      "人机验证",
      "安全验证",
      "滑动验证",
      "拖动滑块",
      "请完成验证",
      "请输入验证码",
      "验证您是否是真人",
      "正在检查您的浏览器",
      "访问验证",
      "异常流量",
    ],
  },
  {
    reason: "geo-block",
    where: "title or text",
    mostWords: 300,
    phrases: [
      "not available in your country",
      "not available in your region",
      "not available in your location",
      "unavailable in your country",
      "unavailable in your region",
      "not accessible from your",
      "your country has been blocked",
      "access from your country",
      "access from your region",
      "restricted in your",
      "blocked in your country",
      "where you are located",
      "outside of the service area",
      "所在地区",
      "所在国家",
      "您的地区",
      "您的国家",
      "该地区无法访问",
      "地区限制",
      "区域限制",
      "境外访问",
      "海外ip",
      "国外ip",
      "地域限制",
    ],
  },
  {
    reason: "too-many-requests",
    where: "title or text",
    mostWords: 200,
    phrases: ["too many requests", "rate limit", "访问过于频繁", "访问频率", "请求过多", "操作过于频繁"],
  },
  {
    reason: "maintenance",
    where: "title or text",
    mostWords: 250,
    phrases: [
      "under maintenance",
      "scheduled maintenance",
      "service unavailable",
      "temporarily unavailable",
      "temporarily offline",
      "be right back",
      "website sleeping",
      "site is sleeping",
      "try again later",
      "bad gateway",
      "gateway time",
      "维护中",
      "正在维护",
      "系统维护",
      "暂时无法访问",
      "暂时不可用",
      "稍后再试",
      "服务不可用",
      "网关错误",
    ],
  },
  {
    reason: "login-wall",
    where: "title or text",
    mostWords: 150,
    phrases: [
      "authorization required",
      "authentication required",
      "401 unauthorized",
      "log in to continue",
      "sign in to continue",
      "please log in to",
      "password protected",
      "password required",
      "请先登录",
      "登录后查看",
      "登录后访问",
      "需要登录",
      "请输入访问密码",
    ],
  },
  {
    reason: "access-denied",
    where: "title or text",
    mostWords: 150,
    phrases: [
      "403 forbidden",
      "access denied",
      "access to this page has been denied",
      "you have been blocked",
      "request blocked",
      "not allowed to access",
      "ip address has been",
      "拒绝访问",
      "禁止访问",
      "访问被拒绝",
      "访问被阻断",
      "您的请求被拦截",
      "您的访问被拦截",
      "没有权限访问",
    ],
  },
  {
    reason: "warning-page",
    where: "title or text",
    mostWords: 400,
    phrases: [
      "suspected phishing",
      "reported as phishing",
      "reported for potential phishing",
      "deceptive site",
      "dangerous site",
      "this domain has been seized",
      "website has been blocked",
      "site has been blocked by",
      "涉嫌诈骗",
      "涉嫌网络诈骗",
      "涉诈",
      "反诈",
      "已被拦截",
      "危险网站",
      "恶意网站",
      "钓鱼网站",
      "违法违规网站",
      "备案信息",
      "尚未备案",
      "未备案",
      "已被依法关闭",
    ],
  },
  {
    reason: "parking-page",
    where: "title or text",
    mostWords: 400,
    phrases: [
      "domain is for sale",
      "domain name is for sale",
      "domain may be for sale",
      "buy this domain",
      "this domain is parked",
      "parked domain",
      "parked free",
      "domain parking",
      "is parked",
      "domain has expired",
      "domain name has expired",
      "related searches",
      "make an offer on this domain",
      "inquire about this domain",
      "域名出售",
      "域名转让",
      "购买此域名",
      "购买该域名",
      "该域名可出售",
      "域名停放",
      "域名正在出售",
      "域名已过期",
      "域名已到期",
      "本域名",
    ],
  },
  {
    reason: "suspended",
    where: "title",
    mostWords: 150,
    phrases: [
      "account suspended",
      "site suspended",
      "website suspended",
      "hosting suspended",
      "网站已暂停",
      "站点已停止",
      "网站已关闭",
    ],
  },
  {
    reason: "suspended",
    where: "text",
    mostWords: 100,
    phrases: [
      "contact your hosting provider",
      "this website has been suspended",
      "this site has been suspended",
      "suspended by the hosting",
      "suspended for violation of",
      "removed for violating our terms",
      "该网站已被服务商停用",
      "站点已被管理员停止",
      "站点已暂停",
      "网站已被关闭",
      "空间已被停用",
      "主机已被停用",
    ],
  },
  {
    reason: "gone",
    where: "title or text",
    mostWords: 150,
    phrases: [
      "404 not found",
      "not found (404)",
      "error 404",
      "404 error",
      "page not found",
      "page cannot be found",
      "page does not exist",
      "page doesn't exist",
      "site not found",
      "no such app",
      "this app has been removed",
      "welcome to nginx",
      "apache2 default page",
      "页面不存在",
      "页面未找到",
      "找不到页面",
      "页面已删除",
      "页面已被删除",
      "内容已被删除",
      "您访问的页面不存在",
      "该应用已下架",
      "没有找到站点",
    ],
  },
];

/** Hosts whose script stands on a page that first wants to know who comes. */
const CHALLENGE_HOSTS = [
  "challenges.cloudflare.com",
  "hcaptcha.com",
  "recaptcha.net",
  "geetest.com",
  "captcha-delivery.com",
  "captcha.qq.com",
  "captcha.alicdn.com",
  "arkoselabs.com",
];
const CHALLENGE_WORDS = 150;

/**
 * Returns what kind of notice a page is, with the words that tell; null when it is none that is known. A page with a field
 * for a password is no notice of an end, whatever it says: phishing pages like to speak of suspended accounts.
 */
export function knownPage(page: PageFacts): {reason: KnownPage["reason"]; phrase: string} | null {
  const title = (page.title ?? "").toLowerCase();
  const text = page.text.toLowerCase();
  const host = page.hosts.find((each) => CHALLENGE_HOSTS.some((known) => each === known || each.endsWith(`.${known}`)));
  if (host !== undefined && page.words <= CHALLENGE_WORDS) return {reason: "challenge", phrase: host};
  for (const known of KNOWN_PAGES) {
    if (page.words > known.mostWords) continue;
    if (page.passwords + page.forms > 0 && isEnd(known)) continue;
    const where = known.where === "title" ? title : known.where === "text" ? text : `${title}\n${text}`;
    const phrase = known.phrases.find((each) => where.includes(each));
    if (phrase !== undefined) return {reason: known.reason, phrase};
  }
  return null;
}

function isEnd({reason}: KnownPage): boolean {
  return reason === "suspended" || reason === "gone";
}
