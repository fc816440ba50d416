"""A receiving system that shares nothing with the adapter but the WSDL files in schemas/soap. Python 3, standard library only.

    python3 receiver.py FOLDER [PORT]

Serves /manifest (SOAP 1.1), /transportation (SOAP 1.1, can be asked) and /wco (SOAP 1.2) on 127.0.0.1, prints "listening PORT", and ends when its
standard input closes. Each request is one line of JSON in FOLDER/{manifest,transportation,neighbour}.jsonl, on disk before the answer leaves. What a
strict receiver would object to is listed under "problems", and answered with a fault.

PUT /orders/{manifest,transportation,neighbour} {"mode": M, "count": N} makes it misbehave for N messages:
    fail            answers 500 with an HTML page, and nothing takes effect
    close           closes the connection after reading, and nothing takes effect
    take-and-close  closes the connection after the message took effect
"""

import hashlib
import json
import os
import re
import sys
import threading
import time
import xml.etree.ElementTree as ET
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP12 = "http://www.w3.org/2003/05/soap-envelope"
MANIFEST = "urn:customstransit:manifest:1"
TRANSPORTATION = "urn:customstransit:transportation:1"
META = "urn:wco:datamodel:WCO:DocumentMetaData-DMS:2"
DEC = "urn:wco:datamodel:WCO:DEC-DMS:2"
RES = "urn:wco:datamodel:WCO:RES-DMS:2"
MESSAGE_ID = re.compile(r"[0-9a-f]{32}")
MOST_BYTES = 1024 * 1024


class Objection(Exception):
    """The request is not what the WSDL and the SOAP specifications say."""


class Notification(object):
    def __init__(self, element, message_id, sequence=None, subject=None, kind=None, asks=False):
        self.element, self.id, self.sequence, self.subject, self.kind, self.asks = element, message_id, sequence, subject, kind, asks


def text(element, *path):
    for step in path:
        element = element.find(step) if element is not None else None
    return (element.text or "").strip() if element is not None else None


def number(value):
    if value is None or not re.fullmatch(r"[0-9]{1,18}", value):
        raise Objection("the sequence is %r, not a number" % value)
    return int(value)


class Manifest(object):
    name, soap = "manifest", SOAP11
    actions = {"{%s}SealNotification" % MANIFEST: MANIFEST + "/NotifySealEvent"}

    def read(self, body):
        ns = "{%s}" % MANIFEST
        return Notification("SealNotification", text(body, ns + "MessageId"), number(text(body, ns + "Sequence")),
                        text(body, ns + "Mrn"), text(body, ns + "Event", ns + "Code"))

    def answer(self, message, verdict):
        result = {"new": "ACCEPTED", "known": "DUPLICATE"}[verdict]
        return result, "<r:NotificationReceipt xmlns:r=%s>\n  <r:MessageId>%s</r:MessageId>\n  <r:Result>%s</r:Result>\n</r:NotificationReceipt>" % (
            quoteattr(MANIFEST), escape(message.id), result)


class Transportation(object):
    name, soap = "transportation", SOAP11
    actions = {"{%s}TripEvent" % TRANSPORTATION: TRANSPORTATION + "/NotifyTripEvent",
               "{%s}FindTripEvent" % TRANSPORTATION: TRANSPORTATION + "/FindTripEvent"}

    def read(self, body):
        ns = "{%s}" % TRANSPORTATION
        if body.tag == ns + "FindTripEvent":
            return Notification("FindTripEvent", text(body, ns + "MessageId"), asks=True)
        occurrence = body.find(ns + "Occurrence")
        return Notification("TripEvent", body.get("messageId"), number(body.get("sequence")), text(body, ns + "Trip", ns + "Mrn"),
                        occurrence.get("kind") if occurrence is not None else None)

    def answer(self, message, verdict):
        if message.asks:
            result = "RECORDED" if verdict == "known" else "NOT_FOUND"
            return result, "<TripEventStatus xmlns=%s><MessageId>%s</MessageId><State>%s</State></TripEventStatus>" % (
                quoteattr(TRANSPORTATION), escape(message.id), result)
        result = {"new": "RECORDED", "known": "ALREADY_RECORDED"}[verdict]
        return result, "<t:TripEventReceipt xmlns:t=%s result=%s messageId=%s/>" % (
            quoteattr(TRANSPORTATION), quoteattr(result), quoteattr(message.id))


