using System.Text.Json;
using System.Text.Json.Serialization;

namespace Adapter.Host.Mapping.Versions;

[JsonSerializable(typeof(SortedDictionary<string, string>))]
internal sealed partial class MappingJson : JsonSerializerContext
{
    /// <summary>Texts by name, in one order: equal content has equal bytes.</summary>
    public static string Of(IReadOnlyDictionary<string, string> files) =>
        JsonSerializer.Serialize(new SortedDictionary<string, string>(files.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal), Default.SortedDictionaryStringString);

    public static IReadOnlyDictionary<string, string> Files(string json) =>
        JsonSerializer.Deserialize(json, Default.SortedDictionaryStringString)!.ToDictionary(StringComparer.Ordinal);
}
