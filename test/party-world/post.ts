/** Our mails as those who get them read them. */
import PostalMime from "postal-mime";
import type {ReceivedMail} from "../smtp.ts";

/** A mail of ours, as far as a recipient cares. */
export interface Letter {
  readonly messageId: string;
  readonly to: string;
  readonly subject: string;
  /** "[WN-2023-000045 k7q2w3]". */
  readonly token: string;
  readonly notification: string;
  readonly text: string;
  /** Head of the mail as it came, for those who return it. */
  readonly head: string;
  /** What the attached table tells of. */
  readonly cases: readonly {readonly id: string; readonly round: number; readonly asset: string}[];
  readonly isForReporter: boolean;
}

/** Reads a mail of ours. */
export async function readLetter({to, bytes}: ReceivedMail): Promise<Letter> {
  const mail = await PostalMime.parse(bytes);
  const subject = mail.subject ?? "";
  const table = mail.attachments.find(({filename}) => filename === "cases.csv");
  const head = bytes.toString("latin1").split("\r\n\r\n")[0] ?? "";
  return {
    messageId: mail.messageId ?? "",
    to: to[0] ?? "",
    subject,
    token: /\[WN-\d{4}-\d+ [0-9a-z]{6}\]/.exec(subject)?.[0] ?? "",
    notification: /WN-\d{4}-\d+/.exec(subject)?.[0] ?? "",
    text: mail.text ?? "",
    head,
    cases: table === undefined ? [] : rowsOf(Buffer.from(table.content as ArrayBuffer).toString("utf8")),
    isForReporter: /^Precedence: bulk/im.test(head),
  };
}

/** The columns are found by their names, as the page about notifications promises. */
function rowsOf(csv: string): Letter["cases"] {
  const [header = "", ...lines] = csv
    .replace(/^\ufeff/, "")
    .trim()
    .split("\r\n");
  const names = header.split(",");
  return lines.map((line) => {
    const cells = [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, cell = ""]) =>
      cell.replace(/^"|"$/g, "").replaceAll('""', '"'),
    );
    const cell = (name: string): string => cells[names.indexOf(name)] ?? "";
    return {id: cell("case"), round: Number(cell("round")), asset: cell("asset")};
  });
}
