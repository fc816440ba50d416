using Adapter.Contracts.Telemetry;
using Adapter.Mappings.Telemetry;

namespace Adapter.Host.Ingest.Webhook;

/// <summary>What an intake address takes.</summary>
/// <param name="Dialect">How sources write that are not configured with a dialect of their own.</param>
internal readonly record struct IntakeRoute(ReportRoute Kind, string Dialect = TelemetryTables.DefaultDialect);
