"""Mail addresses: whose they are, and which only stand for one."""

import re
from typing import Final

# where people have their own mailbox; providers' country domains by name (`yahoo.co.uk`)
_FREE_WORDS: Final = """
gmail.com googlemail.com outlook.com hotmail.com live.com msn.com icloud.com me.com mac.com aol.com yahoo.com
ymail.com rocketmail.com proton.me protonmail.com protonmail.ch pm.me gmx.de gmx.net gmx.at gmx.ch gmx.com web.de
t-online.de freenet.de mail.com tutanota.com tutamail.com tuta.io zoho.com
zohomail.com fastmail.com hey.com yandex.com yandex.ru mail.ru bk.ru inbox.ru list.ru rambler.ru qq.com 163.com
126.com sina.com foxmail.com naver.com daum.net hanmail.net rediffmail.com libero.it virgilio.it alice.it tin.it
orange.fr wanadoo.fr free.fr laposte.net sfr.fr bluewin.ch hispeed.ch seznam.cz centrum.cz wp.pl onet.pl o2.pl
interia.pl uol.com.br bol.com.br terra.com.br comcast.net verizon.net att.net sbcglobal.net cox.net btinternet.com
sky.com telenet.be skynet.be ziggo.nl kpnmail.nl abv.bg ukr.net
"""
_FREE: Final = frozenset(_FREE_WORDS.split())
_FREE_NAMES: Final = re.compile(r"(?:yahoo|hotmail|live|outlook|gmx|yandex)\.(?:[a-z]{2,3})(?:\.[a-z]{2})?")
_SAMPLE_DOMAIN: Final = re.compile(
    r"(?:.*\.)?(?:example|test|invalid|localhost|local)|(?:.*\.)?example\.[a-z.]+"
    r"|(?:(?:my|your|the|our|any|some)-?)?(?:domain|company|business|org|organi[sz]ation|email|mail|site|website|firma"
    r"|tenant|school|workspace)\.(?:[a-z]{2,4}|domain)(?:\.[a-z]{2})?"
    r"|(?:acme|contoso|fabrikam|northwind|foo|bar|test|sample|abc|xyz|placeholder|domain|host|server|provider)\.[a-z.]+"
)
_SAMPLE_WORDS_WORDS: Final = """
your my name email mail e-mail user username you me first last firstname lastname test tester testing example
sample demo foo bar baz someone somebody anyone anybody person recipient receiver sender placeholder address
yourname youremail yourmail yourusername myemail mymail myname emailaddress youremailaddress account xxx xx x xyz
abc abcd none null undefined dummy fake here insert enter replace changeme change customer client john jane joe
jim jill doe smith max mustermann erika muster jean dupont mario rossi mailaddress target to from the a b c some
"""
_SAMPLE_WORDS: Final = frozenset(_SAMPLE_WORDS_WORDS.split())
_MOCK_PEOPLE: Final = frozenset({"john", "jane", "joe", "jim", "jill", "max", "erika", "jean", "mario", "smith"})
_ROLES_WORDS: Final = """
info admin administrator support hello contact sales help helpdesk service services office team noreply no-reply
donotreply notifications notification alerts alert billing accounts accounting payroll invoices invoice finance hr
jobs careers career marketing press media legal privacy security abuse postmaster webmaster hostmaster root system
it ops devops dev engineering n8n automation bot robot workflow api smtp mail mailer newsletter orders order shop
store feedback reception welcome general post kontakt buchhaltung vertrieb personal rechnung rechnungen bestellung
service-account monitoring status reports reporting test calendar booking bookings reservations hi contactus
enquiries inquiries data
postgres mysql sa deploy jenkins github gitlab ubuntu ec2
"""
_ROLES: Final = frozenset(_ROLES_WORDS.split())
_SPLIT: Final = re.compile(r"[._+\-\d]+")
ADDRESS: Final = re.compile(r"(?<![\w.%+*-])[\w.%+*-]{1,64}+@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}(?![\w@-])")
_REPEAT: Final = 4
_MASH: Final = 12


def is_free_mail(address: str) -> bool:
    """Tell whether an address lies on a domain where anybody gets a mailbox."""
    domain = address.rpartition("@")[2].lower()
    return domain in _FREE or bool(_FREE_NAMES.fullmatch(domain))


def is_sample_address(address: str) -> bool:
    """Tell an address that stands for one (`yourmail@gmail.com`, `jane.doe@example.com`) from one that works."""
    local, _at, domain = address.lower().rpartition("@")
    if _SAMPLE_DOMAIN.fullmatch(domain):
        return True
    words = [each for each in _SPLIT.split(local) if each]
    if not words or _is_mash(local):
        return True
    if all(each in _SAMPLE_WORDS for each in words):
        # one first name alone can be a person at a company; with a family name of a specimen it is none
        return len(words) > 1 or words[0] not in _MOCK_PEOPLE or is_free_mail(address)
    return words[0] in {"your", "youremail", "yourmail", "yourname", "my", "test", "example", "sample", "placeholder"}


def is_persons_address(address: str) -> bool:
    """Tell whether an address is a person's: no sample, no role (`info@`, `payroll-team@`), no machine."""
    local, _at, domain = address.lower().rpartition("@")
    if is_sample_address(address) or domain.endswith("gserviceaccount.com") or domain.startswith("group.calendar."):
        return False
    words = [each for each in _SPLIT.split(local) if each]
    return local not in _ROLES and not any(each in _ROLES for each in words)


def _is_mash(local: str) -> bool:
    """Tell keys hit at random: letters only, long, and the same piece again and again."""
    if len(local) < _MASH or not local.isalpha():
        return False
    pieces = [local[at : at + _REPEAT] for at in range(len(local) - _REPEAT + 1)]
    return len(pieces) - len(set(pieces)) >= 3
