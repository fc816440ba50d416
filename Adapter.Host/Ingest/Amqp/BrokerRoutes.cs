using Adapter.Contracts.Telemetry;
using Adapter.Mappings.Telemetry;

namespace Adapter.Host.Ingest.Amqp;

/// <summary>How messages of one broker are read: as their subject says (<c>alarm</c>, <c>location</c>), else as the settings say.</summary>
internal sealed class BrokerRoutes(string broker, BrokerOptions options)
{
    /// <summary>The source that the journal knows.</summary>
    public string Source { get; } = options.Source ?? broker;

    /// <remarks>A subject that names no route is the sender's own business; the settings count.</remarks>
    public TelemetryRoute For(string? subject)
    {
        var route = subject is not null && subject.All(char.IsAsciiLetter) && Enum.TryParse<ReportRoute>(subject, ignoreCase: true, out var named) ? named : options.Route;
        return new TelemetryRoute(Source, route, options.CodeSpaces.GetValueOrDefault(route.ToString()), options.Dialect);
    }
}
