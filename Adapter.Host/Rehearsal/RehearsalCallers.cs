using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Adapter.Contracts.Transit;
using Adapter.Host.Journeys;
using Adapter.Host.Rehearsal.Twins;

namespace Adapter.Host.Rehearsal;

/// <summary>Joint Cloud, customs and the one who steers the twins, as clients of a host that may run anywhere.</summary>
internal sealed class RehearsalCallers : IDisposable
{
    private RehearsalCallers(HttpClient cloud, HttpClient customs, HttpClient twins) => (Cloud, Customs, Twins) = (cloud, customs, twins);

    public HttpClient Cloud { get; }

    public HttpClient Customs { get; }

    public HttpClient Twins { get; }

    public static RehearsalCallers Of(Uri host, Uri twins, string secretHeader, string secret, string key)
    {
        var (cloud, customs) = (new HttpClient { BaseAddress = host }, new HttpClient { BaseAddress = host });
        cloud.DefaultRequestHeaders.Add(secretHeader, secret);
        customs.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return new RehearsalCallers(cloud, customs, new HttpClient { BaseAddress = twins });
    }

    /// <summary>Registers a journey through the admin API, as customs would.</summary>
    /// <exception cref="InvalidOperationException">It was not accepted; the message has the answer.</exception>
    public async Task<string> RegisterAsync(JourneyRegistration registration, CancellationToken cancellationToken)
    {
        using var response = await Customs.PostAsJsonAsync("/api/journeys", registration, JourneyJson.Default.JourneyRegistration, cancellationToken);
        var answer = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode ? answer : throw new InvalidOperationException($"The registration was answered {(int)response.StatusCode}: {answer}");
    }

    /// <summary>What is found of a journey or of a lock on none, in the order in which it was found.</summary>
    /// <param name="path">Where the admin API shows it.</param>
    public async Task<IReadOnlyList<DemoFinding>> FindingsAsync(string path, CancellationToken cancellationToken)
    {
        var shown = await Customs.GetFromJsonAsync<JsonElement>(path, cancellationToken);
        return shown.GetProperty("findings").Deserialize<List<DemoFinding>>(JsonSerializerOptions.Web) ?? [];
    }

    /// <summary>Pushes as Joint Cloud does.</summary>
    public async Task<(int Accepted, int Duplicate)> PushAsync(DemoPush push, CancellationToken cancellationToken)
    {
        using var content = new StringContent(push.Json, Encoding.UTF8, "application/json");
        using var response = await Cloud.PostAsync(push.Path, content, cancellationToken);
        response.EnsureSuccessStatusCode();
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return (answer.GetProperty("accepted").GetInt32(), answer.GetProperty("duplicate").GetInt32());
    }

    public async Task<IReadOnlyList<TwinRecord>> ReceivedAsync(string twin, CancellationToken cancellationToken) =>
        await Twins.GetFromJsonAsync<List<TwinRecord>>($"/received/{twin}", TwinRecord.Json, cancellationToken) ?? [];

    public async Task OrderAsync(string twin, TwinOrder order, CancellationToken cancellationToken)
    {
        using var answer = await Twins.PutAsJsonAsync($"/orders/{twin}", order, TwinRecord.Json, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    public void Dispose()
    {
        Cloud.Dispose();
        Customs.Dispose();
        Twins.Dispose();
    }
}
