namespace Adapter.Mappings.Engine;

/// <summary>A kind of record that expressions read, with the names that may follow a dot.</summary>
/// <param name="clr">The type, where it is one of ours; null for an element of a schema.</param>
/// <remarks>One for each kind, so that two shapes are equal when they hold the same one.</remarks>
internal sealed class RecordType(string name, Type? clr, Func<IReadOnlyDictionary<string, SourceProperty>> properties)
{
    // Types may hold themselves, so they are looked into when they are first used.
    private readonly Lazy<IReadOnlyDictionary<string, SourceProperty>> _properties = new(properties);

    public string Name { get; } = name;

    public Type? Clr { get; } = clr;

    public IReadOnlyDictionary<string, SourceProperty> Properties => _properties.Value;
}

internal sealed record SourceProperty(Shape Shape, Func<object, object?> Get);
