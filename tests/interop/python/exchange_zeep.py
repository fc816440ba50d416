"""A neighbour and a gate with zeep, from the WSDLs alone: messages submitted, fetched, accepted, refused and answered.

Arguments: address of the host, 1.1 or 1.2, name of the neighbour, name of the gate, the password of both. Prints a line for each call.
"""
import sys
from datetime import datetime, timezone

from lxml import etree
from zeep import Client
from zeep.exceptions import Fault
from zeep.wsse.username import UsernameToken

host, version, neighbour, gate, password = sys.argv[1:6]
META = "urn:wco:datamodel:WCO:DocumentMetaData-DMS:2"
DEC = "urn:wco:datamodel:WCO:DEC-DMS:2"
RES = "urn:wco:datamodel:WCO:RES-DMS:2"
NOTES = "urn:customstransit:notifications:1"


def port(path, name, user):
    client = Client(f"{host}soap/{path}?wsdl", wsse=UsernameToken(user, password, use_digest=True))
    return client, client.bind(name, name + "Soap" + version.replace(".", ""))


exchange, submit = port("wco-exchange", "WcoExchange", neighbour)
_, stranger = port("wco-exchange", "WcoExchange", gate)
notes, gate_notes = port("notifications", "Notifications", gate)
_, own_notes = port("notifications", "Notifications", neighbour)


def envelope(kind, content):
    return dict(
        WCODataModelVersionCode="3.6", WCOTypeName=kind, ResponsibleCountryCode="KE", ResponsibleAgencyName="KRA",
        AgencyAssignedCustomizationCode="ELOCK", AgencyAssignedCustomizationVersionCode="1", _value_1=content)


def stamp():
    return {"DateTimeString": {"_value_1": datetime.now(timezone.utc).strftime("%Y%m%d%H%M%S+00"), "formatCode": "304"}}


def declaration(reference, mrn, kind, code, number):
    element = exchange.get_element(f"{{{DEC}}}Declaration")
    value = element(
        FunctionCode="9", FunctionalReferenceID=reference, ID=mrn, IssueDateTime=stamp(), TypeCode=kind, DeclarationOfficeID="KEMBA",
        AdditionalInformation=[
            {"StatementCode": code, "StatementTypeCode": "ACB"},
            {"StatementCode": "SEQUENCE", "StatementDescription": str(number), "StatementTypeCode": "ACB"}],
        GoodsShipment={"Consignment": {"TransportEquipment": [{"SequenceNumeric": 1, "ID": "MSKU1234565", "Seal": [{"SequenceNumeric": 1, "ID": "SL-1"}]}]}},
        SupervisingOffice={"ID": "UGMAL"})
    holder = etree.Element("holder")
    element.render(holder, value)
    return envelope("DEC", holder[0])


def response(reference, about, mrn):
    element = exchange.get_element(f"{{{RES}}}Response")
    value = element(FunctionCode="01", FunctionalReferenceID=reference, Declaration={"FunctionalReferenceID": about, "ID": mrn})
    holder = etree.Element("holder")
    element.render(holder, value)
    return envelope("RES", holder[0])


def told(label, answer):
    inner = answer._value_1
    error = inner.Error[0] if inner.Error else None
    chain = "" if error is None else " " + error.ValidationCode + " " + " ".join(
        p.DocumentSectionCode + ("/" + p.TagID if p.TagID else "") for p in error.Pointer)
    print(label, inner.FunctionCode + chain, flush=True)


def fetch(service, **fields):
    answer = service.GetPending(WaitSeconds=30, **fields)
    message = answer.Message[0]
    print("GetPending", message.Kind, message.Number, flush=True)
    return message


def acknowledge(service, message, result, **fields):
    answer = service.Acknowledge(Receipt=[dict(MessageId=message.MessageId, Lease=message.Lease, Result=result, **fields)])
    # zeep leaves out an element that holds one list alone.
    outcomes = answer if isinstance(answer, list) else answer.Outcome
    print("Acknowledge", outcomes[0].Code, flush=True)


def typed(operation, **fields):
    try:
        operation(**fields)
        print("fault none")
    except Fault as raised:
        detail = raised.detail[0] if len(raised.detail) else raised.detail
        print("fault", notes.get_element(f"{{{NOTES}}}NotificationFault").parse(detail, notes.wsdl.types).Code, flush=True)


mrn = "26KE00000012345678"
departure = declaration("a1", mrn, "525", "DEPARTURE", 1)
told("DEC", submit.Submit(**departure))
told("DEC", submit.Submit(**departure))
told("DEC", submit.Submit(**declaration("a9", "26KE00000099999999", "524", "ARRIVAL", 1)))
try:
    stranger.Submit(**departure)
    print("fault none")
except Fault as raised:
    print("fault", raised.code.split(":")[-1], raised.message.split(" ", 1)[1].split(".")[0], flush=True)
acknowledge(gate_notes, fetch(gate_notes), "ACCEPTED")
told("DEC", submit.Submit(**declaration("a2", mrn, "524", "ARRIVAL", 2)))
acknowledge(gate_notes, fetch(gate_notes), "REJECTED", Code="R-17", Text="not ours")
typed(gate_notes.GetPending, Most=0)
typed(gate_notes.GetPending, Receiver="somebody-else")
typed(gate_notes.Acknowledge, Receiver="somebody-else", Receipt=[dict(MessageId="0f6a0c3f5d1e4b7a9c2d3e4f50617283", Lease=1, Result="ACCEPTED")])
ours = fetch(own_notes)
told("RES", submit.Submit(**response("r1", ours.MessageId, mrn)))
