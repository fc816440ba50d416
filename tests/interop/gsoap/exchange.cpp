// A neighbour and a gate with clients that gSOAP generated from our WSDLs alone: messages submitted, fetched, accepted, refused and answered.
// Arguments: address of the host, 1.1 or 1.2, name of the neighbour, name of the gate, the password of both. Prints a line for each call.
#include <iostream>
#include <sstream>
#include <string>
#ifdef SOAP_11
#include "soapNotificationsSoap11Proxy.h"
#include "soapWcoExchangeSoap11Proxy.h"
#include "WcoExchangeSoap11.nsmap"
typedef WcoExchangeSoap11Proxy Exchange;
typedef NotificationsSoap11Proxy Notifications;
typedef __s__SubmitResponse Submitted;
#else
#include "soapNotificationsSoap12Proxy.h"
#include "soapWcoExchangeSoap12Proxy.h"
#include "WcoExchangeSoap12.nsmap"
typedef WcoExchangeSoap12Proxy Exchange;
typedef NotificationsSoap12Proxy Notifications;
typedef __s2__SubmitResponse Submitted;
#endif

namespace
{
    const std::string mrn = "26KE00000012345678";
    const char *password;

    // What cannot go on: the call and why.
    struct Stopped
    {
    };

    // gSOAP forgets name and password after each call.
    template <class Proxy> Proxy &known(Proxy &proxy, const char *user)
    {
        proxy.soap->userid = user;
        proxy.soap->passwd = password;
        return proxy;
    }

    template <class Proxy> void stop(Proxy &proxy, const char *what)
    {
        proxy.soap_stream_fault(std::cerr << what << ": ");
        throw Stopped();
    }

    // The text of an element, as it goes into an envelope of another schema.
    template <class Element> std::string written(const Element &element, int (*write)(struct soap *, Element const *))
    {
        std::ostringstream text;
        struct soap *context = soap_new1(SOAP_C_UTFSTRING);
        soap_set_namespaces(context, namespaces);
        context->prolog = "";
        context->os = &text;
        bool failed = write(context, &element) != SOAP_OK;
        soap_destroy(context);
        soap_end(context);
        soap_free(context);
        if (failed)
        {
            std::cerr << "an element could not be written" << std::endl;
            throw Stopped();
        }
        return text.str();
    }

    _md__MetaData envelope(enum _md__MetaData_WCOTypeName kind, std::string &content)
    {
        _md__MetaData message;
        message.WCODataModelVersionCode = _md__MetaData_WCODataModelVersionCode__3_x002e6;
        message.WCOTypeName = kind;
        message.ResponsibleCountryCode = "KE";
        message.ResponsibleAgencyName = "KRA";
        message.AgencyAssignedCustomizationCode = "ELOCK";
        message.AgencyAssignedCustomizationVersionCode = "1";
        message.__any = &content[0];
        return message;
    }

    std::string declaration(const std::string &reference, const std::string &movement, const std::string &type, std::string code, std::string number)
    {
        std::string office = "KEMBA", sequence = "SEQUENCE";
        dec__AdditionalInformation happened, count;
        happened.StatementCode = &code;
        count.StatementCode = &sequence;
        count.StatementDescription = &number;
        happened.StatementTypeCode = count.StatementTypeCode = "ACB";
        _dec__GoodsConsignment_TransportEquipment_Seal seal;
        seal.SequenceNumeric = "1";
        seal.ID = "SL-1";
        _dec__GoodsConsignment_TransportEquipment container;
        container.SequenceNumeric = "1";
        container.ID = "MSKU1234565";
        container.Seal.push_back(seal);
        dec__GoodsConsignment consignment;
        consignment.TransportEquipment.push_back(container);
        _dec__Declaration_GoodsShipment goods;
        goods.Consignment = &consignment;
        dec__Office destination;
        destination.ID = "UGMAL";
        ns1__DateTime issued;
        issued.DateTimeString.__item = "20260709095830Z";
        issued.DateTimeString.formatCode = _ns1__DateTime_DateTimeString_formatCode__304;
        dec__Declaration said;
        said.FunctionCode = _dec__Declaration_FunctionCode__9;
        said.FunctionalReferenceID = reference;
        said.ID = movement;
        said.IssueDateTime = &issued;
        said.TypeCode = type;
        said.DeclarationOfficeID = &office;
        said.AdditionalInformation.push_back(&happened);
        said.AdditionalInformation.push_back(&count);
        said.GoodsShipment = &goods;
        said.SupervisingOffice = &destination;
        return written(said, soap_write_dec__Declaration);
    }

