/** Chinese words of tables, figures and notes. `domestic` is 境内 or what the profile says for it. */
export const zhFigures = {
  figure: (number: number, caption: string): string => `图${number} ${caption}`,
  table: (number: number, caption: string): string => `表${number} ${caption}`,
  rating: "整体评价",
  notRated: "本周未作整体评价。",
  rated: (name: string, step: number): string => `五级评价中的第${step}级：${name}。`,
  listMark: "；",
  columns: {indicator: "指标", thisWeek: "本周", lastWeek: "上周", change: "环比"},
  captions: {
    front: "网络安全基本态势",
    handled: "本周事件处理情况",
  },
  labels: {
    "host.infected": (domestic: string): string => `${domestic}感染网络病毒的主机数量`,
    "web.defaced": (domestic: string): string => `${domestic}被篡改网站总数`,
    "web.gov_defaced": (_domestic: string): string => "其中政府网站数量",
    "web.backdoored": (domestic: string): string => `${domestic}被植入后门网站总数`,
    "web.gov_backdoored": (_domestic: string): string => "其中政府网站数量",
    "web.phishing_pages": (domestic: string): string => `针对${domestic}网站的仿冒页面数量`,
    "vuln.total": (_domestic: string): string => "新增信息安全漏洞数量",
    "vuln.high": (_domestic: string): string => "其中高危漏洞数量",
    "incident.total": (_domestic: string): string => "处理网络安全事件",
    "incident.cross_border": (_domestic: string): string => "其中跨境事件",
    "incident.phishing": (_domestic: string): string => "仿冒投诉事件",
    "mobile.platforms": (_domestic: string): string => "恶意程序下载平台",
    "mobile.urls": (_domestic: string): string => "恶意URL链接",
  },
};
