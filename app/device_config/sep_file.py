"""Write the whole configuration file of a phone that registers at a SIP exchange."""

import re
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from app.device_config.lines import directory_key
from app.device_config.time_zones import TIME_ZONES
from app.device_config.urls import MAX_URL, is_address

DEFAULT_NTP = "162.159.200.1"
"""An address of pool.ntp.org (CP-78xx guide)."""
_MAC = re.compile(r"(?:SEP)?([0-9A-F]{12})\Z", re.IGNORECASE)
_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,252}[A-Za-z0-9_])?\Z")
_LOAD = re.compile(r"[A-Za-z0-9._-]+\Z")
_UNWRITABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneSettings:
    """What the file of one phone is made from.

    `proxy` is the exchange's host. `load` is the firmware to load, "" to keep what the
    phone has. `ntp` is an address. `menu_url` and `directory_url` may be "".
    """

    mac: str
    proxy: str
    account: str
    password: str = field(repr=False)
    time_zone: str
    label: str = ""
    load: str = ""
    ntp: str = DEFAULT_NTP
    menu_url: str = ""
    directory_url: str = ""
    dial_template: str = ""
    port: int = 5060

    @property
    def file_name(self) -> str:
        """The name under which the phone requests the file."""
        return f"SEP{_digits(self.mac)}.cnf.xml"


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """A value that cannot be written: the name of its field, and why."""

    name: str
    message: str


class WrongSettings(Exception):
    """Values that cannot be written; `problems` has all, without the password."""

    def __init__(self, problems: tuple[FieldProblem, ...]) -> None:
        super().__init__(" ".join(problem.message for problem in problems))
        self.problems = problems


def find_problems(phone: PhoneSettings) -> tuple[FieldProblem, ...]:
    """Return what must be corrected before the file can be written."""
    checks = (
        ("mac", _MAC.match(_plain(phone.mac)), "The MAC address has 12 digits from 0 to F."),
        (
            "proxy",
            _HOST.match(phone.proxy) or is_address(phone.proxy),
            "The exchange is an address such as 192.168.1.5, or a name.",
        ),
        ("account", phone.account.strip(), "The account is missing."),
        ("password", phone.password, "The password is missing."),
        ("time_zone", phone.time_zone in TIME_ZONES, "Choose a time zone that phones know."),
        (
            "load",
            not phone.load or (_LOAD.match(phone.load) and not phone.load.endswith(".loads")),
            "The firmware is a name such as sip78xx.14-4-1-0001-36, without .loads.",
        ),
        (
            "ntp",
            is_address(phone.ntp),
            "The time server must be an address: with a name, the clock stands still.",
        ),
        ("port", 0 < phone.port < 65_536, "The port is a number from 1 to 65535."),
        (
            "dial_template",
            not phone.dial_template or _LOAD.match(phone.dial_template),
            "The dial template is the name of a file, such as dialplan.xml.",
        ),
    )
    problems = [FieldProblem(name, message) for name, is_good, message in checks if not is_good]
    for name in ("account", "password", "label"):
        if _UNWRITABLE.search(str(getattr(phone, name))):
            problems.append(FieldProblem(name, f"The {name} has a character that XML cannot hold."))
    for name in ("menu_url", "directory_url"):
        if len(str(getattr(phone, name))) > MAX_URL:
            problems.append(FieldProblem(name, f"A phone reads {MAX_URL} characters of a URL."))
    return tuple(problems)


def sep_file(phone: PhoneSettings) -> str:
    """Return the content of `SEP<mac>.cnf.xml`. Raises WrongSettings."""
    problems = find_problems(phone)
    if problems:
        raise WrongSettings(problems)
    values = {
        "menu": _element("directoryURL", phone.menu_url),
        "time_zone": escape(phone.time_zone),
        "ntp": escape(phone.ntp),
        "port": str(phone.port),
        "proxy": escape(phone.proxy),
        "load": _element("loadInformation", phone.load),
        "label": escape(phone.label or phone.account),
        "account": escape(phone.account.strip()),
        "password": escape(phone.password),
        "key": _indent(directory_key(escape(phone.directory_url))) if phone.directory_url else "",
        "dial_template": _element("dialTemplate", phone.dial_template, 4),
    }
    return re.sub(r"\{(\w+)\}", lambda found: values[found[1]], _TEMPLATE)


def _plain(mac: str) -> str:
    return re.sub(r"[\s:.-]", "", mac)


def _digits(mac: str) -> str:
    found = _MAC.match(_plain(mac))
    return found[1].upper() if found else ""


def _element(name: str, text: str, depth: int = 2) -> str:
    return f"{' ' * depth}<{name}>{escape(text)}</{name}>\n" if text else ""


def _indent(lines: str) -> str:
    return "".join(f"      {line}\n" for line in lines.split("\n"))


