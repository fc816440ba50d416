using Adapter.Fuzz.Targets;

namespace Adapter.Fuzz;

/// <summary>One reader of texts that strangers write.</summary>
internal abstract class Target
{
    public static IReadOnlyList<Target> All { get; } =
        [new DocumentTarget(), new ExpressionTarget(), new SourceTarget("event", readsMessages: false, ".input.json"), new SourceTarget("received", readsMessages: true, ".input.xml"), new SchemaTarget(), new EnvelopeTarget(), new SecurityHeaderTarget()];

    public abstract string Name { get; }

    public static Target? Find(string name) => All.FirstOrDefault(t => t.Name == name);

    /// <summary>Inputs that fuzzing starts from: small ones that reach far.</summary>
    public abstract IEnumerable<byte[]> Seeds();

    /// <summary>Reads the input. It is read or refused in the way that callers are told of; anything else escapes as an exception, and counts as a crash.</summary>
    public abstract void Take(byte[] input);

    /// <exception cref="InvalidOperationException">It does not hold.</exception>
    protected static void Must(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException(what);
        }
    }
}
