#!/usr/bin/env python3
"""The same job in Python: parse the request, answer one domain with the settings of two servers."""
import os
import sys
import xml.etree.ElementTree as ElementTree
from xml.sax.saxutils import escape

body = sys.stdin.buffer.read(int(os.environ["CONTENT_LENGTH"]))
address = next(e.text.strip() for e in ElementTree.fromstring(body).iter() if e.tag.endswith("EMailAddress"))
domain = escape(address.rsplit("@", 1)[1])


def block(kind, port):
    return (
        f"<Protocol><Type>{kind}</Type><Server>{kind.lower()}.{domain}</Server><Port>{port}</Port>"
        f"<LoginName>{escape(address)}</LoginName><DomainRequired>off</DomainRequired><SPA>off</SPA>"
        "<SSL>on</SSL><Encryption>SSL</Encryption><AuthRequired>on</AuthRequired></Protocol>"
    )


answer = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006">'
    '<Response xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a">'
    f"<Account><AccountType>email</AccountType><Action>settings</Action>{block('IMAP', 993)}{block('SMTP', 465)}"
    "</Account></Response></Autodiscover>"
)
print(f"Content-Type: text/xml; charset=utf-8\r\nContent-Length: {len(answer.encode())}\r\n\r\n{answer}", end="")
