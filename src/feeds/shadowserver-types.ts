import type {Bilingual} from "../model/format.ts";
import {TAXONOMY} from "../model/taxonomy.ts";

/** Where a report type's asset stands: see PLACES in shadowserver.ts. */
export const ASSET_PLACES = ["ip", "src", "dst", "referer", "url", "site", "account", "victim", "query"] as const;
export type AssetPlace = (typeof ASSET_PLACES)[number];

/** One report type: what it means to us and which columns it has. */
export interface ShadowserverType {
  readonly name: string;
  /** Our class, where the row does not say better. */
  readonly class: string;
  /** RSIT as the publisher states it. */
  readonly rsit: {readonly taxonomy: string; readonly type: string};
  /** The publisher's own label; "=tag" when each row says it, in the column tag. Null when not known. */
  readonly identifier: string | null;
  /** Application protocol, "=tag" when each row says it. */
  readonly application: string | null;
  /** Severity of rows that state none. */
  readonly severity: string | null;
  readonly asset: AssetPlace;
  readonly title: Bilingual;
  readonly columns: readonly string[];
}

/**
 * What each report type of the Shadowserver Foundation means to us, one line a type:
 * name (+6: the same exists for IPv6) | our class | RSIT type as the publisher states it | identifier | application |
 * default severity | where the asset stands | Chinese and English title. "-" is nothing; "=tag" is what the row says in
 * the column tag. Our class is the publisher's RSIT type but for six types, where that would count something else:
 * control servers of frameworks are no infected hosts, a page that led infected hosts to a sinkhole is a drive-by page, a
 * sandboxed sample contacts good sites too, a network that lets spoofed packets out is no fraud, a victim on a leak site
 * is a ransomware case, and a router that answers the SYNful knock carries the implant.
 * Source: github.com/The-Shadowserver-Foundation/report_schema, 2026-03.
 */
