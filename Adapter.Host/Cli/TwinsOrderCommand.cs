using System.CommandLine;
using System.Text.Json;
using Adapter.Host.Rehearsal.Twins;

namespace Adapter.Host.Cli;

/// <summary><c>twins order</c>: tells running twins how to behave.</summary>
internal static class TwinsOrderCommand
{
    public static IReadOnlyList<string> Modes { get; } = [.. Enum.GetValues<TwinMode>().Select(mode => JsonSerializer.SerializeToElement(mode, TwinRecord.Json).GetString()!)];

    public static Command Create()
    {
        var twin = new Argument<string>("twin") { Description = $"Which of them: {string.Join(", ", TwinName.All)}." };
        twin.AcceptOnlyFromAmong([.. TwinName.All]);
        var mode = new Argument<string>("mode") { Description = "How it is to behave from now on." };
        mode.AcceptOnlyFromAmong([.. Modes]);
        var seconds = new Option<double>("--seconds") { Description = "How long an answer waits (slow), silence lasts (accept-then-silent), or each phase is (flapping)." };
        var count = new Option<int?>("--count") { Description = "For how many requests; then it is ok again. Default: until the next order." };
        var percent = new Option<int?>("--percent") { Description = "Of how many in a hundred requests. Default: all." };
        var at = AddressOption.Create("--at", "Address of the twins.", "http://127.0.0.1:5090");
        var command = new Command("order", "Tells running twins to be down, slow, refusing and so on.") { twin, mode, seconds, count, percent, at };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var order = new TwinOrder
            {
                Mode = JsonSerializer.Deserialize<TwinMode>($"\"{parsed.GetValue(mode)}\"", TwinRecord.Json),
                Seconds = parsed.GetValue(seconds),
                Count = parsed.GetValue(count),
                Percent = parsed.GetValue(percent),
            };
            if (order.Problem() is { } problem)
            {
                await Console.Error.WriteLineAsync(problem);
                return 1;
            }

            using var client = new HttpClient { BaseAddress = parsed.GetValue(at) };
            try
            {
                using var answer = await client.PutAsJsonAsync($"/orders/{parsed.GetValue(twin)}", order, TwinRecord.Json, cancellationToken);
                var text = await answer.Content.ReadAsStringAsync(cancellationToken);
                await (answer.IsSuccessStatusCode ? Console.Out : Console.Error).WriteLineAsync(text);
                return answer.IsSuccessStatusCode ? 0 : 1;
            }
            catch (HttpRequestException gone)
            {
                await Console.Error.WriteLineAsync($"No twins answer at {client.BaseAddress}: {gone.Message} Start them with 'twins', or name their address with --at.");
                return 1;
            }
        });
        return command;
    }
}
