namespace Adapter.Mappings;

/// <summary>Something wrong with a mapping document, or with what it made of one event.</summary>
/// <param name="Code">Stable, <c>mapping.what</c>.</param>
/// <param name="Line">Line in the document's JSON, from 1; null where the document was not read from text.</param>
/// <param name="Column">Column in the document's JSON, from 1.</param>
/// <param name="Row">The row's target, as written.</param>
/// <param name="Suggestion">What the author may have meant, or what to do.</param>
public sealed record MappingProblem(string Code, string Message, int? Line, int? Column, string? Row, string? Suggestion);
