using System.Reflection;
using System.ServiceModel;
using System.Xml.Serialization;
using Adapter.Contracts.Customs;
using Adapter.Contracts.Transit;

namespace Adapter.Contracts.Tests.Customs;

public class RegistrationContractTests
{
    public static TheoryData<Type> Bodies => [.. Operations.Select(m => m.GetParameters()[0].ParameterType), .. Operations.Select(m => m.ReturnType.GetGenericArguments()[0]).Distinct(), typeof(RegistrationFault)];

    private static MethodInfo[] Operations => typeof(ITransitRegistrationService).GetMethods();

    [Fact]
    public void The_service_has_its_nine_operations_each_with_its_action_and_its_fault()
    {
        Operations.Select(m => m.GetCustomAttribute<OperationContractAttribute>()!.Action).ShouldBe(
            ((string[])["RegisterManifest", "RegisterMovement", "AmendMovement", "ReportObservation", "AuthoriseUnseal", "ConfirmDeparture", "ConfirmArrival", "CloseMovement", "QueryMovement"])
            .Select(name => $"urn:customstransit:registration:1/{name}"), ignoreOrder: true);
        Operations.ShouldAllBe(m => m.GetCustomAttribute<FaultContractAttribute>()!.DetailType == typeof(RegistrationFault));
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public void Every_body_is_an_element_of_the_namespace_that_the_XML_serializer_can_write_and_read(Type body)
    {
        ArgumentNullException.ThrowIfNull(body);
        var serializer = new XmlSerializer(body);
        var text = new StringWriter();
        serializer.Serialize(text, Activator.CreateInstance(body));

        body.GetCustomAttribute<XmlRootAttribute>()!.Namespace.ShouldBe(CustomsNamespaces.Registration);
        text.ToString().ShouldNotContain("nil=");
        using var reader = System.Xml.XmlReader.Create(new StringReader(text.ToString()));
        serializer.Deserialize(reader).ShouldBeOfType(body);
    }

    [Fact]
    public void A_movement_survives_the_way_through_XML()
    {
        const string xml = """
            <RegisterMovement xmlns="urn:customstransit:registration:1">
              <MovementId>T-1</MovementId><Regime>CrossBorder</Regime><Mrn>26KE0MBA00482917J1</Mrn>
              <Vehicle><Plate>KDA 482B</Plate></Vehicle>
              <Container><Number>KMSU4829139</Number><Seal>KE0482913</Seal><Seal>KE0482914</Seal><PackageCount>40</PackageCount></Container>
              <Lock><Number>8022300001</Number><From>2026-06-01T09:00:00+03:00</From></Lock>
              <Departure><Code>KEMBA001</Code><Latitude>-4.05</Latitude><Longitude>39.65</Longitude></Departure>
              <Destination><Code>UGMLB001</Code></Destination>
              <TimeLimit>2026-06-03T06:00:00Z</TimeLimit>
              <DepartureFrom>2026-06-01T06:00:00Z</DepartureFrom>
              <DepartureUntil>2026-06-01T12:00:00Z</DepartureUntil>
              <Route>
                <Point><Latitude>-4.05</Latitude><Longitude>39.65</Longitude></Point><Point><Latitude>0.64</Latitude><Longitude>34.26</Longitude></Point>
                <ToleranceMetres>800</ToleranceMetres>
                <Stop><Name>Makindu</Name><Latitude>-2.28</Latitude><Longitude>37.82</Longitude><AtMostMinutes>60</AtMostMinutes></Stop>
                <PermittedArea><Name>yard</Name><Corner><Latitude>0</Latitude><Longitude>34</Longitude></Corner><Corner><Latitude>0</Latitude><Longitude>34.1</Longitude></Corner><Corner><Latitude>0.1</Latitude><Longitude>34</Longitude></Corner></PermittedArea>
              </Route>
            </RegisterMovement>
            """;
        using var reader = System.Xml.XmlReader.Create(new StringReader(xml));

        var read = (RegisterMovementRequest)new XmlSerializer(typeof(RegisterMovementRequest)).Deserialize(reader)!;

        (read.MovementId, read.Regime, read.Containers[0].PackageCount, read.Departure!.Latitude, read.TimeLimit).ShouldBe(
            ("T-1", Regime.CrossBorder, 40, -4.05, new DateTimeOffset(2026, 6, 3, 6, 0, 0, TimeSpan.Zero)));
        read.Containers[0].Seals.ShouldBe(["KE0482913", "KE0482914"]);
        read.Locks[0].From.ShouldBe(new DateTimeOffset(2026, 6, 1, 6, 0, 0, TimeSpan.Zero));
        read.Transit.ShouldBeEmpty();
        (read.DepartureUntil - read.DepartureFrom).ShouldBe(TimeSpan.FromHours(6));
        var route = read.Route.ShouldNotBeNull();
        (route.Way.Length, route.Way[1].Latitude, route.ToleranceMetres, route.Stops[0].AtMostMinutes, route.Stops[0].RadiusMetres, route.PermittedAreas[0].Corners.Length).ShouldBe((2, 0.64, 800, 60, null, 3));
    }
}
