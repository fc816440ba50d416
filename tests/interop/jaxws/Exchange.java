import customstransit.notifications._1.Acknowledge;
import customstransit.notifications._1.GetPending;
import customstransit.notifications._1.Message;
import customstransit.notifications._1.NotificationFault_Exception;
import customstransit.notifications._1.Notifications;
import customstransit.notifications._1.Notifications_Service;
import customstransit.wco_exchange._1.WcoExchange;
import customstransit.wco_exchange._1.WcoExchange_Service;
import java.net.URL;
import javax.xml.ws.BindingProvider;
import javax.xml.ws.Holder;
import javax.xml.ws.soap.SOAPFaultException;
import wco.datamodel.wco.dec_dms._2.AdditionalInformation;
import wco.datamodel.wco.dec_dms._2.Declaration;
import wco.datamodel.wco.dec_dms._2.GoodsConsignment;
import wco.datamodel.wco.dec_dms._2.Office;
import wco.datamodel.wco.declaration_ds.dms._2.DateTime;
import wco.datamodel.wco.documentmetadata_dms._2.MetaData;
import wco.datamodel.wco.res_dms._2.Pointer;
import wco.datamodel.wco.res_dms._2.Response;

/**
 * A neighbour and a gate with clients that JAX-WS generated from our WSDLs alone: messages submitted, fetched, accepted, refused and answered.
 * Arguments: address of the host, 1.1 or 1.2, name of the neighbour, name of the gate, the password of both. Prints a line for each call.
 */
public final class Exchange {
    private static final String MRN = "26KE00000012345678";
    private static String host;
    private static boolean soap11;
    private static String password;

    public static void main(String[] arguments) throws Exception {
        host = arguments[0];
        soap11 = arguments[1].equals("1.1");
        password = arguments[4];
        var neighbour = arguments[2];
        var gate = arguments[3];
        var submit = exchange(neighbour);
        var notes = notifications(gate);

        told("DEC", submit, declaration("a1", MRN, "525", "DEPARTURE", 1));
        told("DEC", submit, declaration("a1", MRN, "525", "DEPARTURE", 1));
        told("DEC", submit, declaration("a9", "26KE00000099999999", "524", "ARRIVAL", 1));
        try {
            exchange(gate).submit(new Holder<>(declaration("a1", MRN, "525", "DEPARTURE", 1)));
            System.out.println("fault none");
        } catch (SOAPFaultException raised) {
            System.out.println("fault " + code(raised) + " " + raised.getFault().getFaultString().split(" ", 2)[1].split("\\.")[0]);
        }

        acknowledge(notes, fetched(notes), "ACCEPTED");
        told("DEC", submit, declaration("a2", MRN, "524", "ARRIVAL", 2));
        acknowledge(notes, fetched(notes), "REJECTED");
        var none = new GetPending();
        none.setMost(0);
        fault(() -> notes.getPending(none));
        var foreign = new GetPending();
        foreign.setReceiver("somebody-else");
        fault(() -> notes.getPending(foreign));
        var astray = new Acknowledge();
        astray.setReceiver("somebody-else");
        astray.getReceipt().add(receipt("0f6a0c3f5d1e4b7a9c2d3e4f50617283", 1, "ACCEPTED"));
        fault(() -> notes.acknowledge(astray));
        told("RES", submit, response("r1", fetched(notifications(neighbour)).getMessageId()));
    }

    private interface Call {
        void run() throws NotificationFault_Exception;
    }

    /** What the fault's detail says, as the generated type has it. */
    private static void fault(Call call) {
        try {
            call.run();
            System.out.println("fault none");
        } catch (NotificationFault_Exception raised) {
            System.out.println("fault " + raised.getFaultInfo().getCode());
        }
    }

    private static WcoExchange exchange(String user) throws Exception {
        var service = new WcoExchange_Service(new URL(host + "soap/wco-exchange?wsdl"));
        return as(user, soap11 ? service.getWcoExchangeSoap11() : service.getWcoExchangeSoap12());
    }

    private static Notifications notifications(String user) throws Exception {
        var service = new Notifications_Service(new URL(host + "soap/notifications?wsdl"));
        return as(user, soap11 ? service.getNotificationsSoap11() : service.getNotificationsSoap12());
    }

    private static <T> T as(String user, T port) {
        var context = ((BindingProvider) port).getRequestContext();
        context.put(BindingProvider.USERNAME_PROPERTY, user);
        context.put(BindingProvider.PASSWORD_PROPERTY, password);
        return port;
    }

