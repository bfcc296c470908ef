"""What a field or column holds, told by its name, in the languages that spreadsheets are written in here."""

import re
from functools import lru_cache
from itertools import pairwise
from typing import Final, cast

from handrail.language.classify.model import DataClass, Label, Tag
from handrail.language.classify.secret_fields import field_kind, likely_kind

# kind, tag, class: names in lower case without spaces and marks
_TABLE: Final = """
email pii confidential: email emails emailaddress mail mailaddress emailid useremail customeremail workemail
    contactemail toemail fromemail sendto replyto recipient recipientemail emailadresse correo correoelectronico
    adresseemail courriel userprincipalname upn
name pii confidential: firstname lastname fullname surname givenname familyname middlename displayname customername
    contactname clientname leadname personname employeename patientname vorname nachname familienname nombre apellido
    apellidos prenom nomdefamille cognome achternaam voornaam maidenname
phone pii confidential: phone phones phonenumber telephone telephonenumber telefon telefonnummer mobile mobilenumber
    mobilephone cellphone cell fax handy handynummer telefono telefone celular portable whatsapp whatsappnumber
    msisdn
address pii confidential: homeaddress streetaddress street addressline1 addressline2 postaladdress mailingaddress
    billingaddress shippingaddress postcode postalcode zip zipcode plz strasse hausnummer anschrift adresse direccion
    indirizzo codepostal
birth-date pii restricted: birthdate dateofbirth dob birthday birthdayte geburtsdatum geburtstag fechadenacimiento
    datedenaissance datadinascita placeofbirth
national-id pii restricted: ssn socialsecurity socialsecuritynumber socialinsurancenumber nationalid
    nationalinsurancenumber nin personalnummer sozialversicherungsnummer svnummer dni nie curp cpf codicefiscale bsn
    personnummer aadhaar aadhaarnumber nhsnumber
tax-id pii restricted: taxid taxnumber taxidentificationnumber tin steuernummer steuerid vatid itin
passport pii restricted: passport passportnumber passportno reisepass reisepassnummer pasaporte passeport
driving-licence pii restricted: driverlicense driverslicense drivinglicence drivinglicense fuehrerschein
salary pii restricted: salary salaries wage wages payroll basesalary compensation gehalt lohn bruttogehalt sueldo
    salario salaire stipendio annualsalary grosspay netpay bonus
gender pii confidential: gender sex geschlecht genero sexe
religion pii restricted: religion ethnicity race religiousbelief konfession sexualorientation
ip-address pii confidential: ip ipaddress clientip remoteip userip remoteaddr
location pii confidential: geolocation gpscoordinates
iban pci restricted: iban bankaccount bankaccountnumber accountnumber sortcode routingnumber kontonummer bic
card-number pci restricted: cardnumber creditcard creditcardnumber ccnumber ccnum pan cardno kreditkarte
    kreditkartennummer numerodetarjeta debitcard cardholdername cardholder cardexpiry expirydate
card-code pci restricted: cvv cvc cvv2 cvc2 csc securitycode cardcode pruefziffer
diagnosis phi restricted: diagnosis diagnoses diagnose icd icd10 icdcode condition symptoms symptom treatment
    medication medications prescription allergy allergies bloodtype bloodpressure diagnostico diagnostic befund
    symptome medikament medikation krankheit sickleave sickdays illness disability vaccination labresult heartrate
patient phi restricted: patient patientid mrn medicalrecord medicalrecordnumber healthrecord paciente
health-insurance phi restricted: insurancenumber healthinsurance healthinsurancenumber krankenkasse
    versichertennummer medicareid memberid
"""


def _read_table() -> dict[str, Label]:
    names: dict[str, Label] = {}
    label = None
    for line in _TABLE.strip().splitlines():
        head, colon, rest = line.rpartition(":")
        if colon:
            kind, tag, data_class = head.split()
            label = Label(kind, cast("Tag", tag), cast("DataClass", data_class))
        names |= dict.fromkeys(rest.split(), label) if label else {}
    return names


_BY_NAME: Final = _read_table()
# words that name data even with others around them (`customer_email_2`, `Patient Full Name`)
_WORDS_ALONE: Final = """
email phone telephone telefon ssn iban salary payroll gehalt diagnosis diagnose patient passport birthday dob firstname
lastname surname vorname nachname geburtsdatum cvv cvc creditcard prescription medication
"""
_BY_WORD: Final = {word: _BY_NAME[word] for word in _WORDS_ALONE.split()}
_PAIRS: Final = {
    pair: _BY_NAME[name]
    for pair, name in {
        ("first", "name"): "firstname",
        ("last", "name"): "lastname",
        ("full", "name"): "fullname",
        ("birth", "date"): "birthdate",
        ("date", "birth"): "birthdate",
        ("card", "number"): "cardnumber",
        ("credit", "card"): "creditcard",
        ("social", "security"): "ssn",
        ("bank", "account"): "bankaccount",
        ("e", "mail"): "email",
        ("home", "address"): "homeaddress",
        ("street", "address"): "streetaddress",
        ("tax", "id"): "taxid",
        ("medical", "record"): "medicalrecord",
    }.items()
}
# names that speak about data without holding it
_ABOUT_WORDS: Final = """
count has is valid verified format type subject template status sent enabled label id ids operation provider options
body html text regex model
"""
_ABOUT: Final = frozenset(_ABOUT_WORDS.split())
_WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_ACCENTS: Final = str.maketrans("áàâäãéèêëíìîïóòôöõúùûüçñ", "aaaaaeeeeiiiiooooouuuucn")
_LONGEST: Final = 60
_SECRET: Final[tuple[Tag, DataClass]] = ("secret", "restricted")


def classify_field(name: str) -> Label | None:
    """Return what a field or column of this name holds (`customerEmail`, `Date of birth`, `IBAN`), if it says."""
    return _classify(name) if len(name) <= _LONGEST else None


@lru_cache(maxsize=4096)
def _classify(name: str) -> Label | None:
    secret = field_kind(name) or likely_kind(name)
    if secret:
        return Label(secret, *_SECRET)
    plain = name.replace("ß", "ss").translate(_ACCENTS)
    words = [word.lower().translate(_ACCENTS) for word in _WORDS.findall(plain)]
    known = _BY_NAME.get("".join(words)) or _BY_NAME.get("".join(each for each in words if each not in {"of", "de"}))
    if known or not words or not _ABOUT.isdisjoint(words):
        return known
    words = [each for each in words if each not in {"of", "the", "de"}]
    pairs = (_PAIRS.get(pair) for pair in pairwise(words))
    return next((each for each in (*pairs, *map(_BY_WORD.get, words)) if each), None)
