using System.Net;
using System.Text.Json;
using Adapter.Host.Rehearsal.Twins;
using static Adapter.Host.Rehearsal.Twins.TwinName;

namespace Adapter.Integration.Tests.Rehearsal;

public sealed class TwinLogTests
{
    [Fact]
    public async Task A_restarted_twin_remembers_what_took_effect()
    {
        await using var stage = await TwinStage.StartAsync();
        await stage.SendAsync(Manifest, TwinStage.Soap11, Messages.Seal());
        await stage.SendAsync(Transportation, TwinStage.Soap11, Messages.Trip());

        await stage.RestartAsync();

        (await stage.SendAsync(Manifest, TwinStage.Soap11, Messages.Seal()))["Result"].ShouldBe("DUPLICATE");
        (await stage.SendAsync(Manifest, TwinStage.Soap11, Messages.Seal(sequence: 9)))["Code"].ShouldBe("ID-REUSED");
        (await stage.SendAsync(Transportation, TwinStage.Soap11, Messages.Find()))["State"].ShouldBe("RECORDED");
        await stage.SendAsync(Transportation, TwinStage.Soap11, Messages.Trip());
        stage.Received(Transportation)[^1].Effect.ShouldBe(2);
    }

    [Theory]
    [InlineData("{\"at\":\"2026-07-09T1")]
    [InlineData("{\"at\":\"2026-07-09T1\n")]
    public async Task A_torn_last_line_counts_as_not_received_and_the_next_record_starts_afresh(string torn)
    {
        await using var stage = await TwinStage.StartAsync();
        await stage.SendAsync(Manifest, TwinStage.Soap11, Messages.Seal());
        await stage.RestartAsync(meanwhile: directory =>
        {
            File.AppendAllText(TwinLog.PathOf(directory, Manifest), torn);
            TwinLog.Read(directory, Manifest).Count.ShouldBe(1);
        });

        await stage.SendAsync(Manifest, TwinStage.Soap11, Messages.Seal("fedcba9876543210fedcba9876543210"));

        stage.Received(Manifest).Select(r => r.Effect).ShouldBe([1, 1]);
        File.ReadAllText(TwinLog.PathOf(stage.LogDirectory, Manifest)).Split('\n').Length.ShouldBe(3);
    }

    [Fact]
    public async Task A_damaged_line_in_the_middle_is_reported_with_its_number()
    {
        await using var stage = await TwinStage.StartAsync();
        await stage.SendAsync(Manifest, TwinStage.Soap11, Messages.Seal());
        var copy = Directory.CreateTempSubdirectory("damaged-");
        var line = await File.ReadAllTextAsync(TwinLog.PathOf(stage.LogDirectory, Manifest), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(TwinLog.PathOf(copy.FullName, Manifest), line + "garbage\n" + line, TestContext.Current.CancellationToken);

        var thrown = Should.Throw<InvalidDataException>(() => TwinLog.Read(copy.FullName));

        thrown.Message.ShouldStartWith("Line 2 of ");
        await Should.ThrowAsync<InvalidDataException>(() => TwinHost.StartAsync(new TwinSettings { Directory = copy.FullName }, TestContext.Current.CancellationToken));
        copy.Delete(recursive: true);
    }

    [Fact]
    public async Task The_logs_of_all_twins_are_read_in_the_order_of_time()
    {
        await using var stage = await TwinStage.StartAsync();
        foreach (var twin in new[] { Neighbour, Manifest, Transportation, Manifest })
        {
            await stage.SendAsync(twin, Messages.ContentTypeOf(twin), Messages.For(twin));
        }

        TwinLog.Read(stage.LogDirectory).Select(r => r.Twin).ShouldBe([Neighbour, Manifest, Transportation, Manifest]);
        TwinLog.Read(Path.Combine(stage.LogDirectory, "elsewhere")).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_received_can_be_fetched()
    {
        await using var stage = await TwinStage.StartAsync();
        await stage.SendAsync(Manifest, TwinStage.Soap11, Messages.Seal());

        using var received = JsonDocument.Parse((await stage.GetAsync("/received/manifest")).Text);

        received.RootElement.GetArrayLength().ShouldBe(1);
        received.RootElement[0].GetProperty("messageId").GetString().ShouldBe(Messages.Id);
        (await stage.GetAsync("/received/nobody")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await stage.GetAsync("/health")).Text.ShouldContain("\"manifest\":1");
    }

    [Fact]
    public async Task A_second_set_of_twins_cannot_write_the_same_logs()
    {
        await using var stage = await TwinStage.StartAsync();

        var thrown = await Should.ThrowAsync<IOException>(() => TwinHost.StartAsync(new TwinSettings { Directory = stage.LogDirectory }, TestContext.Current.CancellationToken));

        thrown.Message.ShouldStartWith("Twins are running on ");
    }

    [Fact]
    public async Task The_time_comes_from_the_settings()
    {
        var then = new DateTimeOffset(2026, 7, 9, 12, 0, 0, TimeSpan.Zero);
        await using var stage = await TwinStage.StartAsync(settings => settings with { Time = new Standstill(then) });

        var reply = await stage.SendAsync(Neighbour, TwinStage.Soap12, Messages.Declaration());

        reply["DateTimeString"].ShouldBe("20260709120000Z");
        stage.Received(Neighbour)[0].At.ShouldBe(then);
    }

    private sealed class Standstill(DateTimeOffset at) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => at;
    }
}
