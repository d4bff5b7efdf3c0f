import {delegations} from "./delegations.ts";
import {ianaRegistrars} from "./iana-registrars.ts";
import {networkList} from "./network-list.ts";
import {ownCsv} from "./own-csv.ts";
import {rdap} from "./rdap.ts";
import {rdapBootstrap} from "./rdap-bootstrap.ts";
import type {PartyFormat} from "./reading.ts";
import {teamList} from "./team-list.ts";

/** Every kind of party list that can be read; docs/parties.md is compared with it. */
export const PARTY_FORMATS: readonly PartyFormat[] = [
  ownCsv,
  ianaRegistrars,
  rdap,
  delegations,
  teamList,
  rdapBootstrap,
  networkList,
];
