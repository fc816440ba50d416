using System.Text.Json;
using Adapter.Contracts.Transit;

namespace Adapter.Host.Journeys;

/// <summary>Whether two registrations say the same.</summary>
internal static class JourneyComparison
{
    public static bool Same(JourneyRegistration one, JourneyRegistration other) => Canonical(one) == Canonical(other);

    private static string Canonical(JourneyRegistration registration) => JsonSerializer.Serialize(registration, JourneyJson.Default.JourneyRegistration);
}
