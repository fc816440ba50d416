using System.Diagnostics.Metrics;

namespace Adapter.Host.Observability;

/// <summary>Every figure that the host publishes under the meter <c>CustomsTransit</c>, in flow order.</summary>
internal sealed class AdapterMetrics
{
    public const string MeterName = "CustomsTransit";
    public const string RecordsName = "customstransit.intake.records";
    public const string BrokerMessagesName = "customstransit.broker.messages";

    private readonly Counter<long> _records;
    private readonly Counter<long> _refusedRequests;
    private readonly Counter<long> _brokerMessages;
    private readonly Counter<long> _brokerLosses;
    private readonly Counter<long> _unknownCodes;
    private readonly Histogram<double> _lateness;
    private readonly Histogram<int> _commitSize;
    private readonly Counter<long> _entries;
    private readonly Counter<long> _messages;
    private readonly Counter<long> _attempts;
    private readonly Histogram<double> _delay;
    private readonly Counter<long> _deadLettersTold;
    private readonly Meter _meter;

    public AdapterMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _records = _meter.CreateCounter<long>(RecordsName, "{record}", "Records received, by what became of them.");
        _refusedRequests = _meter.CreateCounter<long>("customstransit.intake.refused", "{request}", "Requests that were not accepted, by reason.");
        _brokerMessages = _meter.CreateCounter<long>(BrokerMessagesName, "{message}", "Messages of brokers, by how they were settled.");
        _brokerLosses = _meter.CreateCounter<long>("customstransit.broker.losses", "{loss}", "How often a broker was lost or could not be reached, by reason.");
        _unknownCodes = _meter.CreateCounter<long>("customstransit.telemetry.unknown_codes", "{code}", "Codes that no table knows, by code space.");
        _lateness = _meter.CreateHistogram<double>("customstransit.telemetry.lateness", "s", "Receive time minus the lock's own time.", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 10, 60, 600, 3600, 6 * 3600, 24 * 3600, 7 * 24 * 3600, 14 * 24 * 3600] });
        _commitSize = _meter.CreateHistogram<int>("customstransit.store.commit_writes", "{write}", "Writes that shared one commit.", tags: null, new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] });
        _entries = _meter.CreateCounter<long>("customstransit.journal.processed", "{entry}", "Journal entries processed, by what became of them.");
        _messages = _meter.CreateCounter<long>("customstransit.messages.created", "{message}", "Messages put into lanes, by destination and state.");
        _attempts = _meter.CreateCounter<long>("customstransit.delivery.attempts", "{attempt}", "Delivery attempts, by destination and outcome.");
        _delay = _meter.CreateHistogram<double>("customstransit.delivery.delay", "s", "Our own delay: from the receipt of a report to the receiver's answer.", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 60, 600, 3600, 24 * 3600] });
        _deadLettersTold = _meter.CreateCounter<long>("customstransit.dead_letters.told", "{letter}", "Dead letters that their queue has taken.");
    }

    public void Received(string source, string result, int count) => _records.Add(count, new("source", source), new("result", result));

    public void Refused(string reason) => _refusedRequests.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void BrokerSettled(string broker, string outcome) => _brokerMessages.Add(1, new("broker", broker), new("outcome", outcome));

    public void BrokerLost(string broker, string reason) => _brokerLosses.Add(1, new("broker", broker), new("reason", reason));

    public void UnknownCode(string space) => _unknownCodes.Add(1, new KeyValuePair<string, object?>("space", space));

    public void Lateness(TimeSpan lateness) => _lateness.Record(Math.Max(0, lateness.TotalSeconds));

    public void Committed(int writes) => _commitSize.Record(writes);

    public void Processed(string result, int count) => _entries.Add(count, new KeyValuePair<string, object?>("result", result));

    public void MessageCreated(string destination, string state) => _messages.Add(1, new("destination", destination), new("state", state));

    public void Attempted(string destination, string outcome) => _attempts.Add(1, new("destination", destination), new("outcome", outcome));

    public void DeadLettersTold(int count) => _deadLettersTold.Add(count);

    public void Delivered(string destination, TimeSpan delay) => _delay.Record(delay.TotalSeconds, new KeyValuePair<string, object?>("destination", destination));

    /// <summary>Publishes figures that are read when asked for.</summary>
    public void Observe(string name, string unit, string description, Func<IEnumerable<Measurement<long>>> read) =>
        _meter.CreateObservableGauge(name, read, unit, description);
}
