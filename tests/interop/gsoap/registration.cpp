// Calls every operation of the registration service with a client that gSOAP generated from its WSDL alone.
// Arguments: address of the service, 1.1 or 1.2, user, password. Prints a line for each call.
#include <ctime>
#include <iostream>
#include <string>
#ifdef SOAP_11
#include "soapTransitRegistrationSoap11Proxy.h"
#include "TransitRegistrationSoap11.nsmap"
typedef TransitRegistrationSoap11Proxy Proxy;
#else
#include "soapTransitRegistrationSoap12Proxy.h"
#include "TransitRegistrationSoap12.nsmap"
typedef TransitRegistrationSoap12Proxy Proxy;
#endif

namespace
{
    std::string movement, wrong_container = "NOT-THERE", office_from = "KEMBA001", office_to = "UGMLB001", mrn = "26KE0MBA00482917J1", container = "KMSU4829139";

    const char *user, *password;

    // gSOAP forgets both after each call.
    Proxy &known(Proxy &proxy)
    {
        proxy.soap->userid = user;
        proxy.soap->passwd = password;
        return proxy;
    }

    int failed(Proxy &proxy, const char *operation)
    {
        proxy.soap_stream_fault(std::cerr << operation << ": ");
        return 1;
    }

    _r__RegisterMovement registration(const std::string &id, r__Office &from, r__Office &to)
    {
        _r__RegisterMovement request;
        from.Code = office_from;
        to.Code = office_to;
        request.MovementId = id;
        request.Regime = r__Regime__Transit;
        request.Mrn = &mrn;
        request.Departure = &from;
        request.Destination = &to;
        return request;
    }

    // What the fault's detail says, as the generated type has it.
    void fault(Proxy &proxy, _r__RegisterMovement &request)
    {
        _r__RegistrationReceipt receipt;
        if (known(proxy).RegisterMovement(&request, receipt) == SOAP_OK)
        {
            std::cout << "fault none" << std::endl;
            return;
        }

        SOAP_ENV__Fault *raised = proxy.soap->fault;
        SOAP_ENV__Detail *detail = raised == NULL ? NULL : raised->SOAP_ENV__Detail != NULL ? raised->SOAP_ENV__Detail : raised->detail;
        if (detail == NULL || detail->r__RegistrationFault == NULL)
        {
            failed(proxy, "no typed detail");
            std::cout << "fault untyped" << std::endl;
            return;
        }

        _r__RegistrationFault *typed = detail->r__RegistrationFault;
        std::cout << "fault " << typed->Code << " " << (typed->Field.empty() ? "" : typed->Field[0]->Path) << std::endl;
    }
}

// Calls an operation and prints the code of its receipt.
#define CALL(operation, request)                                      \
    {                                                                 \
        _r__RegistrationReceipt receipt;                              \
        if (known(proxy).operation(&request, receipt) != SOAP_OK)            \
        {                                                             \
            return failed(proxy, #operation);                         \
        }                                                             \
        std::cout << #operation << " " << receipt.Code << std::endl;  \
    }

int main(int, char **argv)
{
    Proxy proxy(argv[1], SOAP_C_UTFSTRING);
    user = argv[3];
    password = argv[4];
    movement = std::string("gsoap-") + argv[2];
    time_t now = time(NULL);
    r__Office from, to;

    r__Container listed;
    std::string mass = "12345.678";
    listed.Number = container;
    listed.Seal.push_back("KE1");
    listed.GrossMassKg = &mass;
    _r__RegisterManifest manifest;
    manifest.ManifestNumber = movement;
    manifest.Container.push_back(&listed);
    CALL(RegisterManifest, manifest)

    r__Container carried;
    carried.Number = container;
    carried.Seal.push_back("KE1");
    r__Lock lock;
    lock.Number = "8022300001";
    lock.Container = &container;
    _r__RegisterMovement registered = registration(movement, from, to);
    double latitude = -4.05, longitude = 0.000001;
    from.Latitude = &latitude;
    from.Longitude = &longitude;
    registered.ManifestNumber = &movement;
    registered.Container.push_back(&carried);
    registered.Lock.push_back(&lock);
    CALL(RegisterMovement, registered)

    _r__AmendMovement amendment;
    std::string driver = "D-2";
    amendment.MovementId = movement;
    amendment.Reason = "a new driver";
    amendment.DriverReference = &driver;
    CALL(AmendMovement, amendment)

    _r__ReportObservation observation;
    r__SeenCargo seen;
    std::string plate = "KDA 482B";
    seen.VehiclePlate = &plate;
    observation.MovementId = movement;
    observation.Observer = r__Observer__Gate;
    observation.At = now;
    observation.Occasion = r__Occasion__Departure;
    observation.Seen = &seen;
    CALL(ReportObservation, observation)

    _r__AuthoriseUnseal order;
    order.MovementId = movement;
    order.OrderId = "O-" + movement;
    order.Officer = "officer-1";
    order.Purpose = r__UnsealPurpose__Release;
    order.Until = now + 86400;
    CALL(AuthoriseUnseal, order)

    r__Confirmation departure;
    departure.MovementId = movement;
    departure.Observer = r__Observer__Office;
    departure.At = now;
    departure.Office = &office_from;
    CALL(ConfirmDeparture, departure)

    r__Confirmation arrival = departure;
    arrival.Office = &office_to;
    CALL(ConfirmArrival, arrival)

    _r__QueryMovement query;
    _r__MovementStatus status;
    query.MovementId = movement;
    if (known(proxy).QueryMovement(&query, status) != SOAP_OK || status.Status == NULL)
    {
        return failed(proxy, "QueryMovement");
    }
    std::cout << "QueryMovement " << *status.Status << std::endl;

    _r__CloseMovement closing;
    closing.MovementId = movement;
    closing.Reason = "done";
    CALL(CloseMovement, closing)

    r__Lock astray;
    astray.Number = "8022300009";
    astray.Container = &wrong_container;
    _r__RegisterMovement refused = registration(movement + "-x", from, to);
    refused.Lock.push_back(&astray);
    fault(proxy, refused);

    _r__RegisterMovement invalid = registration(movement + "-y", from, to);
    invalid.Regime = static_cast<r__Regime>(99);
    fault(proxy, invalid);
    return 0;
}
