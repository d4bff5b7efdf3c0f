/** The same notification as one JSON document, for contacts that take it by API or see it on the portal. */
import type {Tlp} from "../../model/cases/case.ts";
import type {NoticeEvent, NoticeLanguage, RenderedNotice} from "../../model/notification.ts";
import {defang} from "./values.ts";
import type {XarfReport} from "./xarf.ts";

/** What a system or a page gets. Times are ISO 8601 in UTC. */
export interface NoticeDocument {
  readonly notification: string;
  readonly message: string;
  readonly event: NoticeEvent;
  readonly ordinal: number;
  readonly language: NoticeLanguage;
  readonly tlp: Tlp | null;
  readonly at: string;
  readonly subject: string;
  /** The words of the mail. */
  readonly text: string;
  readonly cases: readonly {
    readonly id: string;
    readonly round: number;
    readonly class: string;
    readonly severity: string;
    readonly asset_kind: string;
    /** Exact; never to be shown as a link. */
    readonly asset: string;
    /** To be shown. */
    readonly asset_shown: string;
    readonly due: string | null;
  }[];
  /** X-ARF v4, one for each case; none where there is nothing to act on. */
  readonly xarf: readonly XarfReport[];
}

/** Returns the document: the words, cases and reports that the mail would have had. */
export function noticeDocument(
  {notification, subject, text, files, messageId, tlp}: RenderedNotice,
  now: Date,
): NoticeDocument {
  return {
    notification: notification.id,
    message: messageId.replace(/[<>]/g, ""),
    event: notification.event,
    ordinal: notification.ordinal,
    language: notification.contact.language,
    tlp,
    at: now.toISOString(),
    subject,
    text,
    cases: notification.cases.map(({id, round, class: code, severity, asset, dueAt}) => ({
      id,
      round,
      class: code,
      severity,
      asset_kind: asset.kind,
      asset: asset.value,
      asset_shown: defang(asset.value),
      due: dueAt?.toISOString() ?? null,
    })),
    xarf: files.filter(({type}) => type === "application/json").map(({text: report}): XarfReport => JSON.parse(report)),
  };
}