class Neighbour(object):
    name, soap = "neighbour", SOAP12
    actions = {"{%s}MetaData" % META: "urn:customstransit:wco-exchange:1/Submit"}

    def read(self, body):
        ns = "{%s}" % DEC
        declaration = body.find(ns + "Declaration")
        if declaration is None:
            raise Objection("MetaData holds no Declaration")
        said = [(text(a, ns + "StatementCode"), text(a, ns + "StatementDescription")) for a in declaration.findall(ns + "AdditionalInformation")]
        return Notification("Declaration", text(declaration, ns + "FunctionalReferenceID"), number(dict(said).get("SEQUENCE")),
                        text(declaration, ns + "ID"), said[0][0] if said else None)

    def answer(self, message, verdict):
        return "01", ("<m:MetaData xmlns:m=%s xmlns:r=%s><m:WCOTypeName>RES</m:WCOTypeName><r:Response><r:FunctionCode>01</r:FunctionCode>"
                      "<r:FunctionalReferenceID>%s</r:FunctionalReferenceID><r:Declaration><r:FunctionalReferenceID>%s</r:FunctionalReferenceID>"
                      "</r:Declaration></r:Response></m:MetaData>") % (
            quoteattr(META), quoteattr(RES), hashlib.sha256(message.id.encode()).hexdigest()[:32], escape(message.id))


def refuse_dtd(data):
    def doctype(*_):
        raise Objection("the message has a document type definition")
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(data, True)
    except expat.ExpatError as broken:
        raise Objection("not well-formed: %s" % broken)


def blank(element):
    return not (element.text or "").strip() and all(not (child.tail or "").strip() for child in element)


def open_envelope(data, soap):
    """The only element of the only Body, or an objection."""
    if data.startswith(b"\xef\xbb\xbf"):
        raise Objection("the message begins with a byte order mark")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as broken:
        raise Objection("not UTF-8: %s" % broken)
    refuse_dtd(data)
    envelope = ET.fromstring(data)
    if envelope.tag != "{%s}Envelope" % soap:
        raise Objection("the root is %s, not the Envelope of %s" % (envelope.tag, soap))
    parts = list(envelope)
    if parts and parts[0].tag == "{%s}Header" % soap:
        for header in parts.pop(0):
            if header.get("{%s}mustUnderstand" % soap) in ("1", "true"):
                raise Objection("a header that must be understood is not: %s" % header.tag)
    if [part.tag for part in parts] != ["{%s}Body" % soap] or not blank(envelope):
        raise Objection("the envelope holds %s, expected one Body" % [part.tag for part in parts])
    if len(parts[0]) != 1 or not blank(parts[0]):
        raise Objection("the Body holds %d elements or text, expected one element" % len(parts[0]))
    return parts[0][0]


def check_headers(headers, soap, action):
    """What stands around the envelope must say the same as the envelope."""
    content_type = Message()
    content_type["Content-Type"] = headers.get("Content-Type", "")
    expected = "text/xml" if soap == SOAP11 else "application/soap+xml"
    if content_type.get_content_type() != expected:
        raise Objection("Content-Type is %r, expected %s" % (headers.get("Content-Type"), expected))
    if (content_type.get_param("charset") or "").lower() != "utf-8":
        raise Objection("Content-Type %r names no charset utf-8" % headers.get("Content-Type"))
    if soap == SOAP11:
        # Section 6.1.1: the header is required and its value is a quoted URI.
        if headers.get_all("SOAPAction", []) != ['"%s"' % action]:
            raise Objection('SOAPAction is %s, expected "%s" in quotes' % (headers.get_all("SOAPAction"), action))
    else:
        if content_type.get_param("action") != action:
            raise Objection("the action in %r is not %s" % (headers.get("Content-Type"), action))
        if "SOAPAction" in headers:
            raise Objection("SOAPAction has no place in SOAP 1.2")


