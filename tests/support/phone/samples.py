"""Good pages for the tests of the strict phone, and functions that change them."""

from tests.support.phone.canned import PAST, PROLOG
from tests.support.phone.strict import Answer

URL = "http://192.168.1.10:8080/page.xml"
BASE = "http://192.168.1.10:8080"

MENU = f"""{PROLOG}<CiscoIPPhoneMenu>
<Title>Company</Title>
<Prompt>Select a directory</Prompt>
<MenuItem><Name>Staff</Name><URL>{BASE}/staff.xml</URL></MenuItem>
<MenuItem><Name>Search</Name><URL>{BASE}/search.xml?a=1&amp;b=2</URL></MenuItem>
</CiscoIPPhoneMenu>
"""
DIRECTORY = f"""{PROLOG}<CiscoIPPhoneDirectory>

<Title>Directory</Title>
<Prompt>Select number</Prompt>
<SoftKeyItem><Name>Exit</Name><Position>1</Position><URL>SoftKey:Exit</URL></SoftKeyItem>
<SoftKeyItem><Name>Dial</Name><Position>2</Position><URL>SoftKey:Dial</URL></SoftKeyItem>
<SoftKeyItem><Name>EditDial</Name><Position>3</Position><URL>SoftKey:EditDial</URL></SoftKeyItem>

<DirectoryEntry>
  <Name>John Smith</Name>
  <Telephone>1001</Telephone>
</DirectoryEntry>

<DirectoryEntry>
  <Name>Mary O&apos;Neil &amp; Sons</Name>
  <Telephone>*2#</Telephone>
</DirectoryEntry>

</CiscoIPPhoneDirectory>
"""
EXIT = "<SoftKeyItem><Name>Exit</Name><Position>1</Position><URL>SoftKey:Exit</URL></SoftKeyItem>"
AGAIN = (
    f"<SoftKeyItem><Name>Search</Name><Position>2</Position><URL>{BASE}/search.xml?q=a&amp;"
    "form=1</URL></SoftKeyItem>"
)
TEXT = (
    f"{PROLOG}<CiscoIPPhoneText><Title>Search</Title>{EXIT}<Text>Nobody\nfound.</Text>"
    "</CiscoIPPhoneText>"
)
EXECUTE = (
    f'{PROLOG}<CiscoIPPhoneExecute><ExecuteItem Priority="0"'
    ' URL="Dial:1001"/></CiscoIPPhoneExecute>'
)
INPUT = f"""{PROLOG}<CiscoIPPhoneInput>
<Title>Search</Title>
<Prompt>Enter search criteria</Prompt>
<SoftKeyItem><Name>Search</Name><Position>1</Position><URL>SoftKey:Submit</URL></SoftKeyItem>
<SoftKeyItem><Name>&lt;&lt;</Name><Position>2</Position><URL>SoftKey:&lt;&lt;</URL></SoftKeyItem>
<SoftKeyItem><Name>Cancel</Name><Position>3</Position><URL>SoftKey:Cancel</URL></SoftKeyItem>
<URL>{BASE}/search.xml</URL>
<InputItem><DisplayName>Name</DisplayName><QueryStringParam>q</QueryStringParam>\
<InputFlags>A</InputFlags><DefaultValue/></InputItem>
<InputItem><DisplayName>Keys</DisplayName><QueryStringParam>k</QueryStringParam>\
<InputFlags>T</InputFlags><DefaultValue></DefaultValue></InputItem>
</CiscoIPPhoneInput>
"""
LIST_MENU = f"""{PROLOG}<CiscoIPPhoneMenu><Title>Staff</Title>
<MenuItem><Name>John Smith</Name><URL>Dial:1001</URL></MenuItem></CiscoIPPhoneMenu>"""


ITEM = f"<MenuItem><Name>Staff</Name><URL>{BASE}/staff.xml</URL></MenuItem>"
ENTRY = (
    "<DirectoryEntry>\n  <Name>John Smith</Name>\n  <Telephone>1001</Telephone>\n</DirectoryEntry>"
)
EXECUTE_ITEM = '<ExecuteItem Priority="0" URL="Dial:1001"/>'


def answered(page: str, charset: str = "utf-8") -> Answer:
    body = page.encode(charset)
    expires = ((PAST[0].lower(), PAST[1]),) if "<Text>" in page or "<ExecuteItem" in page else ()
    headers = (
        ("content-type", f"text/xml; charset={charset}"),
        ("content-length", str(len(body))),
        *expires,
    )
    return Answer(200, headers, body)


def changed(page: str, old: str, new: str) -> str:
    assert old in page
    return page.replace(old, new, 1)


def entries(count: int) -> str:
    return "".join(
        f"<DirectoryEntry><Name>Name {n}</Name><Telephone>{n}</Telephone></DirectoryEntry>"
        for n in range(count)
    )
