using System.Text.Json.Serialization;
using Adapter.Contracts.Transit;

namespace Adapter.Host.Processing;

/// <summary>What a mapping document read, kept with the message so that it can be explained and mapped again.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OutgoingEvent))]
internal sealed partial class ProcessingJson : JsonSerializerContext;

/// <summary>The same for what people edited: a misspelt name must not quietly change nothing.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(OutgoingEvent))]
internal sealed partial class EditsJson : JsonSerializerContext;
