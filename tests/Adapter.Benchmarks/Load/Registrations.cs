using System.Globalization;
using System.Text;
using Adapter.Benchmarks.Peers;

namespace Adapter.Benchmarks.Load;

/// <summary>SOAP registrations of movements: each with a movement, an MRN, a lock and a message id of its own.</summary>
internal sealed class Registrations : IRequestBodies
{
    private const string Slot = "00000000000";

    private readonly byte[] _template;
    private readonly int[] _slots;
    private readonly int _connection;
    private long _next;

    public Registrations(int connection, int first)
    {
        (_connection, _next) = (connection, first);
        var containers = string.Concat(Enumerable.Range(1, 3).Select(i =>
            $"<Container><Number>KMSU482913{i}</Number><Seal>KE048291{i}</Seal><Seal>KE058291{i}</Seal><PackageCount>40</PackageCount><GrossMassKg>12345.678</GrossMassKg></Container>"));
        var text = $"""
            <?xml version="1.0" encoding="utf-8"?>
            <soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">
              <soap:Header><wsa:MessageID xmlns:wsa="http://www.w3.org/2005/08/addressing">bench/{Slot}</wsa:MessageID></soap:Header>
              <soap:Body>
                <RegisterMovement xmlns="urn:customstransit:registration:1">
                  <MovementId>B{Slot}</MovementId><Regime>Transit</Regime><Mrn>26KE0M{Slot}X</Mrn><ManifestNumber>MB-2026-4711</ManifestNumber>
                  <Vehicle><Plate>KDA 482B</Plate><Nationality>KE</Nationality></Vehicle>
                  {containers}
                  <Lock><Number>{Slot}</Number><Container>KMSU4829131</Container></Lock>
                  <Departure><Code>KEMBA001</Code><Name>Mombasa</Name><Country>KE</Country><Latitude>-4.05</Latitude><Longitude>39.65</Longitude><RadiusMetres>500</RadiusMetres></Departure>
                  <Destination><Code>UGMLB001</Code><Name>Malaba</Name><Country>UG</Country><Latitude>0.64</Latitude><Longitude>34.26</Longitude><RadiusMetres>500</RadiusMetres></Destination>
                </RegisterMovement>
              </soap:Body>
            </soap:Envelope>
            """;
        _template = Encoding.ASCII.GetBytes(text);
        var slots = new List<int>();
        for (var at = text.IndexOf(Slot, StringComparison.Ordinal); at >= 0; at = text.IndexOf(Slot, at + 1, StringComparison.Ordinal))
        {
            slots.Add(at);
        }

        _slots = [.. slots];
    }

    public int Length => _template.Length;

    public string Head =>
        $"Content-Type: text/xml; charset=utf-8\r\nSOAPAction: \"urn:customstransit:registration:1/RegisterMovement\"\r\nAuthorization: Basic {Convert.ToBase64String(Encoding.ASCII.GetBytes($"{SoapPeers.Caller}:{HostPeer.Secret}"))}\r\n";

    public void Next(Span<byte> target)
    {
        _template.CopyTo(target);
        var number = (_connection * 100_000_000L) + _next++ + 10_000_000_000;
        foreach (var slot in _slots)
        {
            number.TryFormat(target[slot..], out _, "D11", CultureInfo.InvariantCulture);
        }
    }
}
