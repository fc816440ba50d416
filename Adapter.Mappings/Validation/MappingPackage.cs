namespace Adapter.Mappings.Validation;

/// <summary>A document with the files of its examples, as they lie beside each other in a folder.</summary>
/// <param name="Document">The document's JSON, as its author wrote it: problems point into it.</param>
/// <param name="Files">Texts of the examples' files by name.</param>
public sealed record MappingPackage(ReadOnlyMemory<byte> Document, IReadOnlyDictionary<string, string> Files);

/// <summary>What checking a package found.</summary>
/// <param name="Mapping">Ready to run; null where the document does not compile.</param>
/// <param name="Document">Null where the text is no document.</param>
/// <param name="Problems">All that is wrong, failed examples included.</param>
/// <param name="Passed">Names of the examples that gave what they should.</param>
public sealed record CheckedPackage(Engine.CompiledMapping? Mapping, Model.MappingDocument? Document, IReadOnlyList<MappingProblem> Problems, IReadOnlyList<string> Passed)
{
    /// <summary>Whether it could go live as far as a check can tell.</summary>
    public bool IsSound => Problems.Count == 0;
}
