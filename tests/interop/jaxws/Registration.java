import java.math.BigDecimal;
import java.net.URL;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.GregorianCalendar;
import java.util.TimeZone;
import javax.xml.datatype.DatatypeFactory;
import javax.xml.datatype.XMLGregorianCalendar;
import javax.xml.ws.BindingProvider;
import registration.*;

/**
 * Calls every operation of the registration service with a client that JAX-WS generated from its WSDL alone.
 * Arguments: address of the WSDL, 1.1 or 1.2, user, password. Prints a line for each call.
 */
public final class Registration {
    private static TransitRegistration port;

    public static void main(String[] arguments) throws Exception {
        var service = new TransitRegistration_Service(new URL(arguments[0]));
        port = arguments[1].equals("1.1") ? service.getTransitRegistrationSoap11() : service.getTransitRegistrationSoap12();
        var context = ((BindingProvider) port).getRequestContext();
        context.put(BindingProvider.USERNAME_PROPERTY, arguments[2]);
        context.put(BindingProvider.PASSWORD_PROPERTY, arguments[3]);
        var movement = "jaxws-" + arguments[1];
        var now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

        var manifest = new RegisterManifest();
        manifest.setManifestNumber(movement);
        var listed = container();
        listed.setGrossMassKg(new BigDecimal("12345.678"));
        manifest.getContainer().add(listed);
        told("RegisterManifest", port.registerManifest(manifest));

        var registered = registration(movement);
        registered.setManifestNumber(movement);
        registered.getContainer().add(container());
        registered.getLock().add(lock("8022300001", "KMSU4829139"));
        registered.getDeparture().setLatitude(-4.05);
        registered.getDeparture().setLongitude(0.000001);
        told("RegisterMovement", port.registerMovement(registered));

        var amendment = new AmendMovement();
        amendment.setMovementId(movement);
        amendment.setReason("a new driver");
        amendment.setDriverReference("D-2");
        told("AmendMovement", port.amendMovement(amendment));

        var observation = new ReportObservation();
        observation.setMovementId(movement);
        observation.setObserver(Observer.GATE);
        observation.setAt(time(now, TimeZone.getTimeZone("GMT+3")));
        observation.setOccasion(Occasion.DEPARTURE);
        var seen = new SeenCargo();
        seen.setVehiclePlate("KDA 482B");
        observation.setSeen(seen);
        told("ReportObservation", port.reportObservation(observation));

        var order = new AuthoriseUnseal();
        order.setMovementId(movement);
        order.setOrderId("O-" + movement);
        order.setOfficer("officer-1");
        order.setPurpose(UnsealPurpose.RELEASE);
        order.setUntil(time(now.plus(1, ChronoUnit.DAYS), TimeZone.getTimeZone("UTC")));
        told("AuthoriseUnseal", port.authoriseUnseal(order));

        told("ConfirmDeparture", port.confirmDeparture(confirmation(movement, now, "KEMBA001")));
        told("ConfirmArrival", port.confirmArrival(confirmation(movement, now, "UGMLB001")));

        var query = new QueryMovement();
        query.setMovementId(movement);
        System.out.println("QueryMovement " + port.queryMovement(query).getStatus());

        var closing = new CloseMovement();
        closing.setMovementId(movement);
        closing.setReason("done");
        told("CloseMovement", port.closeMovement(closing));

        var astray = registration(movement + "-x");
        astray.getLock().add(lock("8022300009", "NOT-THERE"));
        fault(astray);
        var invalid = registration(movement + "-y");
        invalid.setRegime(null);
        fault(invalid);
    }

    private static void told(String operation, RegistrationReceipt receipt) {
        System.out.println(operation + " " + receipt.getCode());
    }

    /** What the fault's detail says, as the generated type has it. */
    private static void fault(RegisterMovement request) {
        try {
            port.registerMovement(request);
            System.out.println("fault none");
        } catch (RegistrationFault_Exception raised) {
            var typed = raised.getFaultInfo();
            System.out.println("fault " + typed.getCode() + " " + (typed.getField().isEmpty() ? "" : typed.getField().get(0).getPath()));
        }
    }

    private static RegisterMovement registration(String movement) {
        var request = new RegisterMovement();
        request.setMovementId(movement);
        request.setRegime(Regime.TRANSIT);
        request.setMrn("26KE0MBA00482917J1");
        request.setDeparture(office("KEMBA001"));
        request.setDestination(office("UGMLB001"));
        return request;
    }

    private static Container container() {
        var container = new Container();
        container.setNumber("KMSU4829139");
        container.getSeal().add("KE1");
        return container;
    }

    private static Lock lock(String number, String container) {
        var lock = new Lock();
        lock.setNumber(number);
        lock.setContainer(container);
        return lock;
    }

    private static Office office(String code) {
        var office = new Office();
        office.setCode(code);
        return office;
    }

    private static Confirmation confirmation(String movement, Instant at, String office) throws Exception {
        var confirmation = new Confirmation();
        confirmation.setMovementId(movement);
        confirmation.setObserver(Observer.OFFICE);
        confirmation.setAt(time(at, TimeZone.getTimeZone("UTC")));
        confirmation.setOffice(office);
        return confirmation;
    }

    private static XMLGregorianCalendar time(Instant at, TimeZone zone) throws Exception {
        var calendar = new GregorianCalendar(zone);
        calendar.setTimeInMillis(at.toEpochMilli());
        return DatatypeFactory.newInstance().newXMLGregorianCalendar(calendar);
    }
}
