using System.Text.Json;
using Adapter.Contracts.Telemetry;

namespace Adapter.Contracts.Tests.Telemetry;

public sealed class LockIdTests
{
    [Theory]
    [InlineData("8022300001")]
    [InlineData("0022300001")]
    [InlineData("802230000112")]
    [InlineData("قفل-7 x")]
    public void A_lock_id_is_kept_as_the_source_writes_it(string text)
    {
        var id = LockId.Parse(text);

        id.ToString().ShouldBe(text);
        JsonSerializer.Deserialize<LockId>(JsonSerializer.Serialize(id)).ShouldBe(id);
    }

    [Fact]
    public void Sixty_four_characters_are_a_lock_id_and_one_more_is_not()
    {
        LockId.TryParse(new string('8', 64), out _).ShouldBeTrue();
        LockId.TryParse(new string('8', 65), out var none).ShouldBeFalse();
        none.ShouldBeNull();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("80\n22")]
    public void An_empty_text_or_a_control_character_is_no_lock_id(string? text)
    {
        LockId.TryParse(text, out _).ShouldBeFalse();
        Should.Throw<FormatException>(() => LockId.Parse(text!)).Message.ShouldContain("1 to 64");
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<LockAssignmentLike>($$"""{"Lock":{{JsonSerializer.Serialize(text ?? "")}}}"""));
    }

    private sealed record LockAssignmentLike(LockId Lock);
}