const MEANINGS = `
blocklist | other | other | blacklisted-ip | - | low | ip | 黑名单地址 | Block Listed IP Addresses
compromised_account | data.leak | data-leak | compromised-account | - | critical | account | 泄露的账号 | Compromised Account
compromised_iot +6 | att.host | system-compromise | compromised-iot | - | critical | ip | 失陷的物联网设备 | Compromised IoT Device
compromised_website +6 | att.host | system-compromise | compromised-website | =application | critical | site | 失陷的网站 | Compromised Website
device_id +6 | undetermined | undetermined | device-id | - | info | ip | 设备识别 | Device Identification
event4_ddos_participant | net.ddos | ddos | ddos-participant | - | high | src | 参与分布式拒绝服务攻击的主机 | DDoS Participant
event4_honeypot_adb_scan | att.scan | scanner | honeypot-adb-scan | adb | high | src | 蜜罐：ADB 扫描 | Honeypot ADB Scanner Events
event4_honeypot_brute_force | att.brute | brute-force | =application | - | critical | src | 蜜罐：暴力破解 | Honeypot Brute Force Events
event4_honeypot_darknet | other | other | =tag | - | high | src | 暗网（未分配地址段）流量 | Darknet Events
event4_honeypot_ddos | net.ddos | ddos | honeypot-ddos | - | critical | src | 蜜罐：拒绝服务攻击指令 | Honeypot DDoS Events
event4_honeypot_ddos_amp | net.ddos | ddos | amplification-ddos-victim | - | info | src | 蜜罐：反射放大攻击的受害者 | Honeypot DDoS Amplification Events
event4_honeypot_ddos_target | net.ddos | ddos | honeypot-ddos-target | - | info | dst | 蜜罐：拒绝服务攻击的目标 | Honeypot DDoS Target Events
event4_honeypot_http_scan | att.scan | scanner | honeypot-http-scan | http | high | src | 蜜罐：HTTP 扫描 | Honeypot HTTP Scanner Events
event4_honeypot_ics_scan | att.scan | scanner | honeypot-ics-scan | - | critical | src | 蜜罐：工控扫描 | Honeypot ICS Scanner Events
event4_honeypot_ikev2_scan | att.scan | scanner | honeypot-ikev2-scan | ikev2 | high | src | 蜜罐：IKEv2 扫描 | Honeypot IKEv2 Scanner Events
event4_honeypot_rdp_scan | att.scan | scanner | honeypot-rdp-scan | rdp | high | src | 蜜罐：RDP 扫描 | Honeypot RDP Scanner Events
event4_honeypot_rocketmq_scan | att.scan | scanner | honeypot-rocketmq-scan | rocketmq | high | src | 蜜罐：RocketMQ 扫描 | Honeypot RocketMQ Scanner Events
event4_honeypot_smb_scan | att.scan | scanner | honeypot-smb-scan | smb | high | src | 蜜罐：SMB 扫描 | Honeypot SMB Scanner Events
event4_ip_spoofer | other | masquerade | ip-spoofer | - | medium | src | 可伪造源地址的网络 | IP Spoofer Events
event4_microsoft_sinkhole | mal.bot | infected-system | =infection | - | critical | src | 微软黑洞：感染主机 | Microsoft Sinkhole Events
event4_microsoft_sinkhole_http | mal.bot | infected-system | =infection | http | critical | src | 微软黑洞：HTTP 感染主机 | Microsoft Sinkhole HTTP Events
event4_sinkhole +6 | mal.bot | infected-system | =infection | - | critical | src | 黑洞：感染主机 | Sinkhole Events
event4_sinkhole_dns | other | other | sinkholedns | dns | info | src | 黑洞：DNS 查询 | Sinkhole DNS Events
event4_sinkhole_http +6 | mal.bot | infected-system | =infection | http | critical | src | 黑洞：HTTP 感染主机 | Sinkhole HTTP Events
event4_sinkhole_http_referer +6 | mal.page | infected-system | =infection | http | critical | referer | 黑洞：引流页面 | Sinkhole HTTP Referer Events
malware_url | mal.site | malware-distribution | malware-url | - | critical | url | 传播恶意程序的网址 | Malware URL
population_bgp +6 | vuln.host | vulnerable-system | accessible-bgp | bgp | medium | ip | 可访问的 BGP 服务 | Accessible BGP
population_http_proxy +6 | other | other | accessible-http-proxy | http | low | ip | 可访问的 HTTP 代理 | Accessible HTTP Proxy
population_isakmp +6 | other | other | accessible-ike | ipsec | info | ip | 可访问的 ISAKMP 服务 | Accessible ISAKMP
population_msmq +6 | vuln.host | vulnerable-system | accessible-msmq | msmq | medium | ip | 可访问的 MSMQ 服务 | Accessible MSMQ Service
population_ntrip | other | other | accessible-ntrip | ntrip | info | ip | 可访问的 NTRIP 服务 | Accessible NTRIP
ransomware_victim | mal.ransom | system-compromise | ransomware-victim | - | info | victim | 勒索软件受害单位 | Ransomware Victim
sandbox_conn | other | malware-distribution | sandbox-conn | - | low | url | 沙箱样本的连接 | Sandbox Connections
sandbox_dns | other | other | sandbox-dns | dns | - | query | 沙箱样本的域名查询 | Sandbox DNS
sandbox_url | other | malware-distribution | sandbox-url | - | low | url | 沙箱样本访问的网址 | Sandbox URL
scan_activemq +6 | vuln.host | vulnerable-system | open-activemq | activemq | medium | ip | 可访问的 ActiveMQ 服务 | Accessible ActiveMQ Service
scan_adb | vuln.host | vulnerable-system | accessible-adb | adb | critical | ip | 可访问的安卓调试桥 | Accessible Android Debug Bridge
scan_afp | vuln.host | vulnerable-system | accessible-afp | afp | high | ip | 可访问的苹果文件共享 | Accessible Apple Filing Protocol
scan_amqp | vuln.host | vulnerable-system | accessible-amqp | amqp | medium | ip | 可访问的 AMQP 服务 | Accessible AMQP
scan_ard | vuln.host | vulnerable-system | accessible-ard | - | high | ip | 可访问的苹果远程桌面 | Accessible Apple Remote Desktop
scan_badsecrets +6 | vuln.crypto | weak-crypto | badsecret | http | high | ip | 使用公开密钥的网站 | Badsecrets
scan_bgp +6 | vuln.host | vulnerable-system | open-bgp | bgp | high | ip | 开放的 BGP 服务 | Open BGP
scan_chargen | vuln.host | vulnerable-system | open-chargen | chargen | medium | ip | 开放的 Chargen 服务 | Open Chargen
scan_cisco_smart_install | vuln.host | vulnerable-system | accessible-cisco-smart-install | cisco-smart-install | critical | ip | 可访问的思科 Smart Install | Accessible Cisco Smart Install
scan_coap | vuln.host | vulnerable-system | accessible-coap | coap | medium | ip | 可访问的 CoAP 服务 | Accessible CoAP
scan_couchdb | vuln.host | vulnerable-system | open-couchdb | couchdb | high | ip | 可访问的 CouchDB 服务 | Accessible CouchDB Server
scan_cwmp +6 | vuln.host | vulnerable-system | open-cwmp | cwmp | medium | ip | 可访问的 CWMP 服务 | Accessible CWMP
scan_db2 | vuln.host | vulnerable-system | open-db2-discovery-service | db2 | high | ip | 开放的 DB2 发现服务 | Open DB2 Discovery Service
scan_ddos_middlebox | vuln.host | vulnerable-system | open-ddos-middlebox | =tag | medium | ip | 可被反射利用的中间设备 | Vulnerable DDoS Middlebox
scan_dns +6 | vuln.host | vulnerable-system | dns-open-resolver | dns | medium | ip | 开放的 DNS 递归解析 | DNS Open Resolvers
scan_docker | vuln.host | vulnerable-system | open-docker | docker | critical | ip | 可访问的 Docker 服务 | Accessible Docker Service
scan_dvr_dhcpdiscover | vuln.host | vulnerable-system | open-dvr-dhcpdiscover | =tag | high | ip | 可访问的 DVR 发现服务 | Accessible DVR DHCPDiscover
scan_elasticsearch +6 | vuln.host | vulnerable-system | open-elasticsearch | elasticsearch | high | ip | 开放的 Elasticsearch 服务 | Open Elasticsearch Server
scan_epmd | vuln.host | vulnerable-system | open-epmd | erlang port mapper daemon | high | ip | 可访问的 Erlang 端口映射 | Accessible Erlang Port Mapper Daemon
scan_exchange +6 | vuln.host | vulnerable-system | vulnerable-exchange-server | exchange | critical | ip | 存在漏洞的 Exchange 服务器 | Vulnerable Exchange Server
scan_ftp +6 | vuln.host | vulnerable-system | accessible-ftp | ftp | info | ip | 可访问的 FTP 服务 | Accessible FTP Service
scan_gtp | vuln.exposed | potentially-unwanted-accessible | accessible-gtp | - | low | ip | 可访问的 GTP 隧道协议 | Accessible GPRS Tunneling Protocol (GTP)
scan_hadoop | vuln.host | vulnerable-system | accessible-hadoop | hadoop | high | ip | 可访问的 Hadoop 服务 | Accessible Hadoop Service
scan_http +6 | other | other | accessible-http | http | info | ip | 可访问的 HTTP 服务 | Accessible HTTP
scan_http_proxy +6 | vuln.host | vulnerable-system | open-http-proxy | http | medium | ip | 开放的 HTTP 代理 | Open HTTP Proxy
scan_http_vulnerable +6 | vuln.host | vulnerable-system | vulnerable-http | http | critical | ip | 存在漏洞的 HTTP 服务 | Vulnerable HTTP
scan_ics | vuln.host | vulnerable-system | open-ics | =tag | high | ip | 可访问的工控系统 | Accessible ICS
scan_imap +6 | other | other | accessible-imap | imap | low | ip | 可访问的 IMAP 服务 | Accessible IMAP
scan_imap_vulnerable +6 | vuln.host | vulnerable-system | vulnerable-imap | imap | medium | ip | 存在漏洞的 IMAP 服务 | Vulnerable IMAP
scan_ip_tunnel +6 | vuln.host | vulnerable-system | open-ip-tunnel | - | medium | ip | 开放的 IP 隧道 | Open IP-Tunnel
scan_ipmi | vuln.host | vulnerable-system | open-ipmi | ipmi | high | ip | 开放的 IPMI | Open IPMI
scan_ipp +6 | vuln.host | vulnerable-system | open-ipp | ipp | high | ip | 开放的 IPP 服务 | Open IPP
scan_isakmp +6 | vuln.host | vulnerable-system | open-ike | ipsec | medium | ip | 存在漏洞的 ISAKMP 服务 | Vulnerable ISAKMP
scan_kubernetes | vuln.host | vulnerable-system | open-kubernetes | kubernetes | high | ip | 可访问的 Kubernetes 接口 | Accessible Kubernetes API Server
scan_ldap_tcp +6 | vuln.host | vulnerable-system | open-ldap | ldap | high | ip | 开放的 LDAP（TCP） | Open LDAP (TCP) Services
scan_ldap_udp | vuln.host | vulnerable-system | open-ldap | ldap | high | ip | 开放的 LDAP（UDP） | Open LDAP Services
scan_loop_dos | vuln.host | vulnerable-system | open-loop-dos | =application | high | ip | 可被循环攻击利用的服务 | Loop DoS
scan_mdns | vuln.host | vulnerable-system | open-mdns | mdns | medium | ip | 开放的 mDNS | Open mDNS
scan_memcached | vuln.host | vulnerable-system | open-memcached | memcached | high | ip | 开放的 Memcached 服务 | Open Memcached Server
scan_mongodb +6 | vuln.host | vulnerable-system | open-mongodb | mongodb | high | ip | 开放的 MongoDB 服务 | Open MongoDB Service
scan_mqtt +6 | vuln.host | vulnerable-system | open-mqtt | mqtt | medium | ip | 开放的 MQTT 服务 | Open MQTT
scan_mqtt_anon +6 | vuln.host | vulnerable-system | open-mqtt-anon | mqtt | high | ip | 可匿名访问的 MQTT | Open Anonymous MQTT
scan_msrpc +6 | vuln.exposed | potentially-unwanted-accessible | accessible-msrpc | - | high | ip | 可访问的 MS-RPC 服务 | Accessible MS-RPC Service
scan_mssql | vuln.host | vulnerable-system | open-mssql | mssql | high | ip | 开放的 MS-SQL 解析服务 | Open MS-SQL Server Resolution Service
scan_mysql +6 | vuln.host | vulnerable-system | open-mysql | mysql | high | ip | 可访问的 MySQL 服务 | Accessible MySQL Server
scan_nat_pmp | vuln.host | vulnerable-system | open-natpmp | natpmp | high | ip | 存在漏洞的 NAT-PMP | Vulnerable NAT-PMP Systems
scan_netbios | vuln.host | vulnerable-system | open-netbios-nameservice | netbios-nameservice | high | ip | 开放的 NetBIOS 服务 | Open NetBIOS
scan_netis_router | vuln.host | vulnerable-system | open-netis | - | critical | ip | 存在漏洞的磊科路由器 | Netcore/Netis Router Vulnerability Scan
scan_ntp +6 | vuln.host | vulnerable-system | ntp-version | ntp | medium | ip | 应答版本查询的 NTP | NTP Version
scan_ntpmonitor +6 | vuln.host | vulnerable-system | ntp-monitor | ntp | medium | ip | 应答监控查询的 NTP | NTP Monitor
scan_pop3 +6 | other | other | accessible-pop3 | pop3 | low | ip | 可访问的 POP3 服务 | Accessible POP3
scan_pop3_vulnerable +6 | vuln.host | vulnerable-system | vulnerable-pop3 | pop3 | medium | ip | 存在漏洞的 POP3 服务 | Vulnerable POP3
scan_portmapper | vuln.host | vulnerable-system | open-portmapper | portmapper | medium | ip | 开放的 Portmapper | Open Portmapper Scan
scan_post_exploitation_framework | mal.c2 | infected-system | c2-beacon | - | high | ip | 后渗透框架控制服务器 | Post-Exploitation Framework
scan_postgres +6 | vuln.host | vulnerable-system | open-postgres | postgres | high | ip | 可访问的 PostgreSQL 服务 | Accessible PostgreSQL Server
scan_qotd | vuln.host | vulnerable-system | open-qotd | qotd | medium | ip | 开放的 QOTD 服务 | Open QOTD
scan_quic | other | other | open-quic | - | info | ip | 可访问的 QUIC | Accessible QUIC
scan_radmin | vuln.host | vulnerable-system | accessible-radmin | - | high | ip | 可访问的 Radmin 服务 | Accessible Radmin
scan_rdp +6 | vuln.host | vulnerable-system | open-rdp | rdp | high | ip | 可访问的 RDP 服务 | Accessible RDP
scan_rdpeudp | vuln.host | vulnerable-system | accessible-msrdpeudp | - | high | ip | 可访问的 MS-RDPEUDP 服务 | Accessible MS-RDPEUDP
scan_redis | vuln.host | vulnerable-system | open-redis | redis | high | ip | 开放的 Redis 服务 | Open Redis Server
scan_rsync +6 | vuln.host | vulnerable-system | accessible-rsync | rsync | medium | ip | 可访问的 Rsync 服务 | Accessible Rsync Service
scan_sip | vuln.host | vulnerable-system | open-sip | sip | high | ip | 可访问的 SIP 服务 | Accessible SIP
scan_slp +6 | vuln.host | vulnerable-system | open-slp | slp | high | ip | 可访问的 SLP 服务 | Accessible SLP Service
scan_smb +6 | vuln.host | vulnerable-system | open-smb | smb | high | ip | 可访问的 SMB 服务 | Accessible SMB Service
scan_smtp +6 | other | other | open-smtp | smtp | info | ip | 可访问的 SMTP 服务 | Accessible SMTP
scan_smtp_vulnerable +6 | vuln.host | vulnerable-system | vulnerable-smtp | smtp | critical | ip | 存在漏洞的 SMTP 服务 | Vulnerable SMTP
scan_snmp +6 | vuln.host | vulnerable-system | open-snmp | snmp | high | ip | 开放的 SNMP 服务 | Open SNMP
scan_socks | vuln.host | vulnerable-system | open-socks | =tag | medium | ip | 可访问的 SOCKS 代理 | Accessible SOCKS4/5 Proxy
scan_ssdp | vuln.host | vulnerable-system | open-ssdp | ssdp | high | ip | 开放的 SSDP 服务 | Open SSDP
scan_ssh +6 | other | other | open-ssh | - | info | ip | 可访问的 SSH 服务 | Accessible SSH
scan_ssl +6 | other | other | open-ssl | https | info | ip | 可访问的 SSL 服务 | Accessible SSL
scan_ssl_freak +6 | vuln.crypto | weak-crypto | ssl-freak | https | low | ip | 存在 FREAK 漏洞的 SSL | SSL/Freak Vulnerable Servers
scan_ssl_poodle +6 | vuln.crypto | weak-crypto | ssl-poodle | https | low | ip | 存在 POODLE 漏洞的 SSL | SSLv3/Poodle Vulnerable Servers
scan_stun +6 | other | other | open-stun | session traversal utilities for nat | medium | ip | 可访问的 STUN 服务 | Accessible Session Traversal Utilities for NAT
scan_synfulknock | att.host | vulnerable-system | open-synfulknock | - | critical | ip | 被植入 SYNful Knock 的路由器 | SYNful Knock
scan_telnet +6 | vuln.host | vulnerable-system | open-telnet | telnet | medium | ip | 可访问的 Telnet 服务 | Accessible Telnet Service
scan_tftp | vuln.host | vulnerable-system | open-tftp | tftp | info | ip | 开放的 TFTP 服务 | Open TFTP Servers
scan_ubiquiti | vuln.host | vulnerable-system | accessible-ubiquiti-discovery-service | - | high | ip | 可访问的 Ubiquiti 发现服务 | Accessible Ubiquiti Discovery Service
scan_vnc +6 | vuln.host | vulnerable-system | open-vnc | vnc | high | ip | 可访问的 VNC 服务 | Accessible VNC Service
scan_ws_discovery | vuln.host | vulnerable-system | open-ws-discovery | ws-discovery | medium | ip | 可访问的 WS-Discovery 服务 | Accessible WS-Discovery Service
scan_xdmcp | vuln.host | vulnerable-system | open-xdmcp | xdmcp | high | ip | 可访问的 XDMCP 服务 | Accessible XDMCP Service
spam_url | abuse.spam | spam | spam-url | - | low | url | 垃圾信息中的网址 | Spam URL
special | vuln.host | vulnerable-system | special | - | - | ip | 专项报告 | Special
`;

