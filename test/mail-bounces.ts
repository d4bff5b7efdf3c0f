/** Our reading of returned mails beside that of a peer, field by field. */
import type {MailReading} from "../src/model/complaint.ts";

/** What the peer states of one recipient. */
export interface PeerBounce {
  readonly status: string;
  readonly replycode: string;
  readonly reason: string;
  readonly hardbounce: string;
  readonly feedback_type?: string;
}

/** The peer's words for reasons, in ours. Several where ours are finer or the peer's idea is another one. */
const REASONS: Readonly<Record<string, readonly string[]>> = {
  authfailure: ["authentication"],
  blocked: ["blocked"],
  expired: ["delayed"],
  filtered: ["refused"],
  hasmoved: ["moved"],
  hostunknown: ["no_such_host"],
  mailboxfull: ["mailbox_full"],
  mailererror: ["system"],
  mesgtoobig: ["too_large"],
  networkerror: ["network"],
  policyviolation: ["policy"],
  rejected: ["refused", "policy"],
  securityerror: ["policy"],
  spamdetected: ["spam"],
  suspend: ["inactive"],
  systemerror: ["system"],
  toomanyconn: ["too_many"],
  userunknown: ["no_such_user"],
};

/** Where we differ, and why. Each is looked for: one that is gone, and one that is new, fails the test. */
export const DIFFERENCES: readonly {
  readonly because: string;
  readonly fields: readonly BounceDifference["field"][];
  readonly mails: readonly string[];
}[] = [
  {
    because:
      "The server says plainly that there is no such user; the peer takes it for a filter, by the house that it knows.",
    fields: ["kind", "reason"],
    mails: [
      "lhost-apachejames-01.eml",
      "lhost-mailfoundry-01.eml",
      "lhost-messagingserver-03.eml",
      "lhost-mxlogic-03.eml",
      "lhost-receivingses-01.eml",
      "lhost-surfcontrol-01.eml",
      "lhost-x1-01.eml",
      "lhost-x2-01.eml",
      "lhost-zoho-03.eml",
    ],
  },
  {
    because: "Status and words of the other server say no such user; the peer goes by the text for people.",
    fields: ["kind", "reason"],
    mails: ["lhost-postfix-01.eml", "rfc3464-01.eml"],
  },
  {
    because: "The server was never reached: to us that is the network, to the peer the time that had passed.",
    fields: ["reason"],
    mails: ["lhost-sendgrid-03.eml", "lhost-v5sendmail-01.eml", "lhost-x2-03.eml", "lhost-yandex-03.eml"],
  },
  {
    because: "Only a code of the provider's own says more, and its list is not ours to keep.",
    fields: ["reason"],
    mails: ["rhost-cox-01.eml", "rhost-franceptt-03.eml", "rhost-spectrum-01.eml"],
  },
  {
    because: "It says that the group may not exist or may not take the mail: that decides nothing.",
    fields: ["reason"],
    mails: ["lhost-googlegroups-01.eml", "lhost-googlegroups-03.eml"],
  },
  {
    because: "A mailing list tells somebody that he is no member: no mail came back.",
    fields: ["count", "kind", "reason"],
    mails: ["lhost-fml-02.eml"],
  },
  {
    because: "A program that the mail was piped to failed; its words name a policy.",
    fields: ["reason"],
    mails: ["rfc3464-04.eml"],
  },
  {because: "Two servers in a row say two codes.", fields: ["replyCode"], mails: ["rhost-kddi-01.eml"]},
];

/** One field that differs. */
export interface BounceDifference {
  readonly mail: string;
  readonly field: "count" | "kind" | "status" | "replyCode" | "reason";
  readonly peer: string;
  readonly ours: string;
}

/** How many fields agree, of how many that can be compared, and which differ. */
export interface BounceAgreement {
  readonly agree: Readonly<Record<string, number>>;
  readonly of: Readonly<Record<string, number>>;
  readonly differ: readonly BounceDifference[];
}

/** Compares all returned mails; feedback reports and absence notes are not among them. */
export function compareBounces(
  readings: ReadonlyMap<string, MailReading>,
  peer: Readonly<Record<string, readonly PeerBounce[]>>,
): BounceAgreement {
  const agree: Record<string, number> = {};
  const of: Record<string, number> = {};
  const differ: BounceDifference[] = [];
  const put = (
    mail: string,
    field: BounceDifference["field"],
    [theirs, ours]: readonly [string, string],
    isSame: boolean,
  ): void => {
    of[field] = (of[field] ?? 0) + 1;
    agree[field] = (agree[field] ?? 0) + (isSame ? 1 : 0);
    if (!isSame) differ.push({mail, field, peer: theirs, ours});
  };
  for (const [mail, expected] of Object.entries(peer)) {
    if (expected.some(({reason}) => ["feedback", "vacation"].includes(reason)) || mail.startsWith("arf-")) continue;
    const reading = readings.get(mail);
    const bounces = reading?.state === "read" && reading.understood.as === "bounce" ? reading.understood.bounces : [];
    put(mail, "count", [String(expected.length), String(bounces.length)], bounces.length === expected.length);
    for (const [index, theirs] of expected.entries()) {
      const ours = bounces[index];
      const isHard = theirs.hardbounce === "1";
      put(
        mail,
        "kind",
        [isHard ? "hard" : "not hard", ours?.kind ?? "none"],
        ours !== undefined && isHard === (ours.kind === "hard"),
      );
      // the peer makes up X.0.9NN where the mail states none
      if (/^[45]\.\d/.test(theirs.status) && !/^[45]\.0\.(9|0$)/.test(theirs.status))
        put(mail, "status", [theirs.status, ours?.status ?? "none"], ours?.status === theirs.status);
      if (theirs.replycode !== "")
        put(
          mail,
          "replyCode",
          [theirs.replycode, String(ours?.replyCode ?? "none")],
          String(ours?.replyCode) === theirs.replycode,
        );
      const reasons = REASONS[theirs.reason];
      if (reasons !== undefined)
        put(mail, "reason", [theirs.reason, ours?.reason ?? "none"], reasons.includes(ours?.reason ?? ""));
    }
  }
  return {agree, of, differ};
}
