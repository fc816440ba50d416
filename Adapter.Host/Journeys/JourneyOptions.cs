using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Adapter.Host.Journeys;

/// <summary>How reports are placed in time and matched. Bound from <c>Journeys</c>.</summary>
internal sealed class JourneyOptions
{
    /// <summary>How far back a lock's own time is believed. Default 30 days; a lock's full flash is 14.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "400.00:00:00")]
    public TimeSpan Horizon { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How far ahead of ours a lock's clock may be. Default 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan FutureTolerance { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>A report that the cloud received later than this after it happened is late. Default 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:30", "1.00:00:00")]
    public TimeSpan LateAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Reports of one kind this close to an episode belong to it. Default 120 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan MatchingWindow { get; set; } = TimeSpan.FromSeconds(120);

    /// <summary>Another window for a source whose clock is worse, by source name.</summary>
    public Dictionary<string, TimeSpan> MatchingWindows { get; } = new(StringComparer.Ordinal);

    /// <summary>How far before its registration a journey may find reports that no journey owned. Default 24 hours.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "14.00:00:00")]
    public TimeSpan AttachWindow { get; set; } = TimeSpan.FromHours(24);

    /// <summary>A sent event whose time turns out to differ by more than this is corrected. Default 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan CorrectionTolerance { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>A lock that was moving when last heard is lost after this. Default 30 minutes; awake it reports every minute.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "1.00:00:00")]
    public TimeSpan SilentWhenMoving { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>A lock that stood when last heard is lost after this. Default 2 hours; asleep it reports every half hour.</summary>
    [Range(typeof(TimeSpan), "00:30:00", "7.00:00:00")]
    public TimeSpan SilentWhenParked { get; set; } = TimeSpan.FromHours(2);

    public TimeSpan WindowOf(string source) => MatchingWindows.GetValueOrDefault(source, MatchingWindow);
}

[OptionsValidator]
internal sealed partial class JourneyOptionsValidator : IValidateOptions<JourneyOptions>;
