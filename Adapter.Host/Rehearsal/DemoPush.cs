namespace Adapter.Host.Rehearsal;

/// <summary>One push of Joint Cloud as the demo sends it.</summary>
/// <param name="Path">Intake path, such as <c>/intake/jointech/location</c>.</param>
/// <param name="Json">One object or an array.</param>
/// <param name="At">When Joint Cloud sends it, in the journey's own time.</param>
/// <param name="Label">What a reader of the demo should know about it.</param>
internal sealed record DemoPush(string Path, string Json, string Label, DateTimeOffset At);
