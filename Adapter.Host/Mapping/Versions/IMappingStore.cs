using Adapter.Host.Storage;

namespace Adapter.Host.Mapping.Versions;

/// <summary>Versions of mapping documents, and the schemas that administrators brought.</summary>
internal interface IMappingStore
{
    /// <summary>Puts in what ships: live where the document is not known yet, otherwise as a checked draft where its text is new. What people published stays live.</summary>
    Task SeedAsync(IReadOnlyList<ShippedMapping> shipped, CancellationToken cancellationToken);

    /// <summary>All versions, by document, the newest first.</summary>
    Task<IReadOnlyList<MappingVersion>> ListAsync(string? document, CancellationToken cancellationToken);

    Task<MappingVersion?> FindAsync(string document, int version, CancellationToken cancellationToken);

    /// <summary>What makes messages now.</summary>
    /// <returns>The versions, and the generation that they are of.</returns>
    Task<(IReadOnlyList<MappingVersion> Live, long Generation)> LiveAsync(CancellationToken cancellationToken);

    /// <summary>A number that grows whenever a version goes live or a target comes, on whichever node.</summary>
    Task<long> GenerationAsync(CancellationToken cancellationToken);

    /// <summary>Makes the next version of a document, known or new.</summary>
    Task<MappingVersion> AddAsync(MappingDraft draft, Actor actor, string reason, CancellationToken cancellationToken);

    /// <summary>Replaces the text of a version that is not submitted yet.</summary>
    /// <param name="revision">The revision that the change was made from.</param>
    Task<MappingMove> SaveAsync(int version, int revision, MappingDraft draft, Actor actor, string reason, CancellationToken cancellationToken);

    /// <summary>Notes what a rehearsal counted; a checked version is rehearsed by it.</summary>
    Task<MappingMove> RehearsedAsync(string document, int version, int revision, string summary, Actor actor, CancellationToken cancellationToken);

    /// <summary>Takes a step in one commit with its audit line. Going live supersedes the version that was, in the same commit.</summary>
    Task<MappingMove> MoveAsync(string document, int version, int revision, MappingStep step, Actor actor, string reason, CancellationToken cancellationToken);

    /// <summary>Keeps a target. The same content again is no change.</summary>
    /// <returns>False where the name is taken by other content.</returns>
    Task<bool> AddTargetAsync(MappingTarget target, Actor actor, string reason, CancellationToken cancellationToken);

    Task<IReadOnlyList<MappingTarget>> TargetsAsync(CancellationToken cancellationToken);
}

/// <param name="IsChecked">Whether nothing is wrong with it.</param>
internal sealed record MappingDraft(string Document, string Text, IReadOnlyDictionary<string, string> Files, bool IsChecked);

/// <summary>A document of this program.</summary>
internal sealed record ShippedMapping(string Document, string Text, IReadOnlyDictionary<string, string> Files);

/// <param name="Root">The element that a message starts with, as <c>{namespace}name</c>.</param>
/// <param name="Files">Texts of the schema files by path.</param>
internal sealed record MappingTarget(string Name, string Root, IReadOnlyDictionary<string, string> Files);

/// <summary>What became of a change to a version.</summary>
internal abstract record MappingMove
{
    private MappingMove()
    {
    }

    public sealed record Done(MappingVersion Version) : MappingMove;

    public sealed record NotFound : MappingMove;

    /// <summary>It is at another revision by now.</summary>
    public sealed record Changed(int Revision) : MappingMove;

    public sealed record NotPossible(string Why) : MappingMove;
}
