using System.Text;

namespace Adapter.Benchmarks.Delivery;

/// <summary>The notification that every contestant sends, by hand: 1.0 kB of a seal with two containers.</summary>
internal static class Message
{
    /// <summary>Stands where the id goes.</summary>
    public const string IdPlace = "00000000000000000000000000000000";

    public const string Action = "urn:customstransit:manifest:1/NotifySealEvent";

    public const string Xml =
        "<SealNotification xmlns=\"urn:customstransit:manifest:1\"><MessageId>" + IdPlace + "</MessageId><Sequence>1</Sequence><ManifestNumber>MAN-26-000871</ManifestNumber>"
        + "<Mrn>26JO00000012345678</Mrn><Event><Code>SEAL</Code><Alarm>false</Alarm><OccurredAt>2026-03-02T06:15:30Z</OccurredAt><ReportedAt>2026-03-02T06:15:41.25Z</ReportedAt>"
        + "<Lock>7010000421</Lock><Office>JOAQJ001</Office><Position><Latitude>29.516742</Latitude><Longitude>35.000118</Longitude></Position></Event>"
        + "<Container><Number>MSKU1234565</Number><Seal><Number>SL-77001</Number><Electronic>false</Electronic></Seal><Seal><Number>7010000421</Number><Electronic>true</Electronic></Seal></Container>"
        + "<Container><Number>TGHU7654326</Number><Seal><Number>7010000987</Number><Electronic>true</Electronic></Seal></Container></SealNotification>";

    public static string IdOf(long n) => n.ToString("x32", System.Globalization.CultureInfo.InvariantCulture);

    public static byte[] Envelope(long n) => Encoding.UTF8.GetBytes(
        $"<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>{Xml.Replace(IdPlace, IdOf(n), StringComparison.Ordinal)}</s:Body></s:Envelope>");
}
