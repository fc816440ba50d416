using System.Text.Json;
using System.Text.Json.Nodes;
using Adapter.Host.Rehearsal.Twins;
using Adapter.Mappings.Validation;

namespace Adapter.Host.Rehearsal;

/// <summary>The twins as destinations of a host: their schemas, and the settings with which a host reaches them.</summary>
internal static class TwinStage
{
    public static TwinSettings Settings(string directory, int port)
    {
        var schemas = SchemaCatalogue.BuiltIn;
        return new TwinSettings
        {
            Directory = directory,
            Port = port,
            ManifestSchemas = schemas.Target("soap/manifest-notification").Schemas,
            TransportationSchemas = schemas.Target("soap/transportation-notification").Schemas,
            NeighbourSchemas = schemas.Target("wco/declaration").Schemas,
        };
    }

    /// <summary>A settings file that makes the twins at this address the destinations.</summary>
    public static string SettingsJson(Uri twins) => new JsonObject
    {
        ["Outbound"] = new JsonObject { ["AllowLoopback"] = true },
        ["Destinations"] = Destinations(twins),
    }.ToJsonString(new JsonSerializerOptions { WriteIndented = true });

    /// <summary>The same as flat settings.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> SettingsPairs(Uri twins)
    {
        using var json = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(SettingsJson(twins)));
        return [.. new ConfigurationBuilder().AddJsonStream(json).Build().AsEnumerable().Where(pair => pair.Value is not null)];
    }

    private static JsonObject Destinations(Uri twins)
    {
        const string manifest = "urn:customstransit:manifest:1";
        const string transportation = "urn:customstransit:transportation:1";
        return new JsonObject
        {
            [TwinName.Manifest] = new JsonObject
            {
                ["Endpoint"] = new Uri(twins, "manifest").ToString(),
                ["Soap"] = "Soap11",
                ["Action"] = manifest + "/NotifySealEvent",
                ["Document"] = "manifest-notification",
                ["Idempotent"] = true,
                ["Reply"] = new JsonObject
                {
                    ["Root"] = $"{{{manifest}}}NotificationReceipt",
                    ["Id"] = "MessageId",
                    ["Code"] = "Result",
                    ["Text"] = "Text",
                    ["Accepted"] = new JsonArray("ACCEPTED"),
                    ["Duplicate"] = new JsonArray("DUPLICATE"),
                    ["Rejected"] = new JsonArray("REFUSED"),
                },
            },
            // This one acts again on the same id, so an unknown outcome is asked about before anything is repeated.
            [TwinName.Transportation] = new JsonObject
            {
                ["Endpoint"] = new Uri(twins, "transportation").ToString(),
                ["Soap"] = "Soap11",
                ["Action"] = transportation + "/NotifyTripEvent",
                ["Document"] = "transportation-notification",
                ["ReceivesUnboundLocks"] = true,
                ["AttemptTimeout"] = "00:00:10",
                ["Reply"] = new JsonObject
                {
                    ["Root"] = $"{{{transportation}}}TripEventReceipt",
                    ["Id"] = "@messageId",
                    ["Code"] = "@result",
                    ["Text"] = "Reason",
                    ["Accepted"] = new JsonArray("RECORDED"),
                    ["Duplicate"] = new JsonArray("ALREADY_RECORDED"),
                    ["Rejected"] = new JsonArray("REFUSED"),
                },
                ["Inquiry"] = new JsonObject
                {
                    ["Action"] = transportation + "/FindTripEvent",
                    ["Request"] = $"{{{transportation}}}FindTripEvent",
                    ["RequestId"] = "MessageId",
                    ["Reply"] = $"{{{transportation}}}TripEventStatus",
                    ["ReplyId"] = "MessageId",
                    ["ReplyCode"] = "State",
                    ["Known"] = new JsonArray("RECORDED"),
                    ["Unknown"] = new JsonArray("NOT_FOUND"),
                },
            },
            [TwinName.Neighbour] = new JsonObject
            {
                ["Endpoint"] = new Uri(twins, "wco").ToString(),
                ["Soap"] = "Soap12",
                ["Action"] = "urn:customstransit:wco-exchange:1/Submit",
                ["Document"] = "wco-declaration",
                ["Idempotent"] = true,
                ["Reply"] = new JsonObject
                {
                    ["Root"] = "{urn:wco:datamodel:WCO:DocumentMetaData-DMS:2}MetaData",
                    ["Id"] = "Response/Declaration/FunctionalReferenceID",
                    ["Code"] = "Response/FunctionCode",
                    ["Text"] = "Response/Error/Description",
                    ["Accepted"] = new JsonArray("01", "1"),
                    ["Duplicate"] = new JsonArray(),
                    ["Rejected"] = new JsonArray("03", "3"),
                },
            },
        };
    }
}
