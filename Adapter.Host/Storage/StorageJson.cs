using System.Text.Json.Serialization;

namespace Adapter.Host.Storage;

[JsonSerializable(typeof(IEnumerable<string>))]
internal sealed partial class StorageJson : JsonSerializerContext;