# The sample of the CP-78xx guide, mended, with what stands at a default left out. The guide says
# of processNodeName, sipPort and USECALLMANAGER that together they name the exchange.
_TEMPLATE = """\
<?xml version="1.0" encoding="UTF-8"?>
<device>
{menu}  <fullConfig>true</fullConfig>
  <deviceProtocol>SIP</deviceProtocol>
  <devicePool>
    <dateTimeSetting>
      <dateTemplate>D.M.Y</dateTemplate>
      <timeZone>{time_zone}</timeZone>
      <ntps>
        <ntp>
          <name>{ntp}</name>
          <ntpMode>Unicast</ntpMode>
        </ntp>
      </ntps>
    </dateTimeSetting>
    <callManagerGroup>
      <members>
        <member priority="0">
          <callManager>
            <ports>
              <ethernetPhonePort>2000</ethernetPhonePort>
              <sipPort>{port}</sipPort>
              <securedSipPort>5061</securedSipPort>
            </ports>
            <processNodeName>{proxy}</processNodeName>
          </callManager>
        </member>
      </members>
    </callManagerGroup>
  </devicePool>
{load}  <sipProfile>
    <sipProxies>
      <registerWithProxy>true</registerWithProxy>
    </sipProxies>
    <sipCallFeatures>
      <cnfJoinEnabled>true</cnfJoinEnabled>
      <callForwardURI>x-serviceuri-cfwdall</callForwardURI>
      <callPickupURI>x-cisco-serviceuri-pickup</callPickupURI>
      <callPickupListURI>x-cisco-serviceuri-opickup</callPickupListURI>
      <callPickupGroupURI>x-cisco-serviceuri-gpickup</callPickupGroupURI>
      <meetMeServiceURI>x-cisco-serviceuri-meetme</meetMeServiceURI>
      <abbreviatedDialURI>x-cisco-serviceuri-abbrdial</abbreviatedDialURI>
      <rfc2543Hold>false</rfc2543Hold>
      <callHoldRingback>2</callHoldRingback>
      <localCfwdEnable>true</localCfwdEnable>
      <semiAttendedTransfer>true</semiAttendedTransfer>
      <anonymousCallBlock>2</anonymousCallBlock>
      <callerIdBlocking>2</callerIdBlocking>
      <dndControl>0</dndControl>
      <remoteCcEnable>true</remoteCcEnable>
    </sipCallFeatures>
    <sipStack>
      <sipInviteRetx>6</sipInviteRetx>
      <sipRetx>10</sipRetx>
      <timerInviteExpires>180</timerInviteExpires>
      <timerRegisterExpires>3600</timerRegisterExpires>
      <timerRegisterDelta>5</timerRegisterDelta>
      <timerKeepAliveExpires>120</timerKeepAliveExpires>
      <timerSubscribeExpires>120</timerSubscribeExpires>
      <timerSubscribeDelta>5</timerSubscribeDelta>
      <timerT1>500</timerT1>
      <timerT2>4000</timerT2>
      <maxRedirects>70</maxRedirects>
      <remotePartyID>true</remotePartyID>
      <userInfo>None</userInfo>
    </sipStack>
    <autoAnswerTimer>1</autoAnswerTimer>
    <autoAnswerAltBehavior>false</autoAnswerAltBehavior>
    <autoAnswerOverride>true</autoAnswerOverride>
    <transferOnhookEnabled>false</transferOnhookEnabled>
    <enableVad>false</enableVad>
    <preferredCodec>g711ulaw</preferredCodec>
    <dtmfAvtPayload>101</dtmfAvtPayload>
    <dtmfDbLevel>3</dtmfDbLevel>
    <dtmfOutofBand>avt</dtmfOutofBand>
    <kpml>3</kpml>
    <natEnabled>true</natEnabled>
    <phoneLabel>{label}</phoneLabel>
    <stutterMsgWaiting>0</stutterMsgWaiting>
    <callStats>false</callStats>
    <startMediaPort>16384</startMediaPort>
    <stopMediaPort>32766</stopMediaPort>
    <sipLines>
      <line button="1">
        <featureID>9</featureID>
        <featureLabel>{label}</featureLabel>
        <proxy>USECALLMANAGER</proxy>
        <port>{port}</port>
        <name>{account}</name>
        <displayName>{label}</displayName>
        <autoAnswer>
          <autoAnswerEnabled>2</autoAnswerEnabled>
        </autoAnswer>
        <callWaiting>3</callWaiting>
        <authName>{account}</authName>
        <authPassword>{password}</authPassword>
        <sharedLine>false</sharedLine>
        <messageWaitingLampPolicy>1</messageWaitingLampPolicy>
        <messageWaitingAMWI>1</messageWaitingAMWI>
        <ringSettingIdle>4</ringSettingIdle>
        <ringSettingActive>5</ringSettingActive>
        <contact>{account}</contact>
        <forwardCallInfoDisplay>
          <callerName>true</callerName>
          <callerNumber>false</callerNumber>
          <redirectedNumber>false</redirectedNumber>
          <dialedNumber>true</dialedNumber>
        </forwardCallInfoDisplay>
      </line>
{key}    </sipLines>
    <voipControlPort>5060</voipControlPort>
    <dscpForAudio>184</dscpForAudio>
    <ringSettingBusyStationPolicy>0</ringSettingBusyStationPolicy>
{dial_template}  </sipProfile>
  <vendorConfig>
    <disableSpeaker>false</disableSpeaker>
    <disableSpeakerAndHeadset>false</disableSpeakerAndHeadset>
    <pcPort>0</pcPort>
    <settingsAccess>1</settingsAccess>
    <garp>0</garp>
    <voiceVlanAccess>0</voiceVlanAccess>
    <webAccess>0</webAccess>
    <spanToPCPort>1</spanToPCPort>
    <loggingDisplay>1</loggingDisplay>
  </vendorConfig>
</device>
"""
