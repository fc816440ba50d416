using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Adapter.Contracts.Transit;
using Adapter.Host.Rehearsal;

namespace Adapter.Integration.Tests.EndToEnd;

/// <summary>The demo journey as customs and Joint Cloud send it.</summary>
internal sealed class DemoLoad
{
    private readonly DateTimeOffset _start = DemoJourney.StartFor(TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(5));

    public DemoLoad() => Pushes = Journey.Telemetry(_start);

    public DemoJourney Journey { get; } = DemoJourney.Load();

    public IReadOnlyList<DemoPush> Pushes { get; }

    public JourneyRegistration Registration => Journey.Registration(_start);

    public string RegistrationJson => JsonSerializer.Serialize(Registration, JsonSerializerOptions.Web);

    public string Subject => "journey:" + Registration.JourneyId;

    /// <summary>Indexes of the pushes that lead to messages: sealed, cut and unsealed, each when it is first told.</summary>
    public IReadOnlyList<int> Happenings =>
    [
        .. Pushes.Select((push, i) => (push, i)).Where(p => p.push.Path != DemoJourney.LocationPath).DistinctBy(p => p.push.Json).Select(p => p.i)
            .Where(i => !Pushes[i].Json.Contains("\"FEndTime\":\"", StringComparison.Ordinal)),
    ];

    /// <summary>Registers and pushes everything to a host in this process.</summary>
    public async Task RunAsync(TestHost host)
    {
        await RegisterAsync(host);
        await PushAsync(host, Pushes);
    }

    public async Task RegisterAsync(TestHost host)
    {
        using var answer = await host.PostAsync("/api/journeys", RegistrationJson);
        // 202: it is on disk and will be processed before what is pushed from now on.
        answer.StatusCode.ShouldBeOneOf([System.Net.HttpStatusCode.OK, System.Net.HttpStatusCode.Accepted], await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public static async Task PushAsync(TestHost host, IEnumerable<DemoPush> pushes)
    {
        foreach (var push in pushes)
        {
            using var answer = await host.PushAsync(push.Path, push.Json);
            answer.EnsureSuccessStatusCode();
        }
    }

    /// <summary>A call to a host that may be gone the next moment; null where it gave no answer.</summary>
    public static async Task<HttpResponseMessage?> TryPostAsync(Uri host, string path, string json, AuthenticationHeaderValue? customs, string? secret)
    {
        using var client = new HttpClient { BaseAddress = host };
        client.DefaultRequestHeaders.Authorization = customs;
        if (secret is not null)
        {
            client.DefaultRequestHeaders.Add(TestHost.SecretHeader, secret);
        }

        try
        {
            return await client.PostAsync(new Uri(path, UriKind.Relative), new StringContent(json, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