/** Columns that come together; a report type names them by @. */
const GROUPS = `
scan: severity ip protocol port hostname tag asn geo region city naics hostname_source sector
src: src_ip src_port src_asn src_geo src_region src_city src_hostname src_naics src_sector
dst: dst_ip dst_port dst_asn dst_geo dst_region dst_city dst_hostname dst_naics dst_sector
event: protocol severity device_vendor device_type device_model public_source infection family tag application
  version event_id
attack: domain_source dst_network dst_netmask attack duration attack_src_ip attack_src_port domain
  domain_transaction_id gcip http_method http_path http_postdata http_usessl ip_header_ack ip_header_acknum
  ip_header_dont_fragment ip_header_fin ip_header_identity ip_header_psh ip_header_rst ip_header_seqnum
  ip_header_syn ip_header_tos ip_header_ttl ip_header_urg number_of_connections packet_length packet_randomized
vuln: vulnerability_enum vulnerability_id vulnerability_class vulnerability_score vulnerability_severity
  vulnerability_version target_vendor target_product target_class
threat: threat_framework threat_tactic_id threat_technique_id
device: device_vendor device_type device_model
amp: response_size amplification
print: cert_serial_number subject_common_name issuer_common_name sha1_fingerprint sha256_fingerprint
cert: cert_serial_number subject_common_name issuer_common_name sha1_fingerprint sha256_fingerprint
  subject_organization_name issuer_organization_name cert_length cert_issue_date cert_expiration_date
  signature_algorithm key_algorithm sha512_fingerprint md5_fingerprint
names: cipher_suite ssl_version subject_organization_unit_name subject_country subject_state_or_province_name
  subject_locality_name subject_street_address subject_postal_code subject_surname subject_given_name
  subject_email_address subject_business_category subject_serial_number issuer_organization_unit_name issuer_country
  issuer_state_or_province_name issuer_locality_name issuer_street_address issuer_postal_code issuer_surname
  issuer_given_name issuer_email_address issuer_business_category issuer_serial_number
valid: cert_valid self_signed cert_expired validation_level
browser: browser_trusted browser_error raw_cert raw_cert_chain
tls13: tlsv13_support tlsv13_cipher
http: http http_code http_reason content_type content_length transfer_encoding http_date server
`;

