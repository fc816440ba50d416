using System.Globalization;

namespace Adapter.Mappings.Engine;

/// <summary>A text grew beyond its bound while a value was worked out. Caught by the run, which adds the row.</summary>
internal sealed class ValueTooLongException(int length) : Exception(
    string.Create(CultureInfo.InvariantCulture, $"a text of {length} characters comes up on the way; at most {Functions.MaxText} are allowed"));