class Peer(object):
    """One system: what it knows, its log, and the orders in force."""

    def __init__(self, dialect, folder):
        self.dialect, self.lock = dialect, threading.Lock()
        self.bodies, self.numbers = {}, {}
        self.mode, self.count = None, 0
        self.log = open(os.path.join(folder, dialect.name + ".jsonl"), "ab")

    def order(self, mode, count):
        if mode not in ("fail", "close", "take-and-close"):
            raise ValueError("there is no mode %r" % mode)
        with self.lock:
            self.mode, self.count = mode, count

    def take(self, headers, data):
        """Returns (status, content type, body) or None where the connection is to be closed."""
        with self.lock:
            mode = None
            if self.count > 0:
                mode, self.count = self.mode, self.count - 1
            if mode == "fail":
                return 500, "text/html; charset=iso-8859-1", b"<html><body><h1>Internal Server Error</h1></body></html>"
            if mode == "close":
                return None
            try:
                record, answer = self.judge(headers, data)
            except Objection as objection:
                self.write({"element": "", "messageId": "", "subject": "", "kind": "", "effect": 0, "bodySha256": "", "problems": [str(objection)]})
                return self.fault(str(objection))
            self.write(record)
            if mode == "take-and-close":
                return None
            if record["problems"]:
                return self.fault("; ".join(record["problems"]))
            return 200, self.content_type(), self.envelope(answer)

    def judge(self, headers, data):
        body = open_envelope(data, self.dialect.soap)
        if body.tag not in self.dialect.actions:
            raise Objection("%s is no message of this system" % body.tag)
        check_headers(headers, self.dialect.soap, self.dialect.actions[body.tag])
        message = self.dialect.read(body)
        if not MESSAGE_ID.fullmatch(message.id or ""):
            raise Objection("the message id is %r" % message.id)
        sha256 = hashlib.sha256(data).hexdigest()
        known = self.bodies.get(message.id)
        problems = []
        if not message.asks:
            if not message.subject or not message.kind:
                problems.append("no subject or no kind of event")
            if known is None:
                last = self.numbers.get(message.subject, 0)
                if message.sequence != last + 1:
                    problems.append("number %s of %s came after number %s" % (message.sequence, message.subject, last))
            elif known != sha256:
                problems.append("id %s came before with other bytes" % message.id)
        verdict = "known" if known is not None else "new"
        effect = 0
        if not message.asks and known is None and not problems:
            effect = 1
            self.bodies[message.id] = sha256
            self.numbers[message.subject] = message.sequence
        result, answer = self.dialect.answer(message, verdict)
        record = {"at": time.time(), "element": message.element, "messageId": message.id, "subject": message.subject or "", "kind": message.kind or "",
                  "effect": effect, "result": result, "bodySha256": sha256, "problems": problems}
        if message.sequence is not None:
            record["sequence"] = message.sequence
        return record, answer

    def write(self, record):
        self.log.write(json.dumps(record).encode() + b"\n")
        self.log.flush()
        os.fsync(self.log.fileno())

    def content_type(self):
        return "text/xml; charset=utf-8" if self.dialect.soap == SOAP11 else "application/soap+xml; charset=utf-8"

    def envelope(self, content):
        # With a declaration and a Header, unlike what the twins write: both are allowed.
        return ('<?xml version="1.0" encoding="UTF-8"?>\n<S:Envelope xmlns:S="%s">\n <S:Header/>\n <S:Body>\n%s\n </S:Body>\n</S:Envelope>\n'
                % (self.dialect.soap, content)).encode()

    def fault(self, reason):
        if self.dialect.soap == SOAP11:
            content = "<S:Fault><faultcode>S:Client</faultcode><faultstring>%s</faultstring></S:Fault>" % escape(reason)
        else:
            content = ('<S:Fault><S:Code><S:Value>S:Sender</S:Value></S:Code><S:Reason><S:Text xml:lang="en">%s</S:Text></S:Reason></S:Fault>'
                       % escape(reason))
        return 500 if self.dialect.soap == SOAP11 else 400, self.content_type(), self.envelope(content)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Small answers must not wait for the acknowledgement of their head.
    wbufsize = -1
    peers = {}

    def do_POST(self):
        peer = self.peers.get(self.path)
        data = self.body()
        if data is None:
            return
        if peer is None:
            self.reply(404, "text/plain", b"nobody is here")
            return
        answer = peer.take(self.headers, data)
        if answer is None:
            self.close_connection = True
            return
        self.reply(*answer)

    def do_PUT(self):
        data = self.body()
        if data is None:
            return
        try:
            order = json.loads(data)
            peer = next(p for p in self.peers.values() if self.path == "/orders/" + p.dialect.name)
            peer.order(order["mode"], int(order["count"]))
        except (StopIteration, KeyError, ValueError) as wrong:
            self.reply(400, "text/plain", repr(wrong).encode())
            return
        self.reply(200, "application/json", b"{}")

    def body(self):
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > MOST_BYTES:
            self.close_connection = True
            self.reply(411, "text/plain", b"give a Content-Length of one megabyte at most")
            return None
        return self.rfile.read(int(length))

    def reply(self, status, content_type, data):
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
        self.wfile.flush()

    def log_message(self, *_):
        pass


def main(arguments):
    folder = arguments[0]
    os.makedirs(folder, exist_ok=True)
    Handler.peers = {"/manifest": Peer(Manifest(), folder), "/transportation": Peer(Transportation(), folder), "/wco": Peer(Neighbour(), folder)}
    server = ThreadingHTTPServer(("127.0.0.1", int(arguments[1]) if len(arguments) > 1 else 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print("listening %d" % server.server_address[1], flush=True)
    sys.stdin.read()
    server.shutdown()


if __name__ == "__main__":
    main(sys.argv[1:])