    std::string response(const std::string &reference, std::string about)
    {
        std::string movement = mrn;
        _res__Response said;
        said.FunctionCode = "01";
        said.FunctionalReferenceID = reference;
        said.Declaration.FunctionalReferenceID = &about;
        said.Declaration.ID = &movement;
        return written(said, soap_write__res__Response);
    }

    void told(const char *label, Exchange &exchange, const char *user, enum _md__MetaData_WCOTypeName kind, std::string content)
    {
        _md__MetaData message = envelope(kind, content);
        Submitted answer;
        if (known(exchange, user).Submit(&message, answer) != SOAP_OK || answer.md__MetaData == NULL || answer.md__MetaData->__any == NULL)
        {
            stop(exchange, label);
        }

        std::istringstream text(answer.md__MetaData->__any);
        struct soap *context = soap_new1(SOAP_C_UTFSTRING);
        soap_set_namespaces(context, namespaces);
        context->is = &text;
        _res__Response read;
        if (soap_read__res__Response(context, &read) != SOAP_OK)
        {
            soap_stream_fault(context, std::cerr << answer.md__MetaData->__any << ": ");
            throw Stopped();
        }

        std::cout << label << " " << read.FunctionCode;
        for (size_t i = 0; i < read.Error.size(); i++)
        {
            std::cout << " " << read.Error[i].ValidationCode;
            for (size_t j = 0; j < read.Error[i].Pointer.size(); j++)
            {
                const res__Pointer &pointer = *read.Error[i].Pointer[j];
                std::cout << " " << pointer.DocumentSectionCode << (pointer.TagID == NULL ? "" : "/" + *pointer.TagID);
            }
        }
        std::cout << std::endl;
        soap_destroy(context);
        soap_end(context);
        soap_free(context);
    }

    struct Handed
    {
        std::string id;
        LONG64 lease;
    };

    Handed fetched(Notifications &notes, const char *user)
    {
        int wait = 30;
        _n__GetPending ask;
        ask.WaitSeconds = &wait;
        _n__PendingMessages answer;
        if (known(notes, user).GetPending(&ask, answer) != SOAP_OK || answer.Message.empty() || answer.Message[0]->Content.__any == NULL)
        {
            stop(notes, "GetPending");
        }

        std::cout << "GetPending " << answer.Message[0]->Kind << " " << answer.Message[0]->Number << std::endl;
        Handed handed = {answer.Message[0]->MessageId, answer.Message[0]->Lease};
        return handed;
    }

    void acknowledge(Notifications &notes, const char *user, const Handed &handed, enum _n__Acknowledge_Receipt_Result result)
    {
        std::string code = "R-17", words = "not ours";
        _n__Acknowledge_Receipt receipt;
        receipt.MessageId = handed.id;
        receipt.Lease = handed.lease;
        receipt.Result = result;
        if (result == _n__Acknowledge_Receipt_Result__REJECTED)
        {
            receipt.Code = &code;
            receipt.Text = &words;
        }

        _n__Acknowledge acknowledgement;
        acknowledgement.Receipt.push_back(receipt);
        _n__AcknowledgeResult answer;
        if (known(notes, user).Acknowledge(&acknowledgement, answer) != SOAP_OK || answer.Outcome.empty())
        {
            stop(notes, "Acknowledge");
        }
        std::cout << "Acknowledge " << answer.Outcome[0].Code << std::endl;
    }

