using System.Text.Json.Serialization;

namespace Adapter.Host.Rehearsal.Twins;

/// <summary>How a twin is to behave.</summary>
internal sealed record TwinOrder
{
    public static TwinOrder Ok { get; } = new() { Mode = TwinMode.Ok };

    public required TwinMode Mode { get; init; }

    /// <summary>How long the answer waits when slow, the silence lasts before the connection is cut, and flapping stays down and then up.</summary>
    public double Seconds { get; init; }

    /// <summary>For how many requests, questions among them; null until the next order.</summary>
    public int? Count { get; init; }

    /// <summary>Of how many in a hundred requests, evenly; the others are answered as if there were no order. Null for all.</summary>
    public int? Percent { get; init; }

    /// <returns>What is wrong with the order, or null.</returns>
    public string? Problem() => this switch
    {
        { Seconds: not (>= 0 and <= 86_400) } => $"seconds is {Seconds}; give 0 to 86400.",
        { Count: < 1 } => $"count is {Count}; give 1 or more, or leave it out.",
        { Percent: not (null or (>= 1 and <= 100)) } => $"percent is {Percent}; give 1 to 100, or leave it out.",
        { Mode: TwinMode.Slow or TwinMode.Flapping, Seconds: 0 } => $"{(Mode == TwinMode.Slow ? "slow" : "flapping")} needs seconds.",
        _ => null,
    };
}

[JsonConverter(typeof(JsonStringEnumConverter<TwinMode>))]
internal enum TwinMode
{
    [JsonStringEnumMemberName("ok")] Ok,

    /// <summary>The connection is cut before anything is read.</summary>
    [JsonStringEnumMemberName("down")] Down,

    /// <summary>The message takes effect at once, the answer comes later.</summary>
    [JsonStringEnumMemberName("slow")] Slow,

    /// <summary>A refusal for business reasons.</summary>
    [JsonStringEnumMemberName("refuse")] Refuse,

    /// <summary>A SOAP fault of the receiver's own.</summary>
    [JsonStringEnumMemberName("fault")] Fault,

    /// <summary>The message is read, then the connection is cut: no effect and no record.</summary>
    [JsonStringEnumMemberName("cut")] Cut,

    /// <summary>The message takes effect, then the connection is cut without an answer.</summary>
    [JsonStringEnumMemberName("accept-then-silent")] AcceptThenSilent,

    /// <summary>Down for some seconds, ok for as many, and again.</summary>
    [JsonStringEnumMemberName("flapping")] Flapping,

    /// <summary>The message takes effect, and the answer names another message.</summary>
    [JsonStringEnumMemberName("wrong-id")] WrongId,

    /// <summary>The message is received and nothing is said of what becomes of it. Not at the neighbour, whose profile has no such answer.</summary>
    [JsonStringEnumMemberName("acknowledge")] Acknowledge,
}

/// <summary>The orders in force, one per twin.</summary>
internal sealed class TwinOrders(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, TwinOrder> _orders = TwinName.All.ToDictionary(name => name, _ => TwinOrder.Ok, StringComparer.Ordinal);
    private readonly Dictionary<string, long> _asked = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _since = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, TwinOrder> InForce()
    {
        lock (_gate)
        {
            return new Dictionary<string, TwinOrder>(_orders, StringComparer.Ordinal);
        }
    }

    public void Give(string twin, TwinOrder order)
    {
        if (order.Problem() is { } problem)
        {
            throw new ArgumentException(problem);
        }

        if (order.Mode == TwinMode.Acknowledge && twin == TwinName.Neighbour)
        {
            throw new ArgumentException("The neighbour cannot only acknowledge.");
        }

        lock (_gate)
        {
            (_orders[twin], _since[twin]) = (order, time.GetUtcNow());
        }
    }

    /// <summary>The order for one request; the last one that a count allows puts the twin back to ok.</summary>
    public TwinOrder Take(string twin)
    {
        lock (_gate)
        {
            var order = _orders[twin];
            if (order.Percent is { } percent && !IsMeant(twin, percent))
            {
                return TwinOrder.Ok;
            }

            if (order.Count is { } count)
            {
                _orders[twin] = count > 1 ? order with { Count = count - 1 } : TwinOrder.Ok;
            }

            return order.Mode == TwinMode.Flapping ? order with { Mode = IsDownPhase(twin, order) ? TwinMode.Down : TwinMode.Ok } : order;
        }
    }

    private bool IsMeant(string twin, int percent)
    {
        var asked = _asked[twin] = _asked.GetValueOrDefault(twin) + 1;
        return asked * percent / 100 > (asked - 1) * percent / 100;
    }

    private bool IsDownPhase(string twin, TwinOrder order) => (long)((time.GetUtcNow() - _since[twin]).TotalSeconds / order.Seconds) % 2 == 0;
}