    private static String code(SOAPFaultException raised) {
        var code = raised.getFault().getFaultCode();
        return code.substring(code.indexOf(':') + 1);
    }

    private static MetaData envelope(String kind, Object content) {
        var message = new MetaData();
        message.setWCODataModelVersionCode("3.6");
        message.setWCOTypeName(kind);
        message.setResponsibleCountryCode("KE");
        message.setResponsibleAgencyName("KRA");
        message.setAgencyAssignedCustomizationCode("ELOCK");
        message.setAgencyAssignedCustomizationVersionCode("1");
        message.setAny(content);
        return message;
    }

    private static MetaData declaration(String reference, String movement, String type, String happened, int number) {
        var said = new Declaration();
        said.setFunctionCode("9");
        said.setFunctionalReferenceID(reference);
        said.setID(movement);
        var issued = new DateTime();
        var text = new DateTime.DateTimeString();
        text.setValue("20260709095830Z");
        text.setFormatCode("304");
        issued.setDateTimeString(text);
        said.setIssueDateTime(issued);
        said.setTypeCode(type);
        said.setDeclarationOfficeID("KEMBA");
        said.getAdditionalInformation().add(statement(happened, null));
        said.getAdditionalInformation().add(statement("SEQUENCE", Integer.toString(number)));
        var seal = new GoodsConsignment.TransportEquipment.Seal();
        seal.setSequenceNumeric(1);
        seal.setID("SL-1");
        var container = new GoodsConsignment.TransportEquipment();
        container.setSequenceNumeric(1);
        container.setID("MSKU1234565");
        container.getSeal().add(seal);
        var consignment = new GoodsConsignment();
        consignment.getTransportEquipment().add(container);
        var goods = new Declaration.GoodsShipment();
        goods.setConsignment(consignment);
        said.setGoodsShipment(goods);
        var destination = new Office();
        destination.setID("UGMAL");
        said.setSupervisingOffice(destination);
        return envelope("DEC", new wco.datamodel.wco.dec_dms._2.ObjectFactory().createDeclaration(said));
    }

    private static AdditionalInformation statement(String code, String description) {
        var statement = new AdditionalInformation();
        statement.setStatementCode(code);
        statement.setStatementDescription(description);
        statement.setStatementTypeCode("ACB");
        return statement;
    }

    private static MetaData response(String reference, String about) {
        var declaration = new Response.Declaration();
        declaration.setFunctionalReferenceID(about);
        declaration.setID(MRN);
        var said = new Response();
        said.setFunctionCode("01");
        said.setFunctionalReferenceID(reference);
        said.setDeclaration(declaration);
        return envelope("RES", said);
    }

    private static void told(String label, WcoExchange port, MetaData message) {
        var body = new Holder<>(message);
        port.submit(body);
        var answer = (Response) body.value.getAny();
        var line = new StringBuilder(label).append(' ').append(answer.getFunctionCode());
        for (var error : answer.getError()) {
            line.append(' ').append(error.getValidationCode());
            for (Pointer pointer : error.getPointer()) {
                line.append(' ').append(pointer.getDocumentSectionCode()).append(pointer.getTagID() == null ? "" : "/" + pointer.getTagID());
            }
        }
        System.out.println(line);
    }

    private static Message fetched(Notifications port) throws NotificationFault_Exception {
        var ask = new GetPending();
        ask.setWaitSeconds(30);
        var message = port.getPending(ask).getMessage().get(0);
        if (message.getContent().getAny() == null) {
            throw new IllegalStateException("The message has no content.");
        }
        System.out.println("GetPending " + message.getKind() + " " + message.getNumber());
        return message;
    }

    private static void acknowledge(Notifications port, Message message, String result) throws NotificationFault_Exception {
        var acknowledgement = new Acknowledge();
        acknowledgement.getReceipt().add(receipt(message.getMessageId(), message.getLease(), result));
        System.out.println("Acknowledge " + port.acknowledge(acknowledgement).getOutcome().get(0).getCode());
    }

    private static Acknowledge.Receipt receipt(String message, long lease, String result) {
        var receipt = new Acknowledge.Receipt();
        receipt.setMessageId(message);
        receipt.setLease(lease);
        receipt.setResult(result);
        if (result.equals("REJECTED")) {
            receipt.setCode("R-17");
            receipt.setText("not ours");
        }
        return receipt;
    }
}
