/**
 * What the WeChat editor takes. Source: developers.weixin.qq.com, draftbox/draftmanage/api_draft_add and
 * material/permanent/api_uploadimage.
 */
export const WECHAT_LIMITS = {
  titleCharacters: 32,
  digestCharacters: 128,
  /** Of the HTML; it must stay below both. */
  htmlCharacters: 20_000,
  htmlBytes: 1_000_000,
  imageBytes: 1_000_000,
} as const;

/** A picture that the article refers to by its name and that is uploaded with it. */
interface WechatImage {
  readonly name: string;
  readonly png: Uint8Array;
}

/** An article as it is put into the editor. */
export interface WechatArticle {
  readonly title: string;
  readonly digest: string;
  readonly html: string;
  readonly images: readonly WechatImage[];
}

/** Returns how many characters the text has, as a person counts them. */
export function charactersIn(text: string): number {
  return [...text].length;
}
