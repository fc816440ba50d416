using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Adapter.Integration.Tests.Surfaces;

/// <summary>Does what the walkthrough says, line by line, and holds it to what it shows.</summary>
public sealed partial class WalkthroughTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_walkthrough_does_what_it_says()
    {
        var folder = Directory.CreateTempSubdirectory("walkthrough-");
        await using var host = await TestHost.StartAsync();
        using var mapper = await host.ClientOfAsync("mapper-1", "mapper");
        using var approver = await host.ClientOfAsync("approver-1", "approver");
        var load = new EndToEnd.DemoLoad();
        await load.RunAsync(host);
        await Eventually.HoldsAsync(() => host.Received("manifest").Count > 2, "there is traffic to rehearse on");

        var output = "";
        var (commands, calls) = (0, 0);
        foreach (var block in Blocks(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "WALKTHROUGH.md"), Cancel)))
        {
            switch (block.Language)
            {
                case "json" or "xml":
                    var path = Path.Combine(folder.FullName, block.File.ShouldNotBeNull());
                    Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                    await File.WriteAllTextAsync(path, block.Text, Cancel);
                    break;
                case "sh":
                    foreach (var line in block.Text.Trim().Split('\n'))
                    {
                        line.ShouldStartWith("customstransit ");
                        var store = $"\"--Storage:ConnectionString=Data Source={host.PathOf("store.db")}\"";
                        output = await CommandLine.RunAsync(folder.FullName, line["customstransit ".Length..].Replace("$STORE", store, StringComparison.Ordinal), Cancel);
                        output.ShouldEndWith(commands == 0 ? "exit code 1\n" : "exit code 0\n");
                        commands++;
                    }

                    break;
                case "text":
                    output.ShouldBe(block.Text);
                    break;
                case "http":
                    var call = Call().Match(block.Text);
                    call.Success.ShouldBeTrue(block.Text);
                    await CallAsync(host, call.Groups["role"].Value == "approver" ? approver : mapper, call);
                    calls++;
                    break;
            }
        }

        (commands, calls).ShouldBe((9, 5));
        (await host.GetAsync("/api/mappings?document=police-incident")).EnumerateArray().ShouldHaveSingleItem().GetProperty("state").GetString().ShouldBe("live");
        folder.Delete(recursive: true);
    }

    private static async Task CallAsync(TestHost host, HttpClient client, Match call)
    {
        using var body = new StringContent(call.Groups["body"].Value, Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(new Uri(call.Groups["path"].Value, UriKind.Relative), body, Cancel);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        ((int)answer.StatusCode).ShouldBe(int.Parse(call.Groups["status"].Value, CultureInfo.InvariantCulture), text);
        if (answer.StatusCode == System.Net.HttpStatusCode.Accepted)
        {
            using var started = JsonDocument.Parse(text);
            var id = started.RootElement.GetProperty("id").GetString();
            var done = await Eventually.GetAsync(() => host.GetAsync($"/api/rehearsals/{id}"), r => r.GetProperty("state").GetString() != "running");
            var report = done.GetProperty("report");
            report.GetProperty("messages").GetInt64().ShouldBeGreaterThan(2);
            report.GetProperty("newlyPassing").GetInt64().ShouldBe(report.GetProperty("messages").GetInt64());
        }
    }

    private static IEnumerable<(string Language, string? File, string Text)> Blocks(string page)
    {
        string? file = null;
        string? language = null;
        var text = new StringBuilder();
        foreach (var line in page.ReplaceLineEndings("\n").Split('\n'))
        {
            if (language is null && line.StartsWith("```", StringComparison.Ordinal))
            {
                language = line[3..];
                text.Clear();
            }
            else if (line == "```")
            {
                yield return (language!, file, text.ToString());
                (language, file) = (null, null);
            }
            else if (language is not null)
            {
                text.Append(line).Append('\n');
            }
            else if (FileName().Match(line) is { Success: true } named)
            {
                file = named.Groups["file"].Value;
            }
        }
    }

    [GeneratedRegex("^`(?<file>[a-z./]+)`:$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FileName();

    [GeneratedRegex(@"^POST (?<path>\S+) \((?<role>\w+)\) (?<status>\d+)\n(?<body>.*)$", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Call();
}
