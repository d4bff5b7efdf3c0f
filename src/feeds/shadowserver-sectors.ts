/**
 * The publisher's sector texts, in lower case, as sector codes of taxonomy.ts. A text that names no single sector of ours
 * ("Information", "Financial Services") is left out: it is kept as it came.
 * Source: the sector column of Shadowserver reports (critical infrastructure sectors and NAICS titles).
 */
export const SHADOWSERVER_SECTORS: Readonly<Record<string, string>> = {
  government: "gov",
  "government facilities": "gov",
  "public administration": "gov",
  communications: "telecom",
  "communications, service provider, and hosting service": "telecom",
  telecommunications: "telecom",
  banking: "finance-bank",
  insurance: "finance-insurance",
  energy: "energy",
  "oil and gas": "energy",
  transportation: "transport",
  "transportation and warehousing": "transport",
  "transportation systems": "transport",
  "air transportation": "aviation",
  water: "water",
  "water and wastewater systems": "water",
  health: "health",
  healthcare: "health",
  "healthcare and public health": "health",
  "health care and social assistance": "health",
  education: "education",
  "educational services": "education",
  media: "media",
  utilities: "utilities",
  "information technology": "internet",
  manufacturing: "manufacturing",
  "critical manufacturing": "manufacturing",
  chemical: "manufacturing",
  defense: "defence",
  "defense industrial base": "defence",
};