/** The columns of each type, besides `timestamp`, which all have. */
const COLUMNS = `
blocklist: severity ip hostname source reason asn geo region city naics sector tag
compromised_account: email infection source_url public_source status tag severity service username detail
compromised_iot: @scan @device device_version source_type category family status detail public_source account
  server_host_key malpubkey_sha256
compromised_website: @scan application url http_host category system detected_since server redirect_target cc_url
  family status account detail public_source
device_id: @scan @device device_version
event4_ddos_participant: @src @dst @event @attack http_agent
event4_honeypot_adb_scan: @src @dst @event @vuln @threat banner commands maxdata system_type opened
event4_honeypot_brute_force: @src @dst @event @vuln service start_time end_time client_version username password
  payload_url payload_md5
event4_honeypot_darknet: @src @dst @event count
event4_honeypot_ddos: @src @dst @event @attack http_agent
event4_honeypot_ddos_amp: @src @dst @event request count bytes end_time duration avg_pps max_pps
event4_honeypot_ddos_target: @src @dst @event @attack
event4_honeypot_http_scan: @src @dst @event @vuln @threat pattern http_url http_agent http_request_method url_scheme
  session_tags file_md5 file_sha256 request_raw body_raw
event4_honeypot_ics_scan: @src @dst @event state sensor_id slave_id function_code request response
event4_honeypot_ikev2_scan: @src @dst @event @vuln @threat
event4_honeypot_rdp_scan: @src @dst @event @vuln @threat cookie session_tags
event4_honeypot_rocketmq_scan: @src @dst @event @vuln @threat code flag language opaque serialize_type body
  body_base64
event4_honeypot_smb_scan: @src @dst @event @vuln @threat command flags supported_protocols session_tags
event4_ip_spoofer: @src @dst @event network routedspoof session nat
event4_microsoft_sinkhole: @src @dst @event ssl_cipher ssl_servername
event4_microsoft_sinkhole_http: @src @dst @event http_url http_host http_agent forwarded_by ssl_cipher http_referer
  ssl_servername machine_name
event4_sinkhole: @src @dst @event ssl_cipher ssl_servername
event4_sinkhole_dns: @src @device protocol severity infection family tag query_type query count
event4_sinkhole_http: @src @dst @event http_url http_host http_agent forwarded_by ssl_cipher http_referer
  ssl_servername machine_name
event4_sinkhole_http_referer: @dst protocol http_referer_ip http_referer_port http_referer_asn http_referer_geo
  http_referer_region http_referer_city http_referer_hostname http_referer_naics http_referer_sector severity
  public_source infection family tag application version event_id http_url http_host http_referer ssl_servername
malware_url: url hostname ip asn geo region city naics sector severity port tag source sha256 application
population_bgp: @scan message_length message_type message_type_int bgp_version sender_asn hold_time bgp_identifier
  message2_type message2_type_int major_error_code major_error_code_int minor_error_code minor_error_code_int
population_http_proxy: @scan @http connection proxy_authenticate via
population_isakmp: @scan @amp initiator_spi responder_spi next_payload exchange_type flags message_id next_payload2
  domain_of_interpretation protocol_id spi_size notify_message_type
population_msmq: @scan response_size
population_ntrip: @scan ntrip ntrip_code ntrip_reason content_type connection server content_length ntrip_version
  ntrip_date ntrip_type mount_point identifier format format_details carrier nav_system network ntrip_country
  ntrip_latitude ntrip_longitude nmea solution generator compression authentication fee bit_rate misc header_base64
  body_base64
ransomware_victim: entity_name website geo region sector date_published ransomware leak_site_url severity
  actor_geo_stats_30d actor_total_stats_30d
sandbox_conn: severity ip asn geo md5 protocol port hostname bytes_in bytes_out region city naics sector sha1 sha256
sandbox_dns: md5 request request_type response family tag source severity sha1 sha256
sandbox_url: severity ip asn geo md5 url user_agent hostname method naics sector region city port sha1 sha256
scan_activemq: @scan command vendor version
scan_adb: @scan @device device_version device_sector name model device features
scan_afp: @scan machine_type afp_versions uams flags server_name signature directory_service utf8_servername
  network_address
scan_amqp: @scan channel message_length class method version_major version_minor capabilities cluster_name platform
  product product_version mechanisms locales
scan_ard: @scan @amp machine_name
scan_badsecrets: @scan @print badsecret_location badsecret_module badsecret_type badsecret_product http http_code
  server request_path subject_organization_name issuer_organization_name badsecret_secret
scan_bgp: @scan message_length message_type message_type_int bgp_version sender_asn hold_time bgp_identifier
  message2_type message2_type_int major_error_code major_error_code_int minor_error_code minor_error_code_int
scan_chargen: @scan @amp
scan_cisco_smart_install: @scan
scan_coap: @scan @amp version response
scan_couchdb: @scan server_version couchdb_message couchdb_version git_sha features vendor visible_databases error
  error_reason
scan_cwmp: @scan @http connection www_authenticate set_cookie
scan_db2: @scan @amp db2_hostname servername
scan_ddos_middlebox: @scan source_port bytes amplification method
scan_dns: @scan dns_version min_amplification
scan_docker: @scan version http http_code http_reason content_type server date experimental api_version arch
  go_version os kernel_version git_commit min_api_version build_time pkg_version
scan_dvr_dhcpdiscover: @scan @device @amp device_version device_sector device_id device_serial machine_name
  manufacturer method http_port internal_port video_input_channels alarm_input_channels video_output_channels
  alarm_output_channels remote_video_input_channels mac_address ipv4_address ipv4_gateway ipv4_subnet_mask
  ipv4_dhcp_enable ipv6_address ipv6_link_local ipv6_gateway ipv6_dhcp_enable
scan_elasticsearch: @scan version ok name cluster_name http_code build_hash build_timestamp build_snapshot
  lucene_version tagline
scan_epmd: @scan nodes
scan_exchange: @scan version servername url
scan_ftp: @device @cert @names @valid @tls13 severity ip protocol port hostname tag asn geo region city naics
  hostname_source device_version device_sector banner handshake auth_tls_response auth_ssl_response jarm
scan_gtp: @scan flags message_type message_type_text message_length teid sequence recovery response_size
  raw_response
scan_hadoop: @scan version server_type clusterid total_disk used_disk free_disk livenodes namenodeaddress volumeinfo
scan_http: @scan @http connection www_authenticate set_cookie version
scan_http_proxy: @scan @http connection proxy_authenticate via
scan_http_vulnerable: @scan @http connection www_authenticate set_cookie version build_date detail build_branch
scan_ics: @scan @device device_version device_sector device_id response_size raw_response
scan_imap: @scan @cert @names @valid banner handshake jarm sslv3_supported
scan_imap_vulnerable: @scan @cert @names @valid banner handshake jarm sslv3_supported
scan_ip_tunnel: @scan response
scan_ipmi: @scan ipmi_version none_auth md2_auth md5_auth passkey_auth oem_auth defaultkg permessage_auth
  userlevel_auth usernames nulluser anon_login error deviceid devicerev firmwarerev version manufacturerid
  manufacturername productid productname
scan_ipp: @scan @device device_version device_sector ipp_version cups_version printer_uris printer_name printer_info
  printer_more_info printer_make_and_model printer_firmware_name printer_firmware_string_version
  printer_firmware_version printer_organization printer_organization_unit printer_uuid printer_wifi_ssid
scan_isakmp: @scan @amp initiator_spi responder_spi next_payload exchange_type flags message_id next_payload2
  domain_of_interpretation protocol_id spi_size notify_message_type
scan_kubernetes: @scan @cert @names @valid @browser version http http_code http_reason content_type server date
  major minor git_version git_commit git_tree_state build_date go_version compiler platform handshake
scan_ldap_tcp: @scan @device @amp @cert @names @valid @tls13 device_version device_sector
  configuration_naming_context current_time default_naming_context dns_host_name domain_controller_functionality
  domain_functionality ds_service_name forest_functionality highest_committed_usn is_global_catalog_ready
  is_synchronized ldap_service_name naming_contexts root_domain_naming_context schema_naming_context server_name
  subschema_subentry supported_capabilities supported_control supported_ldap_policies supported_ldap_version
  supported_sasl_mechanisms handshake auth_tls_response auth_ssl_response jarm
scan_ldap_udp: @scan @amp configuration_naming_context current_time default_naming_context dns_host_name
  domain_controller_functionality domain_functionality ds_service_name forest_functionality highest_committed_usn
  is_global_catalog_ready is_synchronized ldap_service_name naming_contexts root_domain_naming_context
  schema_naming_context server_name subschema_subentry supported_capabilities supported_control
  supported_ldap_policies supported_ldap_version supported_sasl_mechanisms
scan_loop_dos: @scan detail application
scan_mdns: @scan mdns_name mdns_ipv4 mdns_ipv6 services workstation_name workstation_ipv4 workstation_ipv6
  workstation_info http_name http_ipv4 http_ipv6 http_ptr http_info http_target http_port spotify_name spotify_ipv4
  spotify_ipv6 opc_ua_discovery
scan_memcached: @scan @amp version pid pointer_size uptime time curr_connections total_connections
scan_mongodb: @scan version gitversion sysinfo opensslversion allocator javascriptengine bits maxbsonobjectsize ok
  visible_databases
scan_mqtt: @scan @cert @names anonymous_access raw_response hex_code code
scan_mqtt_anon: @scan @cert @names raw_response hex_code code
scan_msrpc: @scan version packet_type packet_type_value packet_flags data_representation fragment_length auth_length
  call_id max_transmit max_receive association_group raw_response
scan_mssql: @scan @amp version server_name instance_name tcp_port named_pipe
scan_mysql: @scan @cert @names @valid @browser version mysql_protocol_version server_version error_code error_id
  error_message client_can_handle_expired_passwords client_compress client_connect_attrs client_connect_with_db
  client_deprecated_eof client_found_rows client_ignore_sigpipe client_ignore_space client_interactive
  client_local_files client_long_flag client_long_password client_multi_results client_multi_statements
  client_no_schema client_odbc client_plugin_auth client_plugin_auth_len_enc_client_data client_protocol_41
  client_ps_multi_results client_reserved client_secure_connection client_session_track client_ssl
  client_transactions handshake
scan_nat_pmp: @scan @amp version opcode uptime external_ip
scan_netbios: @scan @amp mac_address workgroup machine_name username
scan_netis_router: @scan @amp response
scan_ntp: @scan @amp version clk_wander clock error frequency jitter leap mintc noise offset peer phase poll
  precision processor refid reftime rootdelay rootdispersion stability state stratum system tai tc
scan_ntpmonitor: @scan @amp packets
scan_pop3: @scan @cert @names @valid banner handshake jarm sslv3_supported
scan_pop3_vulnerable: @scan @cert @names @valid banner handshake jarm sslv3_supported
scan_portmapper: @scan @amp programs mountd_port exports
scan_post_exploitation_framework: @scan http http_url http_code content_type content_length architecture beacon_type
  beacon_host beacon_port beacon_http_get beacon_http_post license_id config_md5 config_sha1 config_sha256
  config_sha512 binary_md5 binary_sha1 binary_sha256 binary_sha512 encoded_length encoded_data
scan_postgres: @scan @cert @names @valid @browser version supported_protocols protocol_error_code
  protocol_error_file protocol_error_line protocol_error_message protocol_error_routine protocol_error_severity
  protocol_error_severity_v startup_error_code startup_error_file startup_error_line startup_error_message
  startup_error_routine startup_error_severity startup_error_severity_v client_ssl handshake
scan_qotd: @scan @amp quote
scan_quic: @scan version_field_1 version_field_2 version_field_3 version_field_4
scan_radmin: @scan version
scan_rdp: @scan @print @tls13 handshake rdp_protocol cert_length cert_issue_date cert_expiration_date ssl_version
  signature_algorithm key_algorithm sha512_fingerprint md5_fingerprint jarm
scan_rdpeudp: @scan @amp sessionid
scan_redis: @scan version git_sha1 git_dirty_flag build_id mode os architecture multiplexing_api gcc_version
  process_id run_id uptime connected_clients
scan_rsync: @scan module motd has_password
scan_sip: @scan @amp sip sip_code sip_reason user_agent sip_via sip_to sip_from content_length content_type server
  contact cseq call_id allow
scan_slp: @scan version function function_text flags next_extension_offset xid language_tag_length language_tag
  error_code error_code_text response_size raw_response
scan_smb: @scan arch key smb_major_number smb_minor_number smb_revision smb_version_string
scan_smtp: @scan @cert @names @valid @tls13 banner auth_ssl_response auth_tls_response freak_cipher_suite
  freak_vulnerable handshake jarm raw_cert raw_cert_chain sslv3_supported
scan_smtp_vulnerable: @scan @cert @names @valid @tls13 banner auth_ssl_response auth_tls_response freak_cipher_suite
  freak_vulnerable handshake jarm raw_cert raw_cert_chain sslv3_supported
scan_snmp: @scan @device @amp device_version device_sector version sysname sysdesc community uptime mac_address
  vendor_id vendor
scan_socks: @scan
scan_ssdp: @scan @amp header systime cache_control location server search_target unique_service_name host nts nt
  content_type server_port instance version updated_at resource_identifier
scan_ssh: @scan @device device_version device_sector serverid_raw serverid_version serverid_software
  serverid_comment server_cookie available_kex available_ciphers available_mac available_compression selected_kex
  algorithm selected_cipher selected_mac selected_compression server_signature_value server_signature_raw
  server_host_key server_host_key_sha256 rsa_prime rsa_prime_length rsa_generator rsa_generator_length
  rsa_public_key rsa_public_key_length rsa_exponent rsa_modulus rsa_length dss_prime dss_prime_length dss_generator
  dss_generator_length dss_public_key dss_public_key_length dss_dsa_public_g dss_dsa_public_p dss_dsa_public_q
  dss_dsa_public_y ecdsa_curve25519 ecdsa_curve ecdsa_public_key_length ecdsa_public_key_b ecdsa_public_key_gx
  ecdsa_public_key_gy ecdsa_public_key_n ecdsa_public_key_p ecdsa_public_key_x ecdsa_public_key_y ed25519_curve25519
  ed25519_cert_public_key_nonce ed25519_cert_public_key_bytes ed25519_cert_public_key_raw
  ed25519_cert_public_key_sha256 ed25519_cert_public_key_serial ed25519_cert_public_key_type_id
  ed25519_cert_public_key_type_name ed25519_cert_public_key_keyid ed25519_cert_public_key_principles
  ed25519_cert_public_key_valid_after ed25519_cert_public_key_valid_before ed25519_cert_public_key_duration
  ed25519_cert_public_key_sigkey_bytes ed25519_cert_public_key_sigkey_raw ed25519_cert_public_key_sigkey_sha256
  ed25519_cert_public_key_sigkey_value ed25519_cert_public_key_sig_raw banner userauth_methods hassh
scan_ssl: @scan @cert @names @valid @tls13 handshake ssl_poodle freak_vulnerable freak_cipher_suite
  http_response_type http_code http_reason content_type http_connection www_authenticate set_cookie server_type
  content_length transfer_encoding http_date browser_trusted browser_error jarm
scan_ssl_freak: @scan @device @cert @valid @browser @tls13 device_version device_sector handshake cipher_suite
  subject_organization_unit_name subject_country subject_state_or_province_name subject_locality_name
  subject_street_address subject_postal_code subject_surname subject_given_name subject_email_address
  subject_business_category subject_serial_number issuer_organization_unit_name issuer_country
  issuer_state_or_province_name issuer_locality_name issuer_street_address issuer_postal_code issuer_surname
  issuer_given_name issuer_email_address issuer_business_category issuer_serial_number freak_vulnerable
  freak_cipher_suite http_response_type http_code http_reason content_type http_connection www_authenticate
  set_cookie server_type content_length transfer_encoding http_date jarm page_sha256fp
scan_ssl_poodle: @scan @device @cert @names @valid @browser @tls13 device_version device_sector handshake ssl_poodle
  http_response_type http_code http_reason content_type http_connection www_authenticate set_cookie server_type
  content_length transfer_encoding http_date jarm page_sha256fp
scan_stun: @scan @amp transaction_id magic_cookie message_length message_type mapped_family mapped_address
  mapped_port xor_mapped_family xor_mapped_address xor_mapped_port software fingerprint
scan_synfulknock: @scan sequence_number ack_number window_size urgent_pointer tcp_flags raw_packet
scan_telnet: @scan banner
scan_tftp: @scan @amp opcode errorcode error errormessage
scan_ubiquiti: @scan @amp mac radioname essid modelshort modelfull firmware
scan_vnc: @scan product banner
scan_ws_discovery: @scan @amp error raw_response
scan_xdmcp: @scan @amp opcode reported_hostname status
spam_url: url hostname ip asn geo region city naics sector severity port tag source sender subject src_ip src_asn
  src_geo src_region src_city src_naics src_sector
special: @scan public_source status detail method device_vendor first_seen_time last_seen_time
  potential_exposure_time
`;