    // What a fault's detail says, as the generated type has it.
    void fault(Notifications &notes, int status)
    {
        SOAP_ENV__Fault *raised = notes.soap->fault;
        SOAP_ENV__Detail *detail = raised == NULL ? NULL : raised->SOAP_ENV__Detail != NULL ? raised->SOAP_ENV__Detail : raised->detail;
        if (status == SOAP_OK || detail == NULL || detail->n__NotificationFault == NULL)
        {
            std::cout << "fault " << (status == SOAP_OK ? "none" : "untyped") << std::endl;
            return;
        }
        std::cout << "fault " << detail->n__NotificationFault->Code << std::endl;
    }
}

int main(int, char **argv)
{
    const std::string host = argv[1];
    const char *neighbour = argv[3], *gate = argv[4];
    password = argv[5];
    const std::string wco = host + "soap/wco-exchange", notifications = host + "soap/notifications";
    Exchange exchange(wco.c_str(), SOAP_C_UTFSTRING);
    Notifications notes(notifications.c_str(), SOAP_C_UTFSTRING);
    try
    {
        const std::string departure = declaration("a1", mrn, "525", "DEPARTURE", "1");
        told("DEC", exchange, neighbour, _md__MetaData_WCOTypeName__DEC, departure);
        told("DEC", exchange, neighbour, _md__MetaData_WCOTypeName__DEC, departure);
        told("DEC", exchange, neighbour, _md__MetaData_WCOTypeName__DEC, declaration("a9", "26KE00000099999999", "524", "ARRIVAL", "1"));

        std::string content = departure;
        _md__MetaData message = envelope(_md__MetaData_WCOTypeName__DEC, content);
        Submitted none;
        if (known(exchange, gate).Submit(&message, none) == SOAP_OK)
        {
            std::cout << "fault none" << std::endl;
        }
        else
        {
            const std::string code = *soap_faultcode(exchange.soap), text = *soap_faultstring(exchange.soap);
            const size_t blank = text.find(' ') + 1;
            std::cout << "fault " << code.substr(code.find(':') + 1) << " " << text.substr(blank, text.find('.') - blank) << std::endl;
        }

        acknowledge(notes, gate, fetched(notes, gate), _n__Acknowledge_Receipt_Result__ACCEPTED);
        told("DEC", exchange, neighbour, _md__MetaData_WCOTypeName__DEC, declaration("a2", mrn, "524", "ARRIVAL", "2"));
        acknowledge(notes, gate, fetched(notes, gate), _n__Acknowledge_Receipt_Result__REJECTED);

        int zero = 0;
        _n__GetPending asked;
        asked.Most = &zero;
        _n__PendingMessages nothing;
        fault(notes, known(notes, gate).GetPending(&asked, nothing));
        std::string another = "somebody-else";
        _n__GetPending foreign;
        foreign.Receiver = &another;
        fault(notes, known(notes, gate).GetPending(&foreign, nothing));
        _n__Acknowledge_Receipt astray;
        astray.MessageId = "0f6a0c3f5d1e4b7a9c2d3e4f50617283";
        astray.Lease = 1;
        astray.Result = _n__Acknowledge_Receipt_Result__ACCEPTED;
        _n__Acknowledge acknowledgement;
        acknowledgement.Receiver = &another;
        acknowledgement.Receipt.push_back(astray);
        _n__AcknowledgeResult unheard;
        fault(notes, known(notes, gate).Acknowledge(&acknowledgement, unheard));

        told("RES", exchange, neighbour, _md__MetaData_WCOTypeName__RES, response("r1", fetched(notes, neighbour).id));
    }
    catch (const Stopped &)
    {
        return 1;
    }
    return 0;
}
