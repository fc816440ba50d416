"""Calls every operation of the registration service with zeep, from its WSDL alone.

Arguments: address of the WSDL, 1.1 or 1.2, user, password. Prints a line for each call.
"""
import sys
from datetime import datetime, timedelta, timezone

from zeep import Client
from zeep.exceptions import Fault
from zeep.wsse.username import UsernameToken

wsdl, version, user, password = sys.argv[1:5]
client = Client(wsdl, wsse=UsernameToken(user, password, use_digest=True))
service = client.bind("TransitRegistration", "TransitRegistrationSoap" + version.replace(".", ""))
movement = "zeep-" + version
now = datetime.now(timezone.utc)


def call(operation, **fields):
    answer = service[operation](**fields)
    print(operation, answer.Code if hasattr(answer, "Accepted") else answer.Status, flush=True)


def fault(**fields):
    try:
        service.RegisterMovement(**fields)
        print("fault none")
    except Fault as raised:
        detail = raised.detail[0] if len(raised.detail) else raised.detail
        typed = client.get_element("{urn:customstransit:registration:1}RegistrationFault").parse(detail, client.wsdl.types)
        print("fault", typed.Code, typed.Field[0].Path, flush=True)


office = {"Code": "KEMBA001", "Latitude": -4.05, "Longitude": 39.65}
registration = {"MovementId": movement, "Regime": "Transit", "Mrn": "26KE0MBA00482917J1", "Departure": office, "Destination": {"Code": "UGMLB001"}}
call("RegisterManifest", ManifestNumber=movement, Container=[{"Number": "KMSU4829139", "Seal": ["KE1"], "GrossMassKg": "12345.678"}])
call("RegisterMovement", **registration, ManifestNumber=movement, Container=[{"Number": "KMSU4829139", "Seal": ["KE1"]}], Lock=[{"Number": "8022300001", "Container": "KMSU4829139"}])
call("AmendMovement", MovementId=movement, Reason="a new driver", DriverReference="D-2")
call("ReportObservation", MovementId=movement, Observer="Gate", At=now, Occasion="Departure", Seen={"VehiclePlate": "KDA 482B"})
call("AuthoriseUnseal", MovementId=movement, OrderId="O-" + movement, Officer="officer-1", Purpose="Release", Until=now + timedelta(days=1))
call("ConfirmDeparture", MovementId=movement, Observer="Office", At=now, Office="KEMBA001")
call("ConfirmArrival", MovementId=movement, Observer="Office", At=now, Office="UGMLB001")
call("QueryMovement", MovementId=movement)
call("CloseMovement", MovementId=movement, Reason="done")
fault(**{**registration, "MovementId": movement + "-x", "Lock": [{"Number": "8022300009", "Container": "NOT-THERE"}]})
fault(**{**registration, "MovementId": movement + "-y", "Regime": "Flight"})
