namespace Adapter.Benchmarks.Load;

/// <summary>Bodies of one connection, all of one length, each with content of its own.</summary>
internal interface IRequestBodies
{
    int Length { get; }

    /// <summary>Lines of the request's head that belong to them, each with its end.</summary>
    string Head { get; }

    void Next(Span<byte> target);
}
