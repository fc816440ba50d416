using Adapter.Contracts.Telemetry;

namespace Adapter.Mappings.Telemetry;

/// <summary>Where a record came in, which decides how it is read.</summary>
/// <param name="Source">Name of the configured source, such as <c>jointcloud</c>.</param>
/// <param name="Route">The intake route. A record that says itself what it is (the SDK's MsgType) is reported under that instead.</param>
/// <param name="CodeSpace">The table that the route's codes belong to, such as <c>web-alarm</c>. Null: every code is UNKNOWN, and kept.</param>
/// <param name="Dialect">Names, polarity and units of the source, one of <see cref="TelemetryTables.Dialects"/>.</param>
public sealed record TelemetryRoute(string Source, ReportRoute Route, string? CodeSpace, string Dialect = TelemetryTables.DefaultDialect);
