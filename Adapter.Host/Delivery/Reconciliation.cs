using System.Text.Json.Serialization;

namespace Adapter.Host.Delivery;

/// <summary>What a person found out about a message whose outcome was unknown.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Reconciliation>))]
internal enum Reconciliation
{
    /// <summary>It took effect: it counts as delivered.</summary>
    [JsonStringEnumMemberName("took-effect")] TookEffect,

    /// <summary>It certainly did not: the same bytes go again under the same id.</summary>
    [JsonStringEnumMemberName("send-again")] SendAgain,

    /// <summary>Whatever became of it, the lane goes on without it.</summary>
    [JsonStringEnumMemberName("leave-out")] LeaveOut,
}
