"""Layouts of more programs lose no name or number without configuration."""

import csv
import io
from pathlib import Path

import pytest

from connectors.contact import NumberKind
from tests.connectors.csv.lists import read, write

WORK, MOBILE, HOME, MAIN = NumberKind.WORK, NumberKind.MOBILE, NumberKind.HOME, NumberKind.MAIN
FAX, PAGER, INTERNAL, OTHER = (
    NumberKind.FAX,
    NumberKind.PAGER,
    NumberKind.INTERNAL,
    NumberKind.OTHER,
)

DESK, CELL, FAXED, HOUSE = (
    "+44 20 7946 0101",
    "+44 7700 900101",
    "+44 20 7946 0102",
    "+44 20 7946 0104",
)
ANN = ("Ann Abbott", "Acme Ltd")
ALL = [(WORK, DESK), (MOBILE, CELL)]

PROGRAMS: dict[str, tuple[str, str, tuple[str, str], list[tuple[NumberKind, str]], set[str]]] = {
    "3CX": (
        (
            "FirstName,LastName,Company,Mobile,Mobile2,Home,Home2,Business,Business2,Email,Other,"
            "BusinessFax,HomeFax,Pager"
        ),
        f"Ann,Abbott,Acme Ltd,{CELL},,{HOUSE},,{DESK},,ann@example.com,,{FAXED},,",
        ANN,
        [(MOBILE, CELL), (HOME, HOUSE), (WORK, DESK), (FAX, FAXED)],
        set(),
    ),
    "Yahoo": (
        (
            "First,Middle,Last,Nickname,Email,Category,Distribution Lists,Messenger"
            " ID,Home,Work,Pager,Fax,Mobile,Other,Yahoo Phone,Primary,Company"
        ),
        f"Ann,,Abbott,Annie,ann@example.com,,,,{HOUSE},{DESK},,,{CELL},,,,Acme Ltd",
        ANN,
        [(HOME, HOUSE), *ALL],
        {"Nickname"},
    ),
    "Entra, users": (
        (
            "userPrincipalName,displayName,surname,mail,givenName,id,userType,jobTitle,"
            "department,accountEnabled,usageLocation,"
            "streetAddress,state,country,physicalDeliveryOfficeName,city,postalCode,"
            "telephoneNumber,mobile,alternateEmailAddress,"
            "companyName,directorySynced"
        ),
        (
            "ann@example.com,Ann"
            " Abbott,Abbott,ann@example.com,Ann,7d0e8c3a,Member,Clerk,Sales,True,GB,1 High"
            f" Street,,GB,2.14,London,SW1A 1AA,{DESK},{CELL},,Acme Ltd,True"
        ),
        ANN,
        ALL,
        {
            *(
                "userPrincipalName",
                "userType",
                "accountEnabled",
                "usageLocation",
                "streetAddress",
                "country",
            ),
            *("physicalDeliveryOfficeName", "city", "postalCode", "directorySynced"),
        },
    ),
    "Entra, bulk": (
        (
            "Name [displayName] Required,User name [userPrincipalName] Required,Block sign in"
            " (Yes/No) [accountEnabled] Required,First name [givenName],Last name [surname],Job"
            " title [jobTitle],Department [department],Office phone [telephoneNumber],Mobile phone"
            " [mobile],Company name [companyName]"
        ),
        f"Ann Abbott,ann@example.com,No,Ann,Abbott,Clerk,Sales,{DESK},{CELL},Acme Ltd",
        ANN,
        ALL,
        {
            "User name [userPrincipalName] Required",
            "Block sign in (Yes/No) [accountEnabled] Required",
        },
    ),
    "Google Workspace": (
        (
            "First Name [Required],Last Name [Required],Email Address [Required],Org Unit Path"
            " [Required],Recovery Email,Home Secondary Email,Recovery Phone [MUST BE IN THE E.164"
            " FORMAT],Work Phone,Home Phone,Mobile Phone,Work Address,Employee ID,Employee"
            " Title,Manager Email,Department,Floor Name"
        ),
        (
            f"Ann,Abbott,ann@example.com,/Sales,x@example.com,,+447700900199,{DESK},,{CELL},1 High"
            " Street,100042,Clerk,boss@example.com,Sales,Third"
        ),
        ("Ann Abbott", ""),
        ALL,
        {
            *(
                "Org Unit Path [Required]",
                "Recovery Email",
                "Recovery Phone [MUST BE IN THE E.164 FORMAT]",
                "Work Address",
            ),
            *("Employee ID", "Manager Email", "Floor Name"),
        },
    ),
    "HubSpot": (
        (
            "Record ID,First Name,Last Name,Email,Phone Number,Mobile Phone Number,Contact"
            " owner,Lead Status,Create Date,Associated Company IDs,Associated Company"
        ),
        (
            f"501234567890,Ann,Abbott,ann@example.com,{DESK},{CELL},Olive Owner,New,2026-01-31"
            " 10:00,601234567890,Acme Ltd"
        ),
        ANN,
        [(OTHER, DESK), (MOBILE, CELL)],
        {"Record ID", "Contact owner", "Lead Status", "Create Date", "Associated Company IDs"},
    ),
    "Salesforce": (
        (
            "Salutation,First Name,Last Name,Title,Account Name,Mailing Street,Mailing City,Mailing"
            " Zip/Postal Code,Phone,Mobile,Home Phone,Asst. Phone,Fax,Email,Account Owner,Birthdate"
        ),
        (
            "Ms.,Ann,Abbott,Clerk,Acme Ltd,1 High Street,London,SW1A"
            f" 1AA,{DESK},{CELL},,,{FAXED},ann@example.com,Olive Owner,31.01.1980"
        ),
        ANN,
        [(OTHER, DESK), (MOBILE, CELL), (FAX, FAXED)],
        {
            "Salutation",
            "Mailing Street",
            "Mailing City",
            "Mailing Zip/Postal Code",
            "Account Owner",
            "Birthdate",
        },
    ),
    "Salesforce, data export": (
        (
            "Id,IsDeleted,AccountId,LastName,FirstName,Name,Phone,Fax,MobilePhone,HomePhone,"
            "OtherPhone,AssistantPhone,"
            "ReportsToId,Email,Title,AssistantName"
        ),
        (
            "003A,0,001A,Abbott,Ann,Ann"
            f" Abbott,{DESK},{FAXED},{CELL},,,,003B,ann@example.com,Clerk,Alan Assistant"
        ),
        ("Ann Abbott", ""),
        [(OTHER, DESK), (FAX, FAXED), (MOBILE, CELL)],
        {"IsDeleted", "AccountId", "ReportsToId", "AssistantName"},
    ),
    "Zoho": (
        (
            "Record Id,Contact Owner.id,Contact Owner,Lead Source,First Name,Last Name,Account"
            " Name.id,Account Name,Email,Department,Phone,Home Phone,Other"
            " Phone,Mobile,Assistant,Asst Phone"
        ),
        (
            "zcrm_1,zcrm_2,Olive Owner,Trade Show,Ann,Abbott,zcrm_3,Acme"
            f" Ltd,ann@example.com,Sales,{DESK},,{HOUSE},{CELL},Alan Assistant,"
        ),
        ANN,
        [(OTHER, DESK), (OTHER, HOUSE), (MOBILE, CELL)],
        {
            "Record Id",
            "Contact Owner.id",
            "Contact Owner",
            "Lead Source",
            "Account Name.id",
            "Assistant",
        },
    ),
    "Odoo": (
        "id,name,parent_id/name,function,phone,mobile,email,is_company,city",
        f"__export__.p_1,Ann Abbott,Acme Ltd,Clerk,{DESK},{CELL},ann@example.com,False,London",
        ANN,
        [(OTHER, DESK), (MOBILE, CELL)],
        {"is_company", "city"},
    ),
    "Odoo, by its labels": (
        "External ID,Name,Related Company,Job Position,Phone,Mobile,Email",
        f"7,Ann Abbott,Acme Ltd,Clerk,{DESK},{CELL},ann@example.com",
        ANN,
        [(OTHER, DESK), (MOBILE, CELL)],
        {"External ID"},
    ),
    "CUCM": (
        (
            "FIRST NAME,MIDDLE NAME,LAST NAME,USER ID,MANAGER,DEPARTMENT,PRIMARY"
            " EXTENSION,TELEPHONE NUMBER,HOME NUMBER,MOBILE NUMBER,PAGER NUMBER,TITLE,MAIL ID"
        ),
        f"Ann,,Abbott,aabbott,Mary Manager,Sales,4101,{DESK},{HOUSE},{CELL},,Clerk,ann@example.com",
        ("Ann Abbott", ""),
        [(INTERNAL, "4101"), (OTHER, DESK), (HOME, HOUSE), (MOBILE, CELL)],
        {"USER ID", "MANAGER", "MAIL ID"},
    ),
    "CUCM, lines": (
        "Device Name,Directory Number 1,Alerting Name 1,External Phone Number Mask 1",
        "SEP001122AABBCC,4101,Ann Abbott,+4420794601XX",
        ("Ann Abbott", ""),
        [(INTERNAL, "4101")],
        {"Device Name", "External Phone Number Mask 1"},
    ),
    "csvde": (
        (
            "DN,objectClass,cn,sn,title,physicalDeliveryOfficeName,telephoneNumber,"
            "facsimileTelephoneNumber,givenName,"
            "displayName,department,company,sAMAccountName,mail,homePhone,mobile,ipPhone"
        ),
        (
            '"CN=Ann Abbott,OU=Staff,DC=example,DC=com",user,Ann'
            f" Abbott,Abbott,Clerk,2.14,{DESK},{FAXED},Ann,Ann Abbott,Sales,Acme"
            f" Ltd,aabbott,ann@example.com,,{CELL},4101"
        ),
        ANN,
        [(WORK, DESK), (FAX, FAXED), (MOBILE, CELL), (INTERNAL, "4101")],
        {"DN", "objectClass", "physicalDeliveryOfficeName", "sAMAccountName"},
    ),
    "Get-ADUser": (
        (
            "#TYPE"
            " Selected.Microsoft.ActiveDirectory.Management.ADUser\nDisplayName,GivenName,"
            "Surname,OfficePhone,MobilePhone,"
            "Company,Enabled"
        ),
        f"Ann Abbott,Ann,Abbott,{DESK},{CELL},Acme Ltd,True",
        ANN,
        ALL,
        {"Enabled"},
    ),
    "Yealink": (
        (
            "display_name,office_number,mobile_number,other_number,line,ring,auto_divert,priority,"
            "group_id_name"
        ),
        f"Ann Abbott,{DESK},{CELL},{HOUSE},0,Auto,,,All Contacts",
        ("Ann Abbott", ""),
        [*ALL, (OTHER, HOUSE)],
        {"line", "ring"},
    ),
    "Lexoffice": (
        (
            "Kundennummer;Firmenname;Anrede;Vorname;Nachname;Straße 1;PLZ 1;Ort 1;Telefon 1;Telefon"
            " 2;E-Mail 1;Umsatzsteuer-ID"
        ),
        (
            "10042;Acme Ltd;Frau;Ann;Abbott;Hauptstr."
            f" 1;10115;Berlin;{DESK};{CELL};ann@example.com;DE123456789"
        ),
        ANN,
        [(OTHER, DESK), (OTHER, CELL)],
        {"Kundennummer", "Anrede", "Straße 1", "PLZ 1", "Ort 1", "Umsatzsteuer-ID"},
    ),
    "Starface": (
        "firstname;familyname;company;phone;homephone;mobile;fax;email;salutation;birthday;url",
        (
            "Ann;Abbott;Acme"
            f" Ltd;{DESK};{HOUSE};{CELL};{FAXED};ann@example.com;Ms;1980-01-31;https://example.com"
        ),
        ANN,
        [(OTHER, DESK), (HOME, HOUSE), (MOBILE, CELL), (FAX, FAXED)],
        {"salutation", "birthday", "url"},
    ),
    "QuickBooks": (
        "Customer;Company;Main Phone;Mobile;Fax;Bill to;Open Balance",
        f"Acme Ltd;;{DESK};{CELL};;1 High Street;100.00",
        ("", "Acme Ltd"),
        [(MAIN, DESK), (MOBILE, CELL)],
        {"Bill to", "Open Balance"},
    ),
    "eM Client": (
        (
            "Display name,First name,Last name,Company,Phone (Work),Phone (Mobile),Fax (Work),Phone"
            " (Home),E-mail (Work)"
        ),
        f"Ann Abbott,Ann,Abbott,Acme Ltd,{DESK},{CELL},{FAXED},,ann@example.com",
        ANN,
        [*ALL, (FAX, FAXED)],
        set(),
    ),
    "Pipedrive": (
        (
            "Person - Name,Person - Label,Person - Organization,Person - Email - Work,Person -"
            " Phone - Work,Person - Phone - Mobile,Person - Owner"
        ),
        f"Ann Abbott,Hot,Acme Ltd,ann@example.com,{DESK},{CELL},Olive Owner",
        ANN,
        ALL,
        {"Person - Label", "Person - Owner"},
    ),
    "SuiteCRM": (
        (
            "first_name,last_name,account_name,phone_work,phone_mobile,phone_fax,phone_other,"
            "phone_home,email1,assigned_user_name"
        ),
        f"Ann,Abbott,Acme Ltd,{DESK},{CELL},{FAXED},,,ann@example.com,olive",
        ANN,
        [*ALL, (FAX, FAXED)],
        {"assigned_user_name"},
    ),
}


def named(notes: tuple[str, ...]) -> set[str]:
    """The headers that a report names as holding something that is not read."""
    notice = "".join(note for note in notes if "hold something and are not read" in note)
    cells = next(
        csv.reader(
            io.StringIO(notice.partition("not read: ")[2].rstrip(".")), skipinitialspace=True
        ),
        [],
    )
    return set(cells)


@pytest.mark.parametrize(
    ("header", "row", "who", "numbers", "left"), PROGRAMS.values(), ids=PROGRAMS.keys()
)
def test_a_programs_layout(
    tmp_path: Path,
    header: str,
    row: str,
    who: tuple[str, str],
    numbers: list[tuple[NumberKind, str]],
    left: set[str],
) -> None:
    result = read(write(tmp_path / "a.csv", f"{header}\n{row}\n"))
    (contact,) = result.contacts
    assert who == (contact.name, contact.organization)
    assert numbers == [(number.kind, number.value) for number in contact.numbers]
    assert left == named(result.notes)
    reasons = [item.reason for item in result.skipped]
    assert (
        ["no column of names, only one of organisations: every entry bears an organisation's name"]
        if not who[0]
        else []
    ) == reasons
