/** The configuration that a new data folder begins with. A line that begins with `#` and no space is an example: take the sign away. */
import {FORMATS} from "../../feeds/index.ts";
import type {Format} from "../../model/format.ts";

function feedText(format: Format): string {
  return `  ${format.name}: # ${format.title.en}\n    format: ${format.name}\n    enabled: false\n`;
}

/** Returns the text of watchfloor.yaml for a profile. */
export function firstConfig(profile: string): string {
  return `# Configuration of this Watchfloor data folder. A key that is not known stops the start; docs/config.md explains each.
# Lines that begin with # and no space are examples: take the # away and put in what is yours. watchfloor config check
# says whether all is right.

# All that is particular to a country or sector: cn or generic.
profile: ${profile}

# Parts of the profile that are otherwise here, such as
# {zone: Asia/Tokyo, territory: {country: JP, name: {zh: 日本, en: Japan}, tlds: [jp]}}
overrides: {}

# One feed for each shipped format, named after it; ingest works for all of them. To have one fetched, set enabled to true
# and say where and when under fetch, such as {every: 60, from: {http: {url: "https://…"}}}; docs/fetching.md shows each way.
# tlp: sharing mark of what the feed delivers (RED when missing). isAimedAtConstituency: its phishing pages are aimed at us.
feeds:
${FORMATS.map(feedText).join("")}
# The database for what people enter. null: we start our own inside this folder; or postgres://user@host/name
database: {url: null}

serve: {host: 127.0.0.1, port: 8080}

# How notifications leave. Without it cases are opened and nothing is sent. The password of smtp.user is in the environment
# variable WATCHFLOOR_SMTP_PASSWORD. watchfloor pgp create makes a key that signs them; docs/notifications.md has the rest.
#mail:
#  from: incident@csirt.example
#  domain: csirt.example
#  phone: "+86 10 0000 0000"
#  smtp: {host: smtp.csirt.example, port: 587, secure: starttls, user: incident}

# Where complaints, answers and returned mails come in (IMAP). The password is in the named environment variable.
#inbox:
#  host: imap.csirt.example
#  user: incident
#  passwordFrom: WATCHFLOOR_SECRET_IMAP
#  moveTo: Done

# How often one contact is written to, and what the sharing marks (TLP) allow: tell, encrypt, forbid.
#notices:
#  intervalMinutes: 240
#  gatherMinutes: 15
#  casesPerMail: 50
#  mailsPerDay: 24
#  tlp: {RED: forbid, AMBER+STRICT: encrypt, AMBER: tell}

# When an incident counts as handled (answered, notified or verified), and imported cases that count in weeks of the past.
#cases:
#  handledWhen: answered
#  history: [{source: old-desk, before: "2023-01-02"}]

# How reported sites are looked at, and when again. Resolvers of your own that filter nothing see what victims see.
#probe:
#  resolvers: [192.0.2.53]
#  controlName: example.com
#verification:
#  recheckDays: [1, 7, 30]

# Rules, deadlines, calendars and words are files of their own. Copy rules/cases.yaml.example to rules/cases.yaml to change
# which events open a case and who is told, rules/deadlines.yaml.example to rules/deadlines.yaml for by when; put calendars
# into calendars/, templates into notices/ and lists of parties into parties/. docs/case-rules.md and docs/notifications.md.

# Limits for what comes in.
limits: {unpackedBytes: 2147483648, unpackedRatio: 100, archiveEntries: 10000, engineMemoryBytes: 1600000000}
`;
}
