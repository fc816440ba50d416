using System.Text.Json.Serialization;
using Adapter.Contracts.Customs;

namespace Adapter.Host.Journeys;

/// <summary>Requests of customs as the journal keeps them.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(RegisterManifestRequest))]
[JsonSerializable(typeof(AmendMovementRequest))]
[JsonSerializable(typeof(ReportObservationRequest))]
[JsonSerializable(typeof(ConfirmDepartureRequest))]
[JsonSerializable(typeof(ConfirmArrivalRequest))]
[JsonSerializable(typeof(AuthoriseUnsealRequest))]
internal sealed partial class CustomsJson : JsonSerializerContext;
