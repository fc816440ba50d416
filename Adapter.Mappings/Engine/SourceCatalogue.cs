using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;
using Adapter.Mappings.Validation;

namespace Adapter.Mappings.Engine;

/// <summary>The records a document can read, property by property, under their camel-case names.</summary>
internal static class SourceCatalogue
{
    public const string Name = nameof(OutgoingEvent);

    private static readonly ConcurrentDictionary<Type, RecordType> Known = new();
    private static readonly object True = true;
    private static readonly object False = false;

    public static RecordType Of(Type type) => Known.GetOrAdd(type, static t => new RecordType(t.Name, t, () => Describe(t)));

    /// <summary>What a document reads: events of ours, or messages by the schema target that it names.</summary>
    /// <returns>Null where there is no such source.</returns>
    public static RecordType? Root(string source, SchemaCatalogue schemas) =>
        source == Name ? Of(typeof(OutgoingEvent)) : schemas.TryFind(source, out var target) ? SchemaSource.Of(target) : null;

    private static Dictionary<string, SourceProperty> Describe(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.GetIndexParameters().Length == 0)
            .Select(p => (Name: JsonNamingPolicy.CamelCase.ConvertName(p.Name), Property: p, Shape: ShapeOf(p.PropertyType)))
            .Where(p => p.Shape is not null)
            .ToDictionary(p => p.Name, p => new SourceProperty(p.Shape!, Getter(p.Property)), StringComparer.Ordinal);

    private static Shape? ShapeOf(Type declared)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (type == typeof(string) || type == typeof(LockId) || type.IsEnum)
        {
            return Shape.Text;
        }

        if (type == typeof(int) || type == typeof(long) || type == typeof(double))
        {
            return Shape.Number;
        }

        if (type == typeof(bool))
        {
            return Shape.Boolean;
        }

        if (type == typeof(DateTimeOffset))
        {
            return Shape.Instant;
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            return new Shape(ShapeKind.List, Of(type.GetGenericArguments()[0]));
        }

        return type.Assembly == typeof(OutgoingEvent).Assembly ? new Shape(ShapeKind.Record, Of(type)) : null;
    }

    /// <summary>A compiled getter, because reflection on every value of every message would cost more than all the rest.</summary>
    private static Func<object, object?> Getter(PropertyInfo property)
    {
        var target = Expression.Parameter(typeof(object));
        Expression read = Expression.Property(Expression.Convert(target, property.DeclaringType!), property);
        // One object for each truth; a new one for each value would be most of what a message costs the memory.
        read = read.Type == typeof(bool) ? Expression.Condition(read, Expression.Constant(True, typeof(object)), Expression.Constant(False, typeof(object))) : Expression.Convert(read, typeof(object));
        var get = Expression.Lambda<Func<object, object?>>(read, target).Compile();
        return IsCanonical(property.PropertyType) ? get : record => Canonical(get(record));
    }

    /// <summary>Whether the engine takes it as it is.</summary>
    private static bool IsCanonical(Type type) =>
        type == typeof(string) || type == typeof(bool) || type == typeof(DateTimeOffset) || (!type.IsValueType && type != typeof(LockId));

    private static object? Canonical(object? value) => value switch
    {
        int number => (decimal)number,
        long number => (decimal)number,
        double number => double.IsFinite(number) && Math.Abs(number) < 1e15 ? (decimal)number : null,
        LockId id => id.Value,
        Enum code => code.ToString(),
        _ => value,
    };
}
