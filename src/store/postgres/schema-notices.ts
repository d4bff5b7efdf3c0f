/** The tables of notifications, mails and looks as TypeScript sees them; migrations/0007-notices makes them. */
import type {Generated} from "kysely";
import type {EditionLanguage} from "../../model/edition.ts";
import type {Json} from "./schema-cases.ts";

interface Notifications {
  id: number;
  event: string;
  party: number | null;
  contact: number | null;
  address: string;
  channel: "mail" | "api" | "portal";
  language: EditionLanguage;
  template: string;
  template_version: string;
  message_id: string;
  subject: string;
  /** What it is made of, frozen when it was planned. */
  content: Json<unknown>;
  is_encrypted: boolean | null;
  /** Of the bytes that are sent. */
  sha256: string | null;
  state: "planned" | "ready" | "sending" | "sent" | "refused" | "withdrawn";
  planned_at: Date;
  send_at: Date;
  claimed_by: string | null;
  claimed_until: Date | null;
  tries: Generated<number>;
  /** It was being sent when the process died: whether it arrived then is not known, so it was sent again. */
  is_repeated: Generated<boolean>;
  sent_at: Date | null;
  response: string | null;
  bounced_at: Date | null;
}

interface Mails {
  id: Generated<number>;
  sha256: string;
  bytes: number;
  mailbox: string;
  received_at: Date;
  message_id: string | null;
  sender: string | null;
  subject: string | null;
  kind: string;
  notification: number | null;
  understood: Json<unknown>;
  pgp: Json<unknown>;
  text: string;
  needs_person: boolean;
  handled_by: string | null;
  handled_at: Date | null;
}

/** What somebody is still to be told: of a case, of a complaint of theirs, or of their own contact. */
interface PendingNotices {
  id: Generated<number>;
  event: string;
  case: number | null;
  round: number;
  complaint: number | null;
  party: number | null;
  contact: number | null;
  /** Which one of its kind: 2 is the second reminder. */
  turn: number;
  reason: string | null;
  is_urgent: boolean;
  since: Date;
  /** What was decided last; null: nothing yet. */
  outcome: string | null;
}

/** The tables of what goes out, what comes in and what was seen. */
export interface NoticeTables {
  pending_notices: PendingNotices;
  notifications: Notifications;
  notification_cases: {
    notification: number;
    case: number;
    round: number;
    contact: string;
    event: string;
    turn: number;
    /** The notification was not sent: the same may be told by another one. */
    is_withdrawn: Generated<boolean>;
  };
  notice_decisions: {
    id: Generated<number>;
    case: number | null;
    round: number;
    complaint: number | null;
    event: string;
    party: number | null;
    contact: number | null;
    is_told: boolean;
    reason: string;
    notification: number | null;
    done_at: Date;
  };
  mails: Mails;
  mail_cases: {mail: number; case: number; round: number; claim: string | null};
  mail_files: {mail: number; n: number; sha256: string; name: string; type: string; bytes: number};
  looks: {
    id: Generated<number>;
    case: number;
    round: number;
    kind: string;
    looked_at: Date;
    verdict: "up" | "down-registrar" | "down-host" | "removed" | "parked" | "blocked" | "unknown";
    reasons: Json<unknown>;
    seen: Json<unknown>;
    evidence: string | null;
    screenshot: string | null;
  };
}
