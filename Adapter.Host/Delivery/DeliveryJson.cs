using System.Text.Json.Serialization;
using Adapter.Contracts.Admin;

namespace Adapter.Host.Delivery;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Destination))]
internal sealed partial class DeliveryJson : JsonSerializerContext;