/** Returns the predicate of an RSIT value: "vulnerable" for "vulnerable-system". A value that RSIT lacks is "other". */
export function rsitTaxonomy(type: string): string {
  return Object.entries(TAXONOMY.rsit).find(([, values]) => values.includes(type))?.[0] ?? "other";
}

/** All report types that the table knows, the IPv6 ones too, by name. */
export const SHADOWSERVER_TYPES: ReadonlyMap<string, ShadowserverType> = new Map(
  meanings().map((type) => [type.name, type]),
);

function meanings(): ShadowserverType[] {
  const columns = ownColumns();
  return MEANINGS.trim()
    .split("\n")
    .flatMap((line) => {
      const type = meaning(line, columns);
      return / \+6 \|/.test(line) ? [type, sixOf(type)] : [type];
    });
}

function meaning(line: string, columns: ReadonlyMap<string, readonly string[]>): ShadowserverType {
  const cells = line.split("|").map((cell) => cell.trim());
  const [mark, code, rsit, identifier, application, severity, place, zh, en] = cells;
  const asset = ASSET_PLACES.find((each) => each === place);
  const name = mark?.replace(" +6", "");
  const own = columns.get(name ?? "");
  if (!name || !code || !rsit || !zh || !en || asset === undefined || own === undefined || cells.length !== 9)
    throw new TypeError(`the table of Shadowserver types is wrong at: ${line}`);
  return {
    name,
    class: code,
    rsit: {taxonomy: rsitTaxonomy(rsit), type: rsit},
    identifier: stated(identifier),
    application: stated(application),
    severity: stated(severity),
    asset,
    title: {zh, en},
    columns: ["timestamp", ...own],
  };
}

function stated(cell: string | undefined): string | null {
  return cell === undefined || cell === "-" ? null : cell;
}

function sixOf(type: ShadowserverType): ShadowserverType {
  const marked = type.name.replace(/^(scan|population)_/, "$16_").replace(/^event4_/, "event6_");
  const name = marked === type.name ? `${type.name}6` : marked;
  return {...type, name, title: {zh: `IPv6 ${type.title.zh}`, en: `IPv6 ${type.title.en}`}};
}

function ownColumns(): Map<string, readonly string[]> {
  const groups = lists(GROUPS);
  const expanded = (words: readonly string[]): string[] =>
    words.flatMap((word) => (word.startsWith("@") ? (groups.get(word.slice(1)) ?? []) : [word]));
  return new Map([...lists(COLUMNS)].map(([name, words]) => [name, expanded(words)]));
}

/** Reads "name: word word", where a line that begins with spaces goes on with the one before. */
function lists(text: string): Map<string, readonly string[]> {
  const lines = text.trim().replaceAll(/\n\s+/g, " ").split("\n");
  return new Map(
    lines.map((line) => {
      const [name = "", words = ""] = line.split(": ");
      return [name, words.split(" ")] as const;
    }),
  );
}
