using Adapter.Host.Mapping.Versions;
using Adapter.Host.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Adapter.Integration.Tests.Surfaces;

/// <summary>The command line of mapping documents where the walkthrough does not go: what scripts need to rely on.</summary>
public sealed class MappingCommandTests : IDisposable
{
    private const string Sound = """
        { "id": "seal-note", "version": 1, "source": "OutgoingEvent", "target": "soap/transportation-notification",
          "rows": [
            { "to": "@messageId", "is": "message.id" }, { "to": "@sequence", "is": "message.number" },
            { "to": "Occurrence/@kind", "is": "event.kind" }, { "to": "Occurrence/@at", "is": "xsdatetime(event.observedAt)" }, { "to": "Occurrence/@alarm", "is": "event.isAlarm" },
            { "to": "Lock/@number", "is": "event.lock" }
          ] }
        """;

    private const string Event = """
        { "message": { "id": "0123456789abcdef0123456789abcdef", "number": 1, "revision": 1, "destination": "d", "subject": "lock:1", "isWithdrawal": false },
          "event": { "key": "k", "kind": "ROPE_CUT", "isAlarm": true, "observedAt": "2026-03-02T08:15:30+02:00", "receivedAt": "2026-03-02T06:15:41Z", "isLate": false, "clockSuspect": false, LOCK "codes": [] } }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mapping-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sound_document_is_passed_over_in_silence_and_a_file_that_is_not_there_is_not_possible()
    {
        await WriteAsync("document.json", Sound);

        (await RunAsync("mapping lint document.json")).ShouldBe("exit code 0\n");
        (await RunAsync("mapping lint nowhere.json")).ShouldBe("There is no mapping document nowhere.json.\nexit code 2\n");
    }

    [Fact]
    public async Task All_mistakes_of_all_documents_are_lines_that_editors_follow()
    {
        await WriteAsync("a.json", Sound.Replace("event.kind", "event.kint", StringComparison.Ordinal));
        await WriteAsync("b.json", Sound.Replace("soap/transportation", "soap/transport", StringComparison.Ordinal));

        var lines = (await RunAsync("mapping lint a.json b.json")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        lines[0].ShouldBe("a.json:4:46: mapping.unknown-source: There is no 'kint' in EventInfo. (row Occurrence/@kind) Did you mean 'kind'?");
        lines[1].ShouldStartWith("b.json:1:74: mapping.unknown-target: There is no target 'soap/transport-notification'. ");
        lines[^1].ShouldBe("exit code 1");
    }

    [Fact]
    public async Task A_preview_of_an_event_that_cannot_be_told_names_the_row_and_fails()
    {
        await WriteAsync("document.json", Sound);
        await WriteAsync("whole.json", Event.Replace("LOCK", "\"lock\": \"1\",", StringComparison.Ordinal));
        await WriteAsync("without.json", Event.Replace("LOCK", "", StringComparison.Ordinal));

        (await RunAsync("mapping preview document.json whole.json")).ShouldStartWith("<TripEvent messageId=\"0123456789abcdef0123456789abcdef\"");
        (await RunAsync("mapping preview document.json without.json")).ShouldBe(
            "document.json:5:5: mapping.value-missing: 'event.lock' has no value, and Lock/@number cannot go without. (row Lock/@number) Complete the data, or give the row a \"missing\" rule.\nexit code 1\n");
    }

    [Theory]
    [InlineData("mapping rehearse document.json")]
    [InlineData("mapping export seal-note --out out")]
    public async Task A_store_that_is_not_there_is_not_made(string command)
    {
        await WriteAsync("document.json", Sound);

        (await RunAsync($"{command} \"--Storage:ConnectionString=Data Source=missing.db\"")).ShouldEndWith("missing.db. Give the host's own --Storage:ConnectionString.\nexit code 2\n");

        File.Exists(Path.Combine(_folder.FullName, "missing.db")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_rehearsal_on_nothing_is_no_success_and_the_same_import_again_is_no_new_version()
    {
        await using var host = await TestHost.StartAsync(new TestHostOptions { WithTwins = false });
        var store = $"\"--Storage:ConnectionString=Data Source={host.PathOf("store.db")}\"";
        await WriteAsync("document.json", Sound);
        await WriteAsync("spaced.json", Sound.Replace("\"version\": 1", "\"version\":   7", StringComparison.Ordinal));

        (await RunAsync($"mapping rehearse document.json {store}")).ShouldEndWith("Nothing was tried: the store has no messages of seal-note there. --like names a document that has made some.\nexit code 2\n");
        (await RunAsync($"mapping import document.json {store}")).ShouldBe("seal-note version 1 is in the store as a checked draft.\nexit code 0\n");
        (await RunAsync($"mapping import spaced.json {store}")).ShouldBe("seal-note version 1 (checked) says the same; the store is as it was.\nexit code 0\n");
        await WriteAsync("document.json", Sound.Replace("event.lock", "upper(event.lock)", StringComparison.Ordinal));
        (await RunAsync($"mapping import document.json {store}")).ShouldBe("seal-note version 2 is in the store as a checked draft.\nexit code 0\n");

        (await host.Services.GetRequiredService<IMappingStore>().ListAsync("seal-note", Cancel)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Who_wrote_what_is_imported_cannot_approve_it()
    {
        await using var host = await TestHost.StartAsync(new TestHostOptions { WithTwins = false });
        var store = $"\"--Storage:ConnectionString=Data Source={host.PathOf("store.db")}\"";
        await WriteAsync("document.json", Sound);
        await RunAsync($"key add mary --role mapper --role approver {store}");
        await RunAsync($"key add max --role mapper {store}");
        var mappings = host.Services.GetRequiredService<IMappingStore>();

        (await RunAsync($"mapping import document.json --by nobody {store}")).ShouldBe("The store knows no principal nobody who may still act. 'key add' makes one; without --by the command line is the author.\nexit code 1\n");
        (await mappings.ListAsync("seal-note", Cancel)).ShouldBeEmpty();
        (await RunAsync($"mapping import document.json --by mary {store}")).ShouldBe("seal-note version 1 is in the store as a checked draft.\nexit code 0\n");

        var imported = (await mappings.ListAsync("seal-note", Cancel)).ShouldHaveSingleItem();
        imported.Authors.ShouldBe(["mary"]);
        var max = new Actor("max");
        var rehearsed = (await mappings.RehearsedAsync("seal-note", 1, imported.Revision, "{}", max, Cancel)).ShouldBeOfType<MappingMove.Done>().Version;
        var submitted = (await mappings.MoveAsync("seal-note", 1, rehearsed.Revision, MappingStep.Submit, max, "ready", Cancel)).ShouldBeOfType<MappingMove.Done>().Version;
        (await mappings.MoveAsync("seal-note", 1, submitted.Revision, MappingStep.Approve, new Actor("mary"), "mine", Cancel)).ShouldBeOfType<MappingMove.NotPossible>().Why.ShouldStartWith("mary wrote");
    }

    [Fact]
    public async Task A_wrong_document_does_not_bring_its_target_into_the_store()
    {
        await using var host = await TestHost.StartAsync(new TestHostOptions { WithTwins = false });
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "target"));
        await WriteAsync("target/target.json", """{ "name": "own/note", "root": "{urn:own}Note" }""");
        await WriteAsync("target/note.xsd", """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:own"><xs:element name="Note" type="xs:string"/></xs:schema>""");
        await WriteAsync("document.json", """{ "id": "own-note", "version": 1, "source": "OutgoingEvent", "target": "own/note", "rows": [ { "to": "Nothing", "is": "event.kind" } ] }""");

        (await RunAsync($"mapping import document.json --target target \"--Storage:ConnectionString=Data Source={host.PathOf("store.db")}\"")).ShouldEndWith("exit code 1\n");

        (await host.Services.GetRequiredService<IMappingStore>().TargetsAsync(Cancel)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Asia/Karachi", "fr_FR.UTF-8")]
    [InlineData("America/St_Johns", "ar_SA.UTF-8")]
    public async Task Attack_81_zone_and_language_of_the_machine_change_no_byte(string zone, string language)
    {
        await WriteAsync("document.json", Sound.Replace("\"event.lock\"", "\"concat(xsdatetime(event.receivedAt), ' ', fixed(message.number, 2), ' ', upper('i'))\"", StringComparison.Ordinal));
        await WriteAsync("event.json", Event.Replace("LOCK", "", StringComparison.Ordinal));

        var there = await CommandLine.RunAsync(
            _folder.FullName, "mapping preview document.json event.json", Cancel, new() { ["TZ"] = zone, ["LANG"] = language, ["LC_ALL"] = language, ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "0" });

        there.ShouldBe(await RunAsync("mapping preview document.json event.json"));
        there.ShouldContain("at=\"2026-03-02T06:15:30Z\"");
        there.ShouldContain("number=\"2026-03-02T06:15:41Z 1.00 I\"");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private Task<string> RunAsync(string arguments) => CommandLine.RunAsync(_folder.FullName, arguments, Cancel);

    private Task WriteAsync(string file, string text) => File.WriteAllTextAsync(Path.Combine(_folder.FullName, file), text, Cancel);
}
